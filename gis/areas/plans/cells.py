"""Deleting and merging the cells of a plan."""

from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, open_cell
from gis.errors import Refused


def delete(drawing: Drawing, number: int) -> Edit:
    """A cell goes; its tiles are in no cell then."""
    open_cell(drawing, number)
    tiles = int((drawing.cell == number).sum())
    return edited(drawing, _without(drawing, [number], NO_CELL), tiles=tiles, cell=number)


def merge(drawing: Drawing, numbers: list[int], weights: dict[str, float]) -> Edit:
    """Cells of one community become one: that with the most load, which keeps number, code and name (said: `kept`)."""
    numbers = sorted(set(numbers))
    if len(numbers) < 2:
        raise Refused(_("至少选择两个网格才能合并。"), fix=_("请再选一个网格。"))
    if len({open_cell(drawing, number).community for number in numbers} - {""}) > 1:
        raise Refused(_("不同社区的网格不能合并。"), fix=_("请选择同一社区的网格。"))
    load = drawing.load(weights)
    held = {number: drawing.cell == number for number in numbers}
    kept = max(numbers, key=lambda number: (load[held[number]].sum(), held[number].sum(), -number))
    others = [number for number in numbers if number != kept]
    tiles = int(np.isin(drawing.cell, others).sum())
    return edited(drawing, _without(drawing, others, kept), tiles=tiles, kept=kept)


def _without(drawing: Drawing, numbers: list[int], heir: int) -> Drawing:
    cells = {number: cell for number, cell in drawing.cells.items() if number not in numbers}
    return replace(drawing, cells=cells, cell=np.where(np.isin(drawing.cell, numbers), heir, drawing.cell))
