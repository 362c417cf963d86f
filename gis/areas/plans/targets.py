"""Which target fits: what each of many would come to, reckoned without a search.

A cell lies in one community, and in one of the pieces that roads and rivers leave of it. A piece of 420 households is
no whole number of cells of 300: one is 40 % too big, two are 30 % too small, and no search changes that. The number of
cells of each piece is what a proposal takes, by the same functions; where the even share of a piece is within the
tolerance all its cells can be, where it is not none is counted. Buildings larger than a cell are cells out of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gis.areas.plans.alternatives import Asked, divided
from gis.areas.plans.blocks import Enclosures, cells_for, enclosures, ferried, towers
from gis.areas.plans.compounds import undivided
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.ground import part_of
from gis.areas.plans.grounds import grounds
from gis.areas.plans.wish import Wish

#: How far from the target asked for others are looked at, and how far one may be to count as near, as shares of it.
SPREAD, NEAR = 0.3, 0.1
#: So many more of the cells must fit, as a share, before another target is worth a word; and so many more again for
#: every hundredth that it is away from the one asked: smaller cells nearly always fit better, and need more workers.
_WORTH, _AWAY = 0.05, 0.5
#: How much of what a target is worth is its room for buildings that cannot be cut.
_ROOM = 0.2
_EDGE = 1e-9


@dataclass(frozen=True)
class Reach:
    """What dividing by a target comes to. `firm`: cells that fit even with half the tolerance."""

    target: float
    cells: int
    within: int
    firm: int

    @property
    def share(self) -> float:
        return self.within / self.cells if self.cells else 0.0

    def worth(self, asked: float) -> float:
        """How well it fits, less for how far it is from the target asked for: 1 where all fits well and is as asked."""
        room = self.firm / max(self.cells, 1)
        return self.share + _ROOM * (room - self.share) - _AWAY * abs(self.target / asked - 1)


@dataclass(frozen=True)
class Advice:
    """What was asked for, and which targets fit clearly better: the best, and the best near by where it is another."""

    asked: Reach
    best: Reach | None
    near: Reach | None
    all: Sequence[Reach]


def advice(drawing: Drawing, asked: Asked) -> Advice:
    """What is worth saying of the target asked for."""
    target = asked.wish.target
    found = reaches(drawing, asked, around(target))
    now = next(one for one in found if one.target == target)
    best = _best(found, now)
    near = _best([one for one in found if abs(one.target - target) <= NEAR * target], now)
    return Advice(now, best, None if near == best else near, found)


def around(target: float) -> list[float]:
    """Targets to look at, ascending: a hundredth apart, whole unless they are small, the one asked among them."""
    steps = np.linspace(1 - SPREAD, 1 + SPREAD, round(200 * SPREAD) + 1) * target
    places = 0 if target >= 30 else 2
    return sorted({float(one) for one in np.round(steps, places) if one >= 1} | {target})


def reaches(drawing: Drawing, asked: Asked, targets: Iterable[float]) -> list[Reach]:
    """What each target comes to on all that would be divided anew."""
    load, free = drawing.load(asked.weights), divided(drawing, asked)
    communities = [
        _Community(drawing, rows, load[rows], compounds=asked.compounds)
        for rows in (np.flatnonzero(free & (drawing.community == one)) for one in np.unique(drawing.community[free]))
    ]
    return [_reach(communities, replace(asked.wish, target=target)) for target in targets]


def fitting(load: np.ndarray, wish: Wish) -> np.ndarray:
    """Of the tiles of a block: its cells, how many can be within the tolerance, and within half of it (3 ints)."""
    cells, big = cells_for(load, wish), towers(load, wish)
    if cells == len(load):  # a tile is a cell, whatever it holds
        off = np.abs(load / wish.target - 1)
        return np.array([cells, *((off <= share * wish.tolerance + _EDGE).sum() for share in (1, 0.5))])
    even = cells - int(big.sum())
    off = abs(float(load[~big].sum()) / even / wish.target - 1) if even else np.inf
    return np.array([cells, *(even * (off <= share * wish.tolerance + _EDGE) for share in (1, 0.5))])


class _Community:
    """What is divided of a community, ready for many targets: kept for as long as they part the same compounds."""

    def __init__(self, drawing: Drawing, rows: np.ndarray, load: np.ndarray, *, compounds: bool) -> None:
        self._given = (drawing, rows, load)
        self._compounds = compounds
        self._sizes = self._compound_loads()
        self._kept: dict[int, list[tuple[Enclosures, np.ndarray]]] = {}

    def reach(self, wish: Wish) -> np.ndarray:
        """Cells, those within the tolerance, and within half of it."""
        total = np.zeros(3, dtype=int)
        for enclosed, load in self._enclosed(wish.target * (1 + wish.tolerance)):
            block = enclosed.joined(wish)
            for one in range(block.max(initial=-1) + 1):
                total += fitting(load[block == one], wish)
        return total

    def _enclosed(self, most: float) -> list[tuple[Enclosures, np.ndarray]]:
        whole = int(np.searchsorted(self._sizes, most, "right"))
        if whole not in self._kept:
            _bundle, parts = grounds(*self._given, most, compounds=self._compounds)
            self._kept[whole] = [(enclosures(ferried(one.ground), one.load), one.load) for one in parts]
        return self._kept[whole]

    def _compound_loads(self) -> np.ndarray:
        """What compounds of several tiles hold, ascending."""
        drawing, rows, load = self._given
        piece = undivided(part_of(drawing.ground, rows)[0], drawing.compound[rows] * self._compounds)
        return np.sort(np.bincount(piece, load)[np.bincount(piece) > 1])


def _reach(communities: list[_Community], wish: Wish) -> Reach:
    total = sum((one.reach(wish) for one in communities), np.zeros(3, dtype=int))
    return Reach(wish.target, *map(int, total))


def _best(found: list[Reach], now: Reach) -> Reach | None:
    """The one worth most, of equals the nearest; None where it is no clear gain."""
    best = max(found, key=lambda one: (one.worth(now.target), -abs(one.target - now.target)))
    gain = min(best.share - now.share, best.worth(now.target) - now.worth(now.target))
    return best if gain >= _WORTH else None
