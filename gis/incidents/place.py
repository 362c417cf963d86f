"""Where a report belongs: the cell, the community and the building of its position."""

from dataclasses import dataclass
from datetime import date

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.areas.cell import CellVersion
from gis.errors import Refused
from gis.places.building import Building
from gis.places.locating import nearest_building, what_is_at

#: A community's code has so many digits: an incident belongs to one at least.
_COMMUNITY = 12
#: How near a building must be for a place to be called after it, metres.
_NEAR = 60


@dataclass(frozen=True)
class Spot:
    """A place of a report. `cell` is the version of the day it was made, `area` the scope as the ground lies today."""

    point: Point
    cell: CellVersion | None
    area: str
    building: Building | None
    name: str


def find_spot(point: Point | None, building: int | None, scope: Scope, day: date) -> Spot:
    """The place of a report, from a position (degrees) or a building. Raises Refused for one outside the scope."""
    chosen = _chosen(building, scope)
    if chosen:
        point = chosen.geometry.point_on_surface if point is None else point
    if point is None:
        raise _refuse(_("还没有位置。"), _("请定位、点地图或查一个地址。"))
    here = what_is_at(point, scope)
    area = here.cell.code if here.cell else here.area.code if here.area else ""
    if len(area) < _COMMUNITY:
        raise _outside(point, scope)
    then = CellVersion.objects.on(day).filter(geometry__covers=point).order_by("code")
    cell = then.defer("geometry", "drawing", "coarse").first()
    found = chosen or here.building
    return Spot(point, cell, area, found, found.label if found else _name_near(point, scope))


def _chosen(building: int | None, scope: Scope) -> Building | None:
    if building is None:
        return None
    found = Building.objects.inside(scope).select_related("compound").filter(pk=building).first()
    if found is None:
        raise _refuse(_("没有找到这栋楼，或不在您的辖区内。"), _("请重新选择位置。"))
    return found


def _name_near(point: Point, scope: Scope) -> str:
    near = nearest_building(point, scope, within=_NEAR)
    return f"{near.label}附近" if near else ""


def _outside(point: Point, scope: Scope) -> Refused:
    metres = _distance(point, scope)
    fix = _("请把位置移到辖区内；不归您管的，请转告那里的网格员或拨打 12345。")
    if metres is None or metres >= 100_000:
        return _refuse(_("这个位置在您的辖区之外。"), fix)
    if metres < 1:
        return _refuse(_("这个位置不属于任何社区。"), fix)
    if metres < 1000:
        return _refuse(_("这个位置在您的辖区之外约 %(metres)d 米。") % {"metres": round(metres)}, fix)
    return _refuse(_("这个位置在您的辖区之外约 %(km).1f 公里。") % {"km": metres / 1000}, fix)


_NEAREST = """
SELECT min(ST_Distance(geometry::geography, %(point)s::geography)) FROM (
  SELECT geometry FROM grid_area WHERE code = ANY(%(codes)s)
  UNION ALL
  SELECT geometry FROM grid_cellversion WHERE code = ANY(%(codes)s) AND valid @> current_date
) mine"""


def _distance(point: Point, scope: Scope) -> float | None:
    """Metres to the nearest border of the scope's own areas; None where none of them is drawn."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, {"point": point.ewkt, "codes": list(scope.areas)})
        return cursor.fetchone()[0]


def _refuse(message: str, fix: str) -> Refused:
    return Refused(message, fix=fix, fields={"place": f"{message} {fix}"})
