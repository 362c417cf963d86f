"""What is to be published: one cell of a plan, as the plan sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.cell import Cell
from gis.geometry import as_multipolygons


@dataclass(frozen=True)
class Draft:
    """One cell of a plan. `code` is that of the cell it continues, "" for a new one; `shape` in EPSG:4326.

    `number` is the plan's own for it: what an approver decides is said by it, as codes are given out on the day.
    `like` is the code of the cell that it is in another community, where that community goes there as a whole.
    """

    number: int
    name: str
    kind: str
    community: str
    code: str
    shape: shapely.MultiPolygon
    like: str = ""


def shapes_of(drafts: Sequence[Draft]) -> np.ndarray:
    """Their outlines as multipolygons (object array); an empty one where there is no polygon at all."""
    shapes = np.array([draft.shape for draft in drafts], dtype=object)
    flat = shapely.get_type_id(shapes)
    shapes[~np.isin(flat, (3, 6))] = shapely.MultiPolygon()
    return as_multipolygons(shapes)


#: Names that a plan gives while it is drawn, in either language: 新网格7, and 第1网格-7 for a part of 第1网格.
_PROVISIONAL = re.compile(r"新网格\d+|New cell \d+|第\d+网格|(?P<before>.*)第\d+网格(-\d+)+")


def name_of(draft: Draft, code: str) -> str:
    """The name somebody gave it, else the usual one after its number: of a record, so in no reader's language."""
    name = draft.name.strip()[:40]
    provisional = None if draft.code else _PROVISIONAL.fullmatch(name)
    if name and not provisional:
        return name
    before = (provisional and provisional["before"]) or ""
    return f"{before}第{code[12:].lstrip('0') or '0'}网格"


def is_service(draft: Draft) -> bool:
    """Whether it is one of the cells that tile the community; the others lie over them."""
    return draft.kind == Cell.Kind.SERVICE
