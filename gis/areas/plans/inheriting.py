"""What becomes of the cells in force when the communities around them are drawn anew: pure functions over tiles.

A cell lies in one community. A new border that runs through a cell leaves a *part* of it on either side. A part with a
third or more of the cell's load stands as a cell of its own; a smaller one joins the cell beside it, in its community,
that it borders on longest.
"""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import pieces
from gis.areas.plans.borders import sums
from gis.areas.plans.drawing import NO_CELL
from gis.areas.plans.ground import Ground
from gis.areas.plans.tiles import settled

#: A part with a smaller share of its cell's load joins another cell.
STANDS = 1 / 3
_NONE = -1


@dataclass(frozen=True)
class Parts:
    """The cells to be. `part` is the row of each tile, −1 on ground of no community."""

    part: np.ndarray  # n ints
    community: np.ndarray  # k ints: number of the plan cell it lies in
    cell: np.ndarray  # k ints: row of the cell in force whose part it is, −1 where there was none

    def __len__(self) -> int:
        return len(self.community)


def parts_of(ground: Ground, community: np.ndarray, cell: np.ndarray, load: np.ndarray) -> Parts:
    """The cells to be of tiles. `community`: the number each lies in (NO_CELL: none); `cell`: the row of its cell in
    force (−1: none); `load`: what counts, by tile; where a cell has none of it, its ground counts.
    """
    inside = np.flatnonzero(community != NO_CELL)
    pairs, group = np.unique(np.column_stack([community[inside], cell[inside]]), axis=0, return_inverse=True)
    group = group.ravel()
    area, count = ground.area[inside], len(pairs)
    weight = _weights(pairs[:, 1], np.bincount(group, load[inside], count), np.bincount(group, area, count))
    stands = _with_one_each(pairs[:, 0], (weight >= STANDS) & (pairs[:, 1] != _NONE), np.bincount(group, area, count))
    of = np.full(len(community), _NONE)
    of[inside] = group
    joined = _joined(ground, community, of, stands, np.bincount(group, area, count), pairs[:, 0])
    kept, part = np.unique(joined[inside], return_inverse=True)
    of[inside] = part.ravel()
    return Parts(of, pairs[kept, 0], pairs[kept, 1])


def main_heir(of: np.ndarray, to: np.ndarray, load: np.ndarray, area: np.ndarray, count: int) -> list[dict[int, float]]:
    """Where each of `count` old areas went: number of the new one → its share of the load (of the ground, where there
    was no load), the largest first. `of` and `to`: old row (−1: none) and new number of each tile.
    """
    inside = of != _NONE
    pairs, group = np.unique(np.column_stack([of[inside], to[inside]]), axis=0, return_inverse=True)
    sizes = [np.bincount(group.ravel(), values[inside], len(pairs)) for values in (load, area)]
    share = _weights(pairs[:, 0], *sizes)
    found: list[dict[int, float]] = [{} for _ in range(count)]
    for row in sorted(range(len(pairs)), key=lambda row: (-share[row], pairs[row, 1])):
        found[pairs[row, 0]][int(pairs[row, 1])] = float(share[row])
    return found


def _weights(cell: np.ndarray, load: np.ndarray, area: np.ndarray) -> np.ndarray:
    """The share of its cell's load that each group has."""
    row = np.unique(cell, return_inverse=True)[1].ravel()
    total, ground = np.bincount(row, load)[row], np.bincount(row, area)[row]
    return np.where(total > 0, load / np.where(total > 0, total, 1), area / np.maximum(ground, 1e-9))


def _with_one_each(community: np.ndarray, stands: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Where no part of a community stands, its largest one does."""
    stands = stands.copy()
    for one in np.unique(community):
        mine = np.flatnonzero(community == one)
        if not stands[mine].any():
            stands[mine[np.argmax(area[mine])]] = True
    return stands


def _joined(ground: Ground, community, of, stands, area, community_of) -> np.ndarray:
    """The group of each tile after small parts, each piece of ground by itself, have joined another group."""
    piece = pieces(ground, of[ground.first] == of[ground.second])
    group = np.full(piece.max(initial=-1) + 1, _NONE)
    group[piece] = of
    name = np.where((group != _NONE) & ~stands[group], _NONE, group)
    open_ = group == _NONE  # ground of no community: neither joins nor is joined
    name[open_] = len(stands)
    name = np.append(name, len(stands))  # so that names given to islands are no group's
    same = (community[ground.first] == community[ground.second]) & (piece[ground.first] != piece[ground.second])
    first, second = np.sort([piece[ground.first[same]], piece[ground.second[same]]], axis=0)
    name = settled(name, *sums(first, second, ground.length[same]))[:-1]
    alone = ~open_ & (name >= len(stands))  # an island: with the largest part of its community
    name[alone] = [_largest(community_of, community_of[one], stands, area) for one in group[alone]]
    name[open_] = _NONE
    return name[piece]


def _largest(community_of: np.ndarray, community: int, stands: np.ndarray, area: np.ndarray) -> int:
    mine = np.flatnonzero((community_of == community) & stands)
    return int(mine[np.argmax(area[mine])])
