"""Blocks: the ground between barriers, each of which is divided into whole cells."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis.areas.plans.borders import sums
from gis.areas.plans.ground import Between, Ground
from gis.areas.plans.wish import Wish

#: A block whose cells would on average be further from the target than this share of the tolerance joins a neighbour.
_SPARE = 0.8


@dataclass(frozen=True)
class Blocks:
    """`natural`: the block of each tile as barriers leave it. `joined`: after awkward ones joined a neighbour."""

    natural: np.ndarray
    joined: np.ndarray

    def gates(self, ground: Ground) -> np.ndarray:
        """A mask of the borders over which one can stay in a cell: no barrier, or one that parts two joined pieces."""
        apart = self.natural[ground.first] != self.natural[ground.second]
        return (ground.between != Between.MAJOR) | apart


@dataclass(frozen=True)
class Enclosures:
    """What barriers enclose, with all that joining them needs: the same for every target."""

    natural: np.ndarray  # of each tile the enclosure it lies in, from 0
    load: np.ndarray  # of each enclosure
    beside: list[dict[int, float]]  # of each its neighbours and the metres of barrier between them

    def joined(self, wish: Wish) -> np.ndarray:
        """The block of each tile, from 0. An enclosure that no number of cells fits joins its longest neighbour.

        Example: with a target of 300 a piece of 420 households is too much for one cell and too little for two.
        """
        if wish.strict or len(self.load) < 2:
            return self.natural
        return np.unique(_join(self, wish)[self.natural], return_inverse=True)[1]


def enclosures(ground: Ground, load: np.ndarray) -> Enclosures:
    """The pieces of the ground that can be walked through without crossing a barrier."""
    natural = pieces(ground, ground.between != Between.MAJOR)
    return Enclosures(natural, np.bincount(natural, load), _beside(natural, ground))


def blocks(ground: Ground, load: np.ndarray, wish: Wish) -> Blocks:
    """What is divided into whole cells."""
    found = enclosures(ground, load)
    return Blocks(found.natural, found.joined(wish))


def pieces(ground: Ground, open_: np.ndarray) -> np.ndarray:
    """The connected piece of each tile (n ints) over the borders of a mask."""
    links = (np.ones(open_.sum()), (ground.first[open_], ground.second[open_]))
    return connected_components(coo_array(links, shape=(len(ground), len(ground))), directed=False)[1]


def ferried(ground: Ground) -> Ground:
    """The same ground with its islands linked to the nearest tile of the rest, over a barrier of no length.

    An outline in several parts has tiles that border on none of the others; homes on an island too small for a cell
    belong to one on the mainland.
    """
    part = pieces(ground, np.full(len(ground.first), True))
    ends: list[tuple[int, int]] = []
    while part.max(initial=0) > 0:
        here = part == np.argmin(np.bincount(part))
        distance, near = cKDTree(ground.middle[~here]).query(ground.middle[here])
        one = np.flatnonzero(here)[np.argmin(distance)]
        other = np.flatnonzero(~here)[near[np.argmin(distance)]]
        ends.append((min(one, other), max(one, other)))
        part = np.unique(np.where(here, part[other], part), return_inverse=True)[1]
    first, second = np.array(ends, dtype=int).reshape(-1, 2).T
    none = np.zeros(len(ends))
    return replace(
        ground,
        first=np.append(ground.first, first),
        second=np.append(ground.second, second),
        length=np.append(ground.length, none),
        between=np.append(ground.between, none.astype(int) + Between.MAJOR),
    )


def number_of_cells(load: float, target: float) -> int:
    """The number of cells whose mean is nearest to the target, as a share of it; at least one."""
    low = max(int(load // target), 1)
    return min((low, low + 1), key=lambda count: abs(load / count / target - 1))


def towers(load: np.ndarray, wish: Wish) -> np.ndarray:
    """A mask of the tiles that alone are more than a cell may hold: each is one by itself."""
    return load > wish.target * (1 + wish.tolerance)


def cells_for(load: np.ndarray, wish: Wish) -> int:
    """How many cells tiles of these loads make: no more than there are tiles."""
    big = towers(load, wish)
    rest = float(load[~big].sum())
    few = rest < wish.target / 2 and big.any()  # too little for a cell beside those
    return min(int(big.sum()) + (0 if few else number_of_cells(rest, wish.target)), len(load))


def misfit(load: float, target: float) -> float:
    """How far the mean cell is from the target, as a share of it."""
    return abs(load / number_of_cells(load, target) / target - 1)


def _join(found: Enclosures, wish: Wish) -> np.ndarray:
    """A name for each enclosure; those that were joined have one name."""
    block = np.arange(len(found.load))
    loads, beside = dict(enumerate(found.load)), [near.copy() for near in found.beside]
    limit = _SPARE * wish.tolerance
    waiting = {one for one, amount in loads.items() if misfit(amount, wish.target) > limit and beside[one]}
    while waiting:
        one = min(waiting, key=lambda name: (loads[name], name))
        other = _partner(one, beside, loads, wish)
        _merge(one, other, beside, loads)
        block[block == one] = other
        waiting -= {one, other}
        if misfit(loads[other], wish.target) > limit and beside[other]:
            waiting.add(other)
    return block


def _beside(block: np.ndarray, ground: Ground) -> list[dict[int, float]]:
    """For each block its neighbours and the metres of barrier between them."""
    pair = np.sort(np.column_stack([block[ground.first], block[ground.second]]), axis=1)
    apart = pair[:, 0] != pair[:, 1]
    beside: list[dict[int, float]] = [{} for _ in range(block.max(initial=-1) + 1)]
    for one, other, metres in zip(*sums(pair[apart, 0], pair[apart, 1], ground.length[apart]), strict=True):
        beside[one][other] = beside[other][one] = metres
    return beside


def _partner(one: int, beside: list[dict[int, float]], loads: dict[int, float], wish: Wish) -> int:
    """The neighbour with whom it fits, by the longest border; where it fits with none, simply the longest border."""

    def rank(other: int) -> tuple[bool, float, int]:
        fits = misfit(loads[one] + loads[other], wish.target) <= _SPARE * wish.tolerance
        return fits, beside[one][other], -other

    return max(beside[one], key=rank)


def _merge(one: int, other: int, beside: list[dict[int, float]], loads: dict[int, float]) -> None:
    loads[other] += loads.pop(one)
    for third, metres in beside[one].items():
        del beside[third][one]
        if third != other:
            beside[other][third] = beside[third][other] = beside[other].get(third, 0.0) + metres
    beside[one] = {}
