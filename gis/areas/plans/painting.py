"""Giving tiles to a cell by hand."""

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.edit import Edit, edited, given_to, open_cell
from gis.errors import Refused


def assign(drawing: Drawing, rows: np.ndarray, number: int) -> Edit:
    """Put tiles (rows) into a cell, or into none. Says how many were left: in a locked cell, in another community."""
    if number != NO_CELL:
        open_cell(drawing, number)
    rows = np.unique(np.asarray(rows, dtype=np.int64))
    if len(rows) and (rows[0] < 0 or rows[-1] >= len(drawing)):
        raise Refused(_("有的地块已不存在。"), fix=_("请刷新后重新选择。"))
    after, said = given_to(drawing, rows, number)
    return edited(drawing, after, **said)
