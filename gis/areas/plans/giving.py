"""Giving ground to a cell: where that may be, and what is left where it is.

Acts that cut tiles take `first_id`, above every tile id the plan has ever used; acts that make cells take a number
above every one it has ever used.
"""

from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.differing import difference
from gis.areas.plans.drawing import Drawing, PlanCell, apply, moved
from gis.areas.plans.editing import Edit, cell_of
from gis.errors import Refused


def open_cell(drawing: Drawing, number: int) -> PlanCell:
    """A cell that may be changed. Raises Refused where there is none or it is locked."""
    cell = cell_of(drawing, number)
    if cell.locked:
        raise Refused(_("网格“%(name)s”已锁定。") % {"name": cell.name}, fix=_("请先解锁，或选择别的网格。"))
    return cell


def unlocked(drawing: Drawing) -> np.ndarray:
    """A mask of the tiles that are in no locked cell."""
    return ~np.isin(drawing.cell, [number for number, cell in drawing.cells.items() if cell.locked])


def of_community(drawing: Drawing, code: str) -> np.ndarray:
    """A mask of the tiles of a community."""
    return (drawing.community == code).astype(bool)


def given_to(drawing: Drawing, rows: np.ndarray, number: int) -> tuple[Drawing, dict[str, int]]:
    """The drawing with tiles put into a cell where that may be, and how many were moved, and left, and why."""
    rows = rows[drawing.cell[rows] != number]
    free = unlocked(drawing)[rows]
    here = of_community(drawing, open_cell(drawing, number).community)[rows]
    taken = rows[free & here]
    said = {"tiles": len(taken), "locked": int((~free).sum()), "foreign": int((free & ~here).sum())}
    return apply(drawing, moved(drawing, taken, number)), said


def with_cells(drawing: Drawing, *cells: PlanCell) -> Drawing:
    """The drawing with cells that are new or look different now."""
    return replace(drawing, cells=dict(sorted((drawing.cells | {cell.number: cell for cell in cells}).items())))


def edited(before: Drawing, after: Drawing, **said: int) -> Edit:
    """The act that makes one drawing of another."""
    return Edit(difference(before, after), said)
