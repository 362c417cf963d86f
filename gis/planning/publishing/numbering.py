"""Codes of new cells: numbered in reading order after the last one ever given out in their community (DB11/T 2157)."""

from collections.abc import Sequence

import numpy as np
import shapely

from gis.areas.cell import CellVersion
from gis.areas.covering import scope_over
from gis.codes.division import mint, reading_order
from gis.planning.publishing.drafts import Draft


def codes_ever(communities: Sequence[str]) -> set[str]:
    """Every code that was, is or will be a cell's: retired ones and those of versions that begin later too."""
    return set(CellVersion.objects.inside(scope_over(communities)).values_list("code", flat=True))


def number_new(drafts: Sequence[Draft], shapes: np.ndarray, new: np.ndarray, taken: set[str]) -> dict[int, str]:
    """Index of each new draft → its code. Raises BadCode when a community has none left."""
    codes: dict[int, str] = {}
    for community in sorted({drafts[place].community for place in new}):
        members = np.array([place for place in new if drafts[place].community == community])
        mine = np.array([draft.community == community for draft in drafts])
        xy = shapely.get_coordinates(shapely.point_on_surface(shapes[members]))
        order = members[reading_order(xy[:, 0], xy[:, 1], _usual_height(shapes[mine]))]
        codes |= dict(zip(order.tolist(), mint(community, taken, len(order)), strict=True))
    return codes


def _usual_height(shapes: np.ndarray) -> float:
    return float(np.median(np.diff(shapely.bounds(shapes)[:, [1, 3]], axis=1)))
