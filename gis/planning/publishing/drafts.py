"""What is to be published: one cell of a plan, as the plan sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.cell import Cell
from gis.geometry import as_multipolygons


@dataclass(frozen=True)
class Draft:
    """One cell of a plan. `code` is that of the cell it continues, "" for a new one; `shape` in EPSG:4326.

    `number` is the plan's own for it: what an approver decides is said by it, as codes are given out on the day.
    """

    number: int
    name: str
    kind: str
    community: str
    code: str
    shape: shapely.MultiPolygon


def shapes_of(drafts: Sequence[Draft]) -> np.ndarray:
    """Their outlines as multipolygons (object array); an empty one where there is no polygon at all."""
    shapes = np.array([draft.shape for draft in drafts], dtype=object)
    flat = shapely.get_type_id(shapes)
    shapes[~np.isin(flat, (3, 6))] = shapely.MultiPolygon()
    return as_multipolygons(shapes)


def name_of(draft: Draft, code: str) -> str:
    """The name it has, else the usual one after its number."""
    return draft.name.strip()[:40] or _("第%(number)s网格") % {"number": code[12:].lstrip("0") or "0"}


def is_service(draft: Draft) -> bool:
    """Whether it is one of the cells that tile the community; the others lie over them."""
    return draft.kind == Cell.Kind.SERVICE
