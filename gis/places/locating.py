"""What is at a point: the cell, the building and the community."""

from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.utils import timezone

from gis import crs
from gis.accounts.postings import Posting
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


#: A border this near is always told, whatever a phone believes of its accuracy; ground metres.
NEAR_BORDER = 15.0
#: A position this inaccurate says nothing of a cell; ground metres.
VAGUE = 200.0


@dataclass(frozen=True)
class Border:
    """How far a point is from the border of its cell, and the other cells it may be in, the nearest first."""

    metres: float | None  # ground metres; None outside every cell
    beside: list[tuple[CellVersion, float]]  # with the ground metres to each

    @property
    def near(self) -> bool:
        return bool(self.beside)


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


def read_accuracy(text: str | None) -> float:
    """Metres within which a phone believes its position to be, 0 where none is told; no more than VAGUE counts."""
    try:
        metres = float(text or 0)
    except ValueError:
        metres = float("nan")
    if not metres >= 0:
        raise BadGeometry("There is no such accuracy.", fix="Give it in metres.")
    return min(metres, VAGUE)


def border_at(point: Point, cell: CellVersion | None, scope: Scope, accuracy: float = 0) -> Border:
    """The border of `cell` seen from the point, and other cells in scope within the accuracy, or within NEAR_BORDER."""
    reach = max(accuracy, NEAR_BORDER)
    cells = CellVersion.objects.on(timezone.localdate()).inside(scope)
    window = cells.filter(geometry__dwithin=(point, reach / 50_000)).only("code", "name", "geometry").order_by("code")
    found = [(one, _metres(point, one)) for one in window]
    own = next((metres for one, metres in found if cell and one.pk == cell.pk), None)
    if own is None and cell:
        own = _metres(point, cell)
    others = [
        (one, metres if not _holds(one, point) else 0.0) for one, metres in found if not cell or one.pk != cell.pk
    ]
    return Border(own, sorted((pair for pair in others if pair[1] <= reach), key=lambda pair: pair[1]))


def _metres(point: Point, cell: CellVersion) -> float:
    """Ground metres from a point to the border of a cell, in the metric zone of the point."""
    plane = crs.metric(point.x, point.y)
    shape = shapely.transform(
        shapely.boundary(shapely.from_wkb(bytes(cell.geometry.wkb))), lambda xy: crs.move(xy, crs.STORE, plane)
    )
    return float(shapely.distance(shape, shapely.points(crs.move(np.array([[point.x, point.y]]), crs.STORE, plane)[0])))


def _holds(cell: CellVersion, point: Point) -> bool:
    return bool(shapely.intersects_xy(shapely.from_wkb(bytes(cell.geometry.wkb)), point.x, point.y))


def workers_of(cells: list[CellVersion]) -> list[tuple[str, str, str]]:
    """(cell code, name, work phone) of the grid workers posted to the cells today. Ask only for cells in scope."""
    posted = Posting.objects.on(timezone.localdate()).filter(role="grid_worker", user__is_active=True)
    posted = posted.filter(area__in=[cell.code for cell in cells]).order_by("area", "user__name", "user_id")
    return list(posted.values_list("area", "user__name", "user__phone"))


def nearest_building(point: Point, scope: Scope, within: float = 200) -> Building | None:
    """The building nearest to the point, no further than `within` metres."""
    degrees = within / 50_000  # generous at any latitude people live at; the exact distance decides below
    window = _buildings(scope).filter(geometry__dwithin=(point, degrees))
    near = window.annotate(metres=Distance("geometry", point)).order_by("metres").first()
    return near if near and near.metres <= D(m=within) else None


def _buildings(scope: Scope):
    return Building.objects.inside(scope).select_related("compound").defer("drawing")
