"""The pairs worth comparing: those that agree in something rare enough.

200,000 rows against 200,000 are 40,000,000,000 pairs; those that share a number, a phone, a room, or a name and a year
are a few million, and among them is nearly everyone who is the same. A value that hundreds share (a phone of the
village office, 1 January) is no reason to compare all of them, so a pass never makes more than `_BLOCK` pairs a row.
"""

from dataclasses import dataclass, field

import numpy as np

from gis.people.matching.columns import NONE
from gis.people.matching.description import Pass
from gis.people.matching.reading import Sides

#: So many known rows may share a key.
_BLOCK = 60


@dataclass
class Pairs:
    """`one` and `other` are rows of the columns; `crowded` counts by pass the rows whose key too many share."""

    one: np.ndarray
    other: np.ndarray
    crowded: dict[str, int] = field(default_factory=dict)


def pair(sides: Sides, most: int = _BLOCK) -> Pairs:
    """All pairs of all passes, each once, by row and known row."""
    crowded: dict[str, int] = {}
    every = _each_once([_step(sides, step, most, np.arange(sides.asked), crowded) for step in sides.description.passes])
    if sides.description.last:
        alone = np.setdiff1d(np.arange(sides.asked), every >> 32)
        more = [_step(sides, step, most, alone, crowded) for step in sides.description.last]
        every = _each_once([every, *more])
    return Pairs(every >> 32, every & 0xFFFFFFFF, {name: count for name, count in crowded.items() if count})


def _step(sides: Sides, step: Pass, most: int, rows: np.ndarray, crowded: dict[str, int]) -> np.ndarray:
    """The pairs of a pass for some of the rows."""
    packed, left = _of_pass(sides, step.by, most, rows)
    if step.finer and len(left):
        more, left = _of_pass(sides, step.by + step.finer, most, left)
        packed = np.concatenate([packed, more])
    crowded[" + ".join(step.by)] = len(left)
    return packed


def _each_once(found: list[np.ndarray]) -> np.ndarray:
    every = np.concatenate([*found, np.zeros(0, np.int64)])
    every.sort()
    return every[np.diff(every, prepend=-1) > 0]


def _of_pass(sides: Sides, facets: tuple[str, ...], most: int, rows: np.ndarray):
    """Pairs, packed in one number each, and the asked rows left over because too many known ones share their key."""
    key = _keys(sides, facets)
    asked = rows[key[rows] != NONE]
    known = sides.start + np.flatnonzero(key[sides.start :] != NONE)
    known = known[np.argsort(key[known], kind="stable")]
    low = np.searchsorted(key[known], key[asked], "left")
    count = np.searchsorted(key[known], key[asked], "right") - low
    few = count <= most
    pairs = _spread(asked[few], known, low[few], count[few])
    if not sides.start:  # a sheet beside itself: each pair once
        pairs = pairs[(pairs >> 32) < (pairs & 0xFFFFFFFF)]
    return pairs, asked[~few]


def _spread(asked: np.ndarray, known: np.ndarray, low: np.ndarray, count: np.ndarray) -> np.ndarray:
    one = np.repeat(asked, count)
    within = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return (one << 32) | known[np.repeat(low, count) + within]


def _keys(sides: Sides, facets: tuple[str, ...]) -> np.ndarray:
    """One number for each row, -1 where a facet is not given."""
    key = np.zeros(len(sides.facet(facets[0])), np.int64)
    given = np.ones(len(key), bool)
    for name in facets:
        part = sides.facet(name)
        given &= part != NONE
        key = key * 0x5851F42D4C957F2D + part  # wraps; two keys of 64 bits that meet by chance cost one comparison
    return np.where(given, key & 0x7FFFFFFFFFFFFFFF, NONE)
