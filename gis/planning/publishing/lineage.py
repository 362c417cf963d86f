"""What became of each cell that changed: pure arithmetic over outlines and over the buildings between them."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.cell import Lineage

#: A smaller share of a cell's ground is the noise of coordinates.
LEAST_SHARE = 1e-5


@dataclass(frozen=True)
class Link:
    """`before` and `after` are indices. The shares are of what `before` had: its ground, its households."""

    before: int
    after: int
    kind: str
    share_area: float
    share_households: float


def link(before: np.ndarray, after: np.ndarray, moves: np.ndarray) -> list[Link]:
    """The links between outlines of before and after (object arrays of one CRS).

    `moves[i, j]` is how many households of the i-th before are in buildings of the j-th after. Where a cell had no
    household, the share of its ground stands for theirs, so that shares always add up to one.
    """
    area = _common_area(before, after)
    whole = shapely.area(before)[:, None]
    share = np.divide(area, whole, out=np.zeros_like(area), where=whole > 0)
    had = moves.sum(axis=1, keepdims=True)
    homes = np.where(had > 0, moves / np.maximum(had, 1), share)
    first, second = np.nonzero((share > LEAST_SHARE) | ((moves > 0) & (had > 0)))
    kinds = kinds_of_pairs(first, second)
    return [
        Link(int(i), int(j), kind, float(min(share[i, j], 1.0)), float(homes[i, j]))
        for i, j, kind in zip(first, second, kinds, strict=True)
    ]


def _common_area(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    area = np.zeros((len(before), len(after)))
    if area.size:
        first, second = shapely.STRtree(after).query(before, predicate="intersects")
        area[first, second] = shapely.area(shapely.intersection(before[first], after[second]))
    return area


def kinds_of_pairs(first: np.ndarray, second: np.ndarray) -> list[str]:
    """One to one is a successor, one to several a split, several to one a merge, anything else redistributed ground."""
    parts = np.bincount(first) if len(first) else np.zeros(0, dtype=int)
    origins = np.bincount(second) if len(second) else np.zeros(0, dtype=int)
    group = _groups(first, second)
    befores, afters = _members(first, group), _members(second, group)
    rows = zip(befores[group], afters[group], parts[first], origins[second], strict=True)
    return [_kind(*map(int, row)) for row in rows]


def _members(ends: np.ndarray, group: np.ndarray) -> np.ndarray:
    """How many outlines of one side each group has: every one is in a single group."""
    _, once = np.unique(ends, return_index=True)
    return np.bincount(group[once], minlength=len(group))


def _kind(befores: int, afters: int, parts: int, origins: int) -> str:
    if parts == origins == 1:
        return Lineage.Kind.SUCCESSOR
    if befores == 1:
        return Lineage.Kind.SPLIT
    return Lineage.Kind.MERGE if afters == 1 else Lineage.Kind.REDISTRIBUTE


def _groups(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A number for each pair: the same where pairs hang together."""
    group = np.arange(len(first))
    while True:
        least = np.full((2, max([*first, *second], default=0) + 1), len(first))
        np.minimum.at(least[0], first, group)
        np.minimum.at(least[1], second, group)
        now = np.minimum(least[0][first], least[1][second])
        if (now == group).all():
            return group
        group = now
