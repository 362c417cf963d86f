"""What a plan is drawn on, read from the database and brought into metres: outlines, lines, buildings, what counts."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.area import Area
from gis.areas.cell import Cell, CellVersion
from gis.areas.plans.coarsening import coarse, nearest
from gis.areas.plans.drawing import Things
from gis.areas.plans.ground import Between
from gis.errors import Refused

#: What can count as workload, in the order it is shown.
LOADS = ("households", "people", "dwellings", "floating", "incidents", "visits")
#: A building with fewer people than `_FEW` counts as `_SAY`, so that no difference of two figures tells of few people.
_FEW, _SAY = 5, 3

_BUILDINGS = """
SELECT b.id, ST_AsBinary(b.geometry), coalesce(b.compound_id, 0), left(b.area, 12) FROM grid_building b
WHERE b.area >= %(low)s AND b.area < %(high)s ORDER BY b.id
"""
_BY_BUILDING = {
    "dwellings": "SELECT d.building_id, count(*) FROM grid_dwelling d WHERE {d} AND d.state <> 'gone' GROUP BY 1",
    "households": "SELECT d.building_id, count(*) FROM grid_household h JOIN grid_dwelling d ON d.id = h.dwelling_id"
    " WHERE {h} GROUP BY 1",
    "people": "SELECT d.building_id, count(*) FROM grid_residence s JOIN grid_dwelling d ON d.id = s.dwelling_id"
    " WHERE {s} AND s.kind = 'living' AND s.ends IS NULL GROUP BY 1",
    "floating": "SELECT d.building_id, count(*) FROM grid_residence s JOIN grid_dwelling d ON d.id = s.dwelling_id"
    " JOIN grid_resident r ON r.id = s.resident_id AND r.population = 'floating'"
    " WHERE {s} AND s.kind = 'living' AND s.ends IS NULL GROUP BY 1",
    "visits": "SELECT d.building_id, count(*) FROM grid_visitdue v JOIN grid_dwelling d ON d.id = v.dwelling_id"
    " WHERE {v} AND v.since <= %(today)s AND v.until > %(today)s AND v.due_on <= %(today)s GROUP BY 1",
}
#: These tell of people: few are not told.
_OF_PEOPLE = ("people", "floating")
#: These tell what is the matter in a house: they are told of groups of houses.
_OF_GROUPS = ("incidents", "visits")
_INCIDENTS = """
SELECT ST_X(position), ST_Y(position), left(area, 12) FROM grid_incident
WHERE area >= %(low)s AND area < %(high)s AND state NOT IN ('closed', 'rejected', 'duplicate') ORDER BY id
"""
_WAYS = """
SELECT ST_AsBinary(geometry), barrier FROM grid_way
WHERE barrier <> 'none' AND geometry && ST_MakeEnvelope(%s, %s, %s, %s, %s) ORDER BY id
"""


@dataclass(frozen=True)
class Site:
    """The ground of an area in its plane: everything in metres."""

    crs: int
    communities: np.ndarray  # codes, ascending
    outlines: np.ndarray  # a polygon each
    lines: np.ndarray  # ways that part
    kinds: np.ndarray  # Between of each
    footprints: np.ndarray  # of the buildings; the first rows of `things`
    compounds: np.ndarray
    things: Things
    homes: np.ndarray  # the community of each building, as it is registered


def site_of(area: str, today: date) -> Site:
    """Read it. Figures of people are those the present database scope shows. Raises Refused without an outline."""
    codes, outlines = _outlines(area, today)
    system = crs.metric(*shapely.get_coordinates(shapely.centroid(outlines[0]))[0])
    lines, kinds = _lines(shapely.total_bounds(outlines))
    ids, outlined, compounds, home = _buildings(area)
    footprints = plane(outlined, system)
    return Site(
        system,
        codes,
        plane(outlines, system),
        plane(lines, system),
        kinds,
        footprints,
        compounds,
        _things(area, ids, footprints, _places(outlined), home, today),
        home,
    )


def require_outline(area: str, today: date) -> None:
    """Raises Refused for what is no district, street or community, and where no community has an outline."""
    _outlines(area, today)


def cells_on(area: str, day: date) -> list[CellVersion]:
    """The service cells in force in an area on a day, by code."""
    found = CellVersion.objects.on(day).filter(code__gte=area, code__lt=area + ":", cell__kind=Cell.Kind.SERVICE)
    return list(found.select_related("cell").order_by("code"))


def footprints_of(area: str, building: np.ndarray, system: int) -> np.ndarray:
    """The footprints (metres) of buildings of an area, by primary key; None for what is no building there any more."""
    ids, footprints, *_rest = _buildings(area)
    found = np.full(len(building), None, dtype=object)
    if len(ids):
        place = np.minimum(np.searchsorted(ids, building), len(ids) - 1)
        there = ids[place] == building
        found[there] = plane(footprints[place[there]], system)
    return found


def plane(shapes: np.ndarray, system: int) -> np.ndarray:
    """Shapes in degrees as shapes in a plane of metres."""
    return shapely.transform(np.asarray(shapes, dtype=object), lambda xy: crs.move(xy, crs.STORE, system))


def degrees(shapes: np.ndarray, system: int) -> np.ndarray:
    """And back. Where a shape comes within a millimetre of itself, its lines may cross in degrees: it is mended."""
    moved = shapely.transform(np.asarray(shapes, dtype=object), lambda xy: crs.move(xy, system, crs.STORE))
    crossed = ~shapely.is_valid(moved)
    moved[crossed] = shapely.make_valid(moved[crossed], method="structure", keep_collapsed=False)
    return moved


def _outlines(area: str, today: date) -> tuple[np.ndarray, np.ndarray]:
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", area):
        raise Refused(
            _("方案要选一个区县、街道或社区。"), fix=_("请从列表里选择。"), fields={"area": _("请从列表里选择。")}
        )
    found = Area.objects.filter(level="community", code__gte=area, code__lt=area + ":").exclude(geometry=None)
    rows = list(found.filter(Q(ends=None) | Q(ends__gt=today)).order_by("code").values_list("code", "geometry"))
    if not rows:
        raise Refused(_("这里的社区还没有边界。"), fix=_("请先导入社区边界（import_areas），再编制网格。"))
    return np.array([code for code, _shape in rows], object), shapely.from_wkb(
        [bytes(shape.wkb) for _code, shape in rows]
    )


def _lines(bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = _read(_WAYS, [*bounds.tolist(), crs.STORE])
    kinds = np.array([Between.MAJOR if barrier == "major" else Between.MINOR for _shape, barrier in rows], dtype=int)
    return _shapes([shape for shape, _barrier in rows]), kinds


def _buildings(area: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Primary keys, outlines in degrees, compounds, codes of communities."""
    rows = _read(_BUILDINGS, {"low": area, "high": area + ":"})
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    compounds = np.array([row[2] for row in rows], dtype=np.int64)
    return ids, _shapes([row[1] for row in rows]), compounds, np.array([row[3] for row in rows], dtype=object)


