"""Making, naming, locking, deleting and merging the cells of a plan."""

from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell
from gis.areas.plans.edit import Edit, cell_of, edited, open_cell, with_cells
from gis.errors import Refused

#: As long as the name of a cell in force may be.
_LONGEST_NAME = 40


def new_cell(drawing: Drawing, number: int, community: str, name: str = "", kind: str = "service") -> Edit:
    """An empty cell of a community of the plan."""
    return edited(drawing, with_new_cell(drawing, number, community, name, kind))


def with_new_cell(drawing: Drawing, number: int, community: str, name: str, kind: str = "service") -> Drawing:
    if number in drawing.cells or number <= NO_CELL:
        raise Refused(_("这个网格编号已经用过。"), fix=_("请刷新后重试。"))
    if not community or not (drawing.community == community).any():
        raise Refused(_("方案中没有这个社区。"), fix=_("请选择方案范围内的社区。"))
    return with_cells(drawing, PlanCell(number, _named(name), community, kind=kind))


def rename(drawing: Drawing, number: int, name: str) -> Edit:
    return edited(drawing, with_cells(drawing, replace(cell_of(drawing, number), name=_named(name))))


def lock(drawing: Drawing, numbers: list[int] | None, locked: bool) -> Edit:
    """Lock cells, or unlock them; all where no numbers are given."""
    chosen = [cell_of(drawing, number) for number in (drawing.cells if numbers is None else numbers)]
    other = [replace(cell, locked=locked) for cell in chosen if cell.locked != locked]
    return edited(drawing, with_cells(drawing, *other), cells=len(other))


def delete(drawing: Drawing, number: int) -> Edit:
    """A cell goes; its tiles are in no cell then."""
    open_cell(drawing, number)
    return edited(drawing, _without(drawing, [number], NO_CELL), moved=int((drawing.cell == number).sum()))


def merge(drawing: Drawing, numbers: list[int], weights: dict[str, float]) -> Edit:
    """Cells of one community become one: that with the most load, which keeps number, code and name (said: `kept`)."""
    numbers = sorted(set(numbers))
    if len(numbers) < 2:
        raise Refused(_("至少选择两个网格才能合并。"), fix=_("请再选一个网格。"))
    if len({open_cell(drawing, number).community for number in numbers}) > 1:
        raise Refused(_("不同社区的网格不能合并。"), fix=_("请选择同一社区的网格。"))
    load = drawing.load(weights)
    kept = max(numbers, key=lambda number: (load[drawing.cell == number].sum(), -number))
    others = [number for number in numbers if number != kept]
    moved = int(np.isin(drawing.cell, others).sum())
    return edited(drawing, _without(drawing, others, kept), moved=moved, kept=kept)


def _without(drawing: Drawing, numbers: list[int], heir: int) -> Drawing:
    cells = {number: cell for number, cell in drawing.cells.items() if number not in numbers}
    return replace(drawing, cells=cells, cell=np.where(np.isin(drawing.cell, numbers), heir, drawing.cell))


def _named(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > _LONGEST_NAME:
        raise Refused(
            _("名称太长。"), fix=_("最多 %(most)d 个字。") % {"most": _LONGEST_NAME}, fields={"name": _("太长。")}
        )
    return name
