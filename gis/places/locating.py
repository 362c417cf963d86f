"""What is at a point: the cell, the building and the community."""

from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.utils import timezone

from gis import crs
from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.errors import BadGeometry
from gis.places.building import Building


@dataclass(frozen=True)
class Here:
    cell: CellVersion | None
    building: Building | None
    area: Area | None


def read_point(latitude: str | None, longitude: str | None) -> Point:
    """A position in degrees as typed into an address. Raises BadGeometry for anything else."""
    try:
        x, y = float(longitude or ""), float(latitude or "")
    except ValueError:
        x = y = float("nan")
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise BadGeometry("There is no such position.", fix="Give lat and lon in degrees.")
    return Point(x, y, srid=crs.STORE)


def what_is_at(point: Point, scope: Scope) -> Here:
    """What lies at the point, in scope. On a shared border the lowest code has it (design decision 7)."""
    cells = CellVersion.objects.on(timezone.localdate()).inside(scope)
    areas = Area.objects.inside(scope).filter(geometry__covers=point).defer("geometry", "drawing", "coarse")
    return Here(
        cell=cells.filter(geometry__covers=point).order_by("code").defer("geometry", "drawing", "coarse").first(),
        building=_buildings(scope).filter(geometry__covers=point).order_by("code").first(),
        area=max(areas, key=lambda area: (len(area.code), -int(area.code)), default=None),
    )


def nearest_building(point: Point, scope: Scope, within: float = 200) -> Building | None:
    """The building nearest to the point, no further than `within` metres."""
    degrees = within / 50_000  # generous at any latitude people live at; the exact distance decides below
    window = _buildings(scope).filter(geometry__dwithin=(point, degrees))
    near = window.annotate(metres=Distance("geometry", point)).order_by("metres").first()
    return near if near and near.metres <= D(m=within) else None


def _buildings(scope: Scope):
    return Building.objects.inside(scope).select_related("compound").defer("drawing")
