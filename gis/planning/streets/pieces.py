"""The communities that streets would consist of: what of each community lies in which street. Pure."""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.ground import Ground
from gis.areas.plans.tiles import settled

NONE = -1


@dataclass(frozen=True)
class Pieces:
    """`of` is the piece of each tile, −1 on ground of no street or of no community; `joined` of those that had none."""

    of: np.ndarray
    community: np.ndarray  # row of the community each piece is named after
    street: np.ndarray  # number of the plan cell it lies in
    joined: list[tuple[int, int, float]]  # row of a community, piece that a part of it joins, m²

    def __len__(self) -> int:
        return len(self.community)


def pieces(ground: Ground, street: np.ndarray, community: np.ndarray, load: np.ndarray) -> Pieces:
    """Cut communities (row by tile, −1 none) along streets (number by tile, 0 none).

    A part of a community that is cut joins the piece beside it in its street, the one with the longest common border,
    where nobody lives on it and somebody does on another part; of one where nobody lives at all the largest part goes
    on. What has no neighbour in its street stays for itself.
    """
    inside = (street > 0) & (community >= 0)
    pairs, of = np.unique(np.column_stack([street, community])[inside], axis=0, return_inverse=True)
    part = np.full(len(street), NONE)
    part[inside] = of.reshape(-1)
    stays = _stays(pairs, part, load, ground.area)
    end = _with_neighbours(ground, part, stays, street)
    joined = [
        (int(pairs[one, 1]), int(end[one]), float(ground.area[part == one].sum()))
        for one in range(len(pairs))
        if end[one] != one
    ]
    kept, number = np.unique(end, return_inverse=True)
    of_tile = np.full(len(street), NONE)
    of_tile[inside] = number[part[inside]]
    place = {int(one): row for row, one in enumerate(kept)}
    joined = [(row, place[to], m2) for row, to, m2 in joined]
    return Pieces(of_tile, pairs[kept, 1], pairs[kept, 0], joined)


def _stays(pairs: np.ndarray, part: np.ndarray, load: np.ndarray, area: np.ndarray) -> np.ndarray:
    """A mask of the parts that are communities of their own."""
    inside = part >= 0
    homes = np.bincount(part[inside], load[inside], len(pairs))
    size = np.bincount(part[inside], area[inside], len(pairs))
    stays = homes > 0
    for community in np.unique(pairs[:, 1]):
        mine = np.flatnonzero(pairs[:, 1] == community)
        if not stays[mine].any():
            stays[mine[np.argmax(size[mine])]] = True
    return stays


def _with_neighbours(ground: Ground, part: np.ndarray, stays: np.ndarray, street: np.ndarray) -> np.ndarray:
    """The part that each becomes one with: itself where it stays, or where no other one of its street is beside it."""
    name = np.where(stays, np.arange(len(stays)), NONE)
    one, other = part[ground.first], part[ground.second]
    beside = (one >= 0) & (other >= 0) & (one != other) & (street[ground.first] == street[ground.second])
    pairs, row = np.unique(np.sort(np.column_stack([one, other])[beside], axis=1), axis=0, return_inverse=True)
    length = np.bincount(row.reshape(-1), ground.length[beside], len(pairs))
    reached = _reached(name, pairs)
    name = np.where(reached, name, np.arange(len(name)))
    return settled(name, pairs[:, 0], pairs[:, 1], length)


def _reached(name: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Which parts are, or touch through others, one that stays."""
    reached = name >= 0
    while True:
        wider = reached.copy()
        np.logical_or.at(wider, pairs[:, 0], reached[pairs[:, 1]])
        np.logical_or.at(wider, pairs[:, 1], reached[pairs[:, 0]])
        if (wider == reached).all():
            return reached
        reached = wider
