"""Codes of new cells: numbered in reading order after the last one ever given out in their community (DB11/T 2157).

Those of a community that as a whole is another one now, in another street, keep their numbers there.
"""

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
        if carried := _carried(community, [drafts[place].like for place in members], taken):
            codes |= dict(zip(members.tolist(), carried, strict=True))
            continue
        mine = np.array([draft.community == community for draft in drafts])
        xy = shapely.get_coordinates(shapely.point_on_surface(shapes[members]))
        order = members[reading_order(xy[:, 0], xy[:, 1], _usual_height(shapes[mine]))]
        codes |= dict(zip(order.tolist(), mint(community, taken, len(order)), strict=True))
    return codes


def _carried(community: str, like: list[str], taken: set[str]) -> list[str]:
    """The numbers the cells had, where they come from one community and are free here; else none."""
    codes = [community + one[12:] for one in like]
    one_origin = len({one[:12] for one in like}) == 1 and all(like)
    return codes if one_origin and len(set(codes)) == len(codes) and not taken & set(codes) else []


def _usual_height(shapes: np.ndarray) -> float:
    return float(np.median(np.diff(shapely.bounds(shapes)[:, [1, 3]], axis=1)))
