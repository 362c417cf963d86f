"""Outlines from a file laid into a plan: as a step, its arguments checked like any other's."""

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape

from gis import crs
from gis.areas.plans import fitting
from gis.areas.plans.carving import solid
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.editing import Edit, cell_of
from gis.areas.plans.tangles import refuse_tangle
from gis.errors import Refused
from gis.planning.given import Given, unreadable
from gis.planning.plan import Plan

#: Outlines of one step, and corners of all of them.
_MOST, _MOST_CORNERS = 200, 200_000


def lay_outlines(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """outlines: number of a cell → GeoJSON geometry in degrees; choices: key of a difference → holds, keeps or gap"""
    return fitting.fit(drawing, read_outlines(drawing, given, plan), _choices(given), plan.next_tile)


def read_outlines(drawing: Drawing, given: Given, plan: Plan) -> dict[int, shapely.Geometry]:
    """In metres of the plan's plane. Raises Refused for what is no outline of a cell of the plan."""
    raw = given.args.get("outlines")
    if not isinstance(raw, dict) or not 0 < len(raw) <= _MOST:
        raise unreadable("outlines")
    found = {_number(number): _shape(one) for number, one in raw.items()}
    if sum(map(shapely.get_num_coordinates, found.values())) > _MOST_CORNERS:
        raise Refused(_("边界的折点太多。"), fix=_("请先简化边界，或分几次导入。"))
    for number in found:
        cell_of(drawing, number)
    found = {number: _in_plane(one, plan.crs) for number, one in found.items()}
    refuse_tangle(drawing, *found.values())
    return {number: solid(one) for number, one in found.items()}


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise unreadable("outlines")
    return int(text)


def _shape(given: object) -> shapely.Geometry:
    kinds = ("Polygon", "MultiPolygon")
    if not isinstance(given, dict) or given.get("type") not in kinds:
        raise unreadable("outlines")
    try:
        found = shapely.force_2d(shape(given))
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, shapely.errors.GEOSException):
        raise unreadable("outlines") from None
    xy = shapely.get_coordinates(found)
    if not len(xy) or not (np.abs(xy) <= [180, 90]).all():
        raise unreadable("outlines")
    return found


def _in_plane(one: shapely.Geometry, plane: int) -> shapely.Geometry:
    return shapely.transform(one, lambda xy: crs.move(xy, crs.STORE, plane))


def _choices(given: Given) -> dict[str, str]:
    raw = given.args.get("choices", {})
    if not isinstance(raw, dict) or any(not isinstance(one, str) or one not in fitting.CHOICES for one in raw.values()):
        raise unreadable("choices")
    return raw
