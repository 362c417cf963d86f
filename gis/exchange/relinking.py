"""After cells have come in: what stands in their communities is told its cell, and everything in it follows.

Set by set in SQL, each statement touching only rows whose scope changes. A community at a time, in a transaction of
its own, so an interrupted import is finished by running it again.
"""

import numpy as np
import shapely
from django.db import connection, transaction
from django.utils import timezone

from gis.exchange.merging import merge
from gis.exchange.placing import NOWHERE, cells_within, place_outlines, place_points
from gis.incidents.incident import Incident
from gis.places.building import Building
from gis.places.component import Component
from gis.places.service.point import ServicePoint

_FOLLOWING = (
    """UPDATE grid_dwelling d SET area = b.area FROM grid_building b
    WHERE b.id = d.building_id AND {b} AND d.area <> b.area""",
    """UPDATE grid_doornote n SET area = d.area FROM grid_dwelling d
    WHERE d.id = n.dwelling_id AND {d} AND n.area <> d.area""",
    """UPDATE grid_visit v SET area = d.area FROM grid_dwelling d
    WHERE d.id = v.dwelling_id AND {d} AND v.area <> d.area""",
    """UPDATE grid_visitwithdrawal w SET area = v.area FROM grid_visit v
    WHERE v.id = w.visit_id AND {v} AND w.area <> v.area""",
    """UPDATE grid_household h SET area = d.area FROM grid_dwelling d
    WHERE d.id = h.dwelling_id AND {d} AND h.area <> d.area""",
    """UPDATE grid_residence s SET area = d.area FROM grid_dwelling d
    WHERE d.id = s.dwelling_id AND {d} AND s.area <> d.area""",
    """UPDATE grid_resident r SET area = s.area FROM grid_residence s
    WHERE s.resident_id = r.id AND s.ends IS NULL AND s.kind = 'living' AND {s} AND r.area <> s.area""",
    """UPDATE grid_need n SET area = r.area FROM grid_resident r
    WHERE r.id = n.resident_id AND {r} AND n.area <> r.area""",
)


def relink(communities: list[str]) -> list[str]:
    """Find today's cell of all that stands or happened in these communities; what changed, in words."""
    buildings = incidents = 0
    for community in communities:
        with transaction.atomic():
            changed = _relink_buildings(community)
            buildings += changed
            incidents += _relink_points(Incident, community)
            _relink_points(ServicePoint, community)
            _relink_points(Component, community)
            if changed:
                _follow(community)
    said = []
    if buildings:
        said.append(f"{buildings:,} buildings and all in them were told their new cell.")
    if incidents:
        said.append(f"{incidents:,} incidents were told their new cell.")
    return said


def _rows(table: str, column: str, community: str) -> tuple[np.ndarray, np.ndarray]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, ST_AsBinary({column}) FROM {table} WHERE area >= %s AND area < %s ORDER BY id",  # noqa: S608 - ours
            [community, community + ":"],
        )
        rows = cursor.fetchall()
    shapes = shapely.from_wkb([bytes(shape) for _, shape in rows]) if rows else np.empty(0, dtype=object)
    return np.array([key for key, _ in rows], dtype=np.int64), shapes


def _relink_buildings(community: str) -> int:
    ids, shapes = _rows(Building._meta.db_table, "geometry", community)
    if not len(ids):
        return 0
    cells = cells_within(shapely.total_bounds(shapes), community).on(timezone.localdate())
    found, _share = place_outlines(shapes, cells.shapes)
    inside = found != NOWHERE
    cell = np.array([int(cells.cells[place]) if place != NOWHERE else None for place in found], dtype=object)
    area = np.where(inside, cells.codes[np.maximum(found, 0)] if len(cells) else "", community).astype(object)
    return merge(Building, ids, {"cell": cell, "area": area}).updated


def _relink_points(model: type[Incident] | type[ServicePoint] | type[Component], community: str) -> int:
    ids, shapes = _rows(model._meta.db_table, "position", community)
    if not len(ids):
        return 0
    cells = cells_within(shapely.total_bounds(shapes), community).on(timezone.localdate())
    found = place_points(shapely.get_coordinates(shapes), cells.shapes)
    area = np.where(found != NOWHERE, cells.codes[np.maximum(found, 0)] if len(cells) else "", community).astype(object)
    return merge(model, ids, {"area": area}).updated


def _follow(community: str) -> None:
    bounds = {alias: f"{alias}.area >= %(low)s AND {alias}.area < %(high)s" for alias in "bdsrv"}
    with connection.cursor() as cursor:
        for statement in _FOLLOWING:
            cursor.execute(statement.format(**bounds), {"low": community, "high": community + ":"})
