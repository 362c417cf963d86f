"""A proposal for a plan: the cells of a drawing, or some of them, divided anew as one change that can be taken back.

What stays: locked cells, cells that were not chosen, ground of no community. What is divided is divided community by
community, since a cell lies in one. A new cell that resembles one of before keeps its number, and with it its code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gis.areas.plans.annealing import Tell, nobody, within
from gis.areas.plans.drawing import NO_CELL, Change, Drawing, PlanCell, moved
from gis.areas.plans.grounds import grounds
from gis.areas.plans.matching import continued
from gis.areas.plans.proposal import propose
from gis.areas.plans.wish import Wish

#: Ground without homes counts a little, so that it too stays in the cell it was in.
_PER_M2 = 1e-6


@dataclass(frozen=True)
class Asked:
    """What a proposal is wanted for. No `cells` and no `community`: all that is not locked."""

    wish: Wish = field(default_factory=Wish)
    weights: dict[str, float] = field(default_factory=lambda: {"households": 1.0})
    cells: tuple[int, ...] = ()
    community: str = ""
    compounds: bool = True  # tiles of one compound stay together, unless they are more than a cell may hold


def proposed(
    drawing: Drawing, asked: Asked, first: int, tell: Tell = nobody, name: Callable[[int], str] = str
) -> Change:
    """The change that draws the cells anew; new ones get the numbers from `first` on and the name of their number.

    The same drawing, wish and seed give the same change on every machine. `tell` hears the share that is done, and may
    raise to stop.
    """
    load = drawing.load(asked.weights)
    free = divided(drawing, asked)
    after, made = drawing.cell.copy(), {}
    done, whole = 0, max(int(free.sum()), 1)
    for community in np.unique(drawing.community[free].astype(str)):
        rows = np.flatnonzero(free & (drawing.community == community))
        new = _cells(drawing, rows, load, asked, within(tell, done, len(rows), whole))
        numbers = _numbers(drawing, community, rows, new, load, first + len(made))
        after[rows] = numbers[new]
        made |= {int(n): PlanCell(int(n), name(int(n)), community) for n in numbers if n not in drawing.cells}
        done += len(rows)
    tell(1.0)
    gone = {int(n): None for n in np.setdiff1d(drawing.cell[free], np.append(after, NO_CELL))}
    before = dict.fromkeys(made) | {number: drawing.cells[number] for number in gone}
    return replace(moved(drawing, np.arange(len(drawing)), after), cells_before=before, cells_after=made | gone)


def divided(drawing: Drawing, asked: Asked) -> np.ndarray:
    """A mask of the tiles that are divided anew."""
    locked = [one.number for one in drawing.cells.values() if one.locked]
    free = ~np.isin(drawing.cell, locked) & (drawing.community != "")
    if asked.cells:
        free &= np.isin(drawing.cell, asked.cells)
    if asked.community:
        free &= drawing.community == asked.community
    return free


def _cells(drawing: Drawing, rows: np.ndarray, load: np.ndarray, asked: Asked, tell: Tell) -> np.ndarray:
    """Cells from 0 for some tiles of one community."""
    most = asked.wish.target * (1 + asked.wish.tolerance)
    bundle, parts = grounds(drawing, rows, load[rows], most, compounds=asked.compounds)
    cell, names, done = np.zeros(bundle.max(initial=-1) + 1, dtype=int), 0, 0
    for part in parts:
        told = within(tell, done, len(part.bundles), len(cell))
        cell[part.bundles] = names + propose(part.ground, part.load, asked.wish, told).cell
        names, done = cell[part.bundles].max() + 1, done + len(part.bundles)
    return cell[bundle]


def _numbers(drawing: Drawing, community: str, rows: np.ndarray, new: np.ndarray, load, first: int) -> np.ndarray:
    """The plan's number of each new cell: of the cell of this community that it continues, or a new one."""
    known = np.array(sorted(n for n, cell in drawing.cells.items() if cell.community == community), dtype=np.int64)
    here = drawing.cell[rows]
    old = np.where(np.isin(here, known), np.searchsorted(known, here), -1)
    found = continued(old, new, load[rows] + _PER_M2 * drawing.ground.area[rows])
    fresh = first + np.cumsum(found < 0) - 1
    return np.where(found >= 0, np.append(known, 0)[found], fresh)
