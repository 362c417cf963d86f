"""Distinct names and where their pairs occur: of characters, of syllables, of initials. Arrays only."""

from dataclasses import dataclass

import numpy as np

from gis.places.search.sounds import readings

#: The kinds of grams; each is found by a number of 62 bits and its kind in the two highest.
CHARACTERS, SYLLABLES, INITIALS = range(3)
_KINDS = 3


@dataclass(frozen=True)
class Names:
    """Names by number: their code points in one row, and the names of every gram."""

    points: np.ndarray  # uint32: the code points of all names, one after the other
    starts: np.ndarray  # int64, n + 1: where each begins in `points`
    grams: np.ndarray  # uint64, sorted
    weights: np.ndarray  # float32: how rare each gram is
    holders: np.ndarray  # uint32: the names of every gram, one gram after the other
    spans: np.ndarray  # int64: where the names of each gram begin in `holders`
    masses: np.ndarray  # float32, kinds × n: the weight of all grams of a name

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, number: int) -> str:
        return self.points[self.starts[number] : self.starts[number + 1]].tobytes().decode("utf-32-le")

    def weights_of(self, points: np.ndarray) -> np.ndarray:
        """How rare single characters are; what occurs in no name is as rare as can be."""
        return self._weights(_keys(CHARACTERS, points, np.zeros_like(points)))

    def _weights(self, keys: np.ndarray) -> np.ndarray:
        rarest = np.float32(np.log(1 + max(len(self), 1)))
        if not len(self.grams):
            return np.full(len(keys), rarest)
        at = np.minimum(np.searchsorted(self.grams, keys), len(self.grams) - 1)
        return np.where(self.grams[at] == keys, self.weights[at], rarest)

    def likeness(self, points: np.ndarray, syllables: np.ndarray, initials: np.ndarray) -> np.ndarray:
        """How much of each name a text holds, squared over what the name has: high where much of a long one fits.

        The text comes as code points, syllables and initials of its characters, 0 where there is none to compare.
        """
        total = np.zeros(len(self), np.float32)
        rows = ((points, 0.5), (syllables, 0.5), (initials, 0.8))
        for kind, (row, share) in enumerate(rows):
            held = self._held(_grams(kind, row))
            total += share * held * held / np.maximum(self.masses[kind], 1e-6)
        return total

    def _held(self, keys: np.ndarray) -> np.ndarray:
        if not len(keys) or not len(self.grams):
            return np.zeros(len(self), np.float32)
        at = np.minimum(np.searchsorted(self.grams, keys), len(self.grams) - 1)
        at = np.unique(at[self.grams[at] == keys])
        lengths = self.spans[at + 1] - self.spans[at]
        holders = np.concatenate([self.holders[self.spans[i] : self.spans[i + 1]] for i in at] or [self.holders[:0]])
        return np.bincount(holders, np.repeat(self.weights[at], lengths), len(self)).astype(np.float32)


def _keys(kind: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (np.uint64(kind) << np.uint64(62)) | (first.astype(np.uint64) << np.uint64(31)) | second.astype(np.uint64)


def _grams(kind: int, row: np.ndarray) -> np.ndarray:
    """The grams of one text: pairs, and single ones but for initials, which fit nearly everywhere."""
    single = row[row > 0]
    pairs = (row[:-1] > 0) & (row[1:] > 0)
    keys = [_keys(kind, row[:-1][pairs], row[1:][pairs])]
    if kind != INITIALS:
        keys.append(_keys(kind, single, np.zeros_like(single)))
    return np.unique(np.concatenate(keys))


def lay_names(names: list[str]) -> Names:
    """The arrays of distinct names."""
    points = np.frombuffer("".join(names).encode("utf-32-le"), np.uint32)
    lengths = np.array([len(name) for name in names], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    owners = np.repeat(np.arange(len(names), dtype=np.uint32), lengths)
    keys, holders = _all_grams(points.astype(np.int64), owners)
    order = np.lexsort((holders, keys))
    keys, holders = keys[order], holders[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (holders[1:] != holders[:-1])
    keys, holders = keys[new], holders[new]
    grams, firsts, counts = np.unique(keys, return_index=True, return_counts=True)
    weights = np.log1p(len(names) / counts).astype(np.float32)
    masses = np.zeros((_KINDS, len(names)), np.float32)
    kinds = (keys >> np.uint64(62)).astype(np.int64)
    each = np.repeat(weights, counts)
    for kind in range(_KINDS):
        masses[kind] = np.bincount(holders[kinds == kind], each[kinds == kind], len(names))
    return Names(points, starts, grams, weights, holders, np.append(firsts, len(keys)).astype(np.int64), masses)


def _all_grams(points: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    syllables, initials = readings(points)
    syllables2, initials2 = readings(points, 1)
    together = owners[:-1] == owners[1:] if len(owners) else np.zeros(0, bool)
    keys, holders = [], []
    pairs = (
        (CHARACTERS, points, points),
        (SYLLABLES, syllables, syllables),
        (SYLLABLES, syllables2, syllables),
        (SYLLABLES, syllables, syllables2),
        (INITIALS, initials, initials),
        (INITIALS, initials2, initials),
        (INITIALS, initials, initials2),
    )
    for kind, first, second in pairs:
        both = together & (first[:-1] > 0) & (second[1:] > 0)
        keys.append(_keys(kind, first[:-1][both], second[1:][both]))
        holders.append(owners[:-1][both])
    for kind, row in ((CHARACTERS, points), (SYLLABLES, syllables), (SYLLABLES, syllables2)):
        keys.append(_keys(kind, row[row > 0], np.zeros(int((row > 0).sum()), np.int64)))
        holders.append(owners[row > 0])
    return np.concatenate(keys), np.concatenate(holders)
