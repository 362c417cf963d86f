"""What an act of a planner on a drawing gives back, and what each act asks first.

Every act is a pure function `(drawing, …) -> Edit` that raises an error of `gis.errors` where it is impossible. Acts
that cut tiles take `first_id`, above every tile id the plan has ever used; acts that make cells take a `number` above
every number it has ever used.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.differing import difference
from gis.areas.plans.drawing import NO_CELL, Change, Drawing, PlanCell, apply, moved
from gis.errors import Refused


@dataclass(frozen=True)
class Edit:
    """The change, and figures to tell the planner: tiles `moved`, left because their cell is `locked` or because they
    lie `elsewhere` (in another community than the cell), and what else an act names."""

    change: Change
    said: dict[str, int] = field(default_factory=dict)


def cell_of(drawing: Drawing, number: int) -> PlanCell:
    cell = drawing.cells.get(number)
    if cell is None:
        raise Refused(_("方案中没有这个网格。"), fix=_("它可能已被删除或合并；请刷新后重新选择。"))
    return cell


def open_cell(drawing: Drawing, number: int) -> PlanCell:
    """A cell that may be changed."""
    cell = cell_of(drawing, number)
    if cell.locked:
        raise Refused(_("这个网格已锁定。"), fix=_("请先解锁，再修改。"))
    return cell


def unlocked(drawing: Drawing) -> np.ndarray:
    """A mask of the tiles that are in no locked cell."""
    return ~np.isin(drawing.cell, [number for number, cell in drawing.cells.items() if cell.locked])


def given_to(drawing: Drawing, rows: np.ndarray, number: int) -> tuple[Drawing, dict[str, int]]:
    """The drawing with tiles put into a cell where that may be, and how many were moved or left, and why."""
    rows = rows[drawing.cell[rows] != number]
    free = unlocked(drawing)[rows]
    here = np.full(len(rows), True)
    if number != NO_CELL:
        here = (drawing.community[rows] == open_cell(drawing, number).community).astype(bool)
    taken = rows[free & here]
    said = {"moved": len(taken), "locked": int((~free).sum()), "elsewhere": int((free & ~here).sum())}
    return apply(drawing, moved(drawing, taken, number)), said


def with_cells(drawing: Drawing, *cells: PlanCell) -> Drawing:
    """The drawing with cells that are new or look different now."""
    return replace(drawing, cells=dict(sorted((drawing.cells | {cell.number: cell for cell in cells}).items())))


def edited(before: Drawing, after: Drawing, **said: int) -> Edit:
    return Edit(difference(before, after), said)