def _places(shapes: np.ndarray) -> np.ndarray:
    return shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)


def _things(
    area: str, ids: np.ndarray, footprints: np.ndarray, place: np.ndarray, home: np.ndarray, today: date
) -> Things:
    """The buildings. Open incidents belong to the nearest one; they and visits are told of groups of buildings only."""
    given = {"low": area, "high": area + ":", "today": today}
    loads = {name: np.zeros(len(ids)) for name in LOADS}
    for name, sql in _BY_BUILDING.items():
        ranges = {alias: f"{alias}.area >= %(low)s AND {alias}.area < %(high)s" for alias in "dhsv"}
        counted = dict(_read(sql.format(**ranges), given))
        loads[name] = np.array([counted.get(pk, 0) for pk in ids.tolist()], dtype=float)
        if name in _OF_PEOPLE:
            loads[name] = np.where((loads[name] > 0) & (loads[name] < _FEW), _SAY, loads[name])
    at = _read(_INCIDENTS, given)
    points = np.array([row[:2] for row in at], dtype=float).reshape(-1, 2)
    loads["incidents"] = nearest(points, np.array([row[2] for row in at], dtype=object), place, home)
    for name in _OF_GROUPS:
        loads[name] = coarse(place, home, loads[name])
    return Things(ids, _places(footprints), loads)


def _read(sql: str, given) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _shapes(wkb: list) -> np.ndarray:
    return shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)) if wkb else np.empty(0, dtype=object)
