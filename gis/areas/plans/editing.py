"""What a planner does to cells without cutting a tile: paint, name, lock.

Each is a function of the drawing that returns an `Edit`: the change, and in figures what was done and what was left
out. Every operation on a drawing has this form, those that cut tiles too.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import NO_CELL, Change, Drawing, PlanCell, moved
from gis.errors import Refused


@dataclass(frozen=True)
class Edit:
    change: Change
    said: dict = field(default_factory=dict)  # such as {"tiles": 3, "locked": 1}: counts by a word of ours


def paint(drawing: Drawing, tiles: np.ndarray, number: int) -> Edit:
    """Put tiles (ids) into a cell, or with NO_CELL into none.

    Tiles of a locked cell stay, and so do tiles of another community than the cell's: both are counted in `said`. A
    cell without a community gets that of the first tile. Raises Refused for a cell or tile that is not there.
    """
    rows = rows_of(drawing, tiles)
    cell = None if number == NO_CELL else cell_of(drawing, number)
    if cell and cell.locked:
        raise Refused(_("网格“%(name)s”已锁定。") % {"name": cell.name}, fix=_("请先解锁，或选择别的网格。"))
    locked = np.isin(drawing.cell[rows], [one.number for one in drawing.cells.values() if one.locked])
    community = _community(drawing, cell, rows[~locked])
    foreign = ~locked & (drawing.community[rows] != community) if cell else np.zeros(len(rows), dtype=bool)
    change = moved(drawing, rows[~locked & ~foreign], number)
    if cell and cell.community != community:
        change = replace(change, cells_before={number: cell}, cells_after={number: replace(cell, community=community)})
    said = {"cell": number, "tiles": len(change.tiles), "locked": int(locked.sum()), "foreign": int(foreign.sum())}
    return Edit(change, said)


def add_cell(drawing: Drawing, number: int, name: str, kind: str = "service") -> Edit:
    """A new, empty cell; its community is that of what is painted first."""
    return Edit(_cells(drawing, PlanCell(number, name, kind=kind)), {"cell": number})


def rename(drawing: Drawing, number: int, name: str) -> Edit:
    return Edit(_cells(drawing, replace(cell_of(drawing, number), name=name)), {"cell": number})


def lock(drawing: Drawing, numbers: list[int], locked: bool) -> Edit:
    """Lock cells or unlock them; no numbers: all."""
    chosen = [cell_of(drawing, number) for number in numbers] or list(drawing.cells.values())
    other = [replace(one, locked=locked) for one in chosen if one.locked != locked]
    return Edit(_cells(drawing, *other), {"cells": len(other)})


def rows_of(drawing: Drawing, tiles: np.ndarray) -> np.ndarray:
    """The rows of tile ids, each once. Raises Refused where one is gone."""
    try:
        return drawing.rows(np.unique(np.asarray(tiles, dtype=np.int64)))
    except KeyError:
        raise Refused(_("有些地块已经变了。"), fix=_("请刷新页面再试。")) from None


def cell_of(drawing: Drawing, number: int) -> PlanCell:
    """A cell by its number. Raises Refused where there is none."""
    if number not in drawing.cells:
        raise Refused(_("方案里没有这个网格。"), fix=_("请刷新页面再试。"))
    return drawing.cells[number]


def _community(drawing: Drawing, cell: PlanCell | None, rows: np.ndarray) -> str:
    if cell is None:
        return ""
    held = drawing.cell == cell.number
    if cell.community and (held.any() or cell.code):
        return cell.community
    return drawing.community[rows[0]] if len(rows) else cell.community


def _cells(drawing: Drawing, *cells: PlanCell) -> Change:
    before = {one.number: drawing.cells.get(one.number) for one in cells}
    return Change(cells_before=before, cells_after={one.number: one for one in cells})
