"""After cells have changed: what stands in their communities is told its cell, and everything in it follows.

Set by set, each statement touching only rows that change. An import does it a community at a time, in a transaction of
its own (`relink`), so an interrupted one is finished by running it again; the publication of a plan does it for all its
communities in the one transaction that changes the cells (`relink_within`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import shapely
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.areas.covering import scope_over
from gis.exchange.merging import merge
from gis.exchange.placing import NOWHERE, Ground, cells_within, nearest, place_outlines, place_points
from gis.incidents.incident import OPEN, Incident
from gis.places.building import Building
from gis.places.component import Component
from gis.places.service.point import ServicePoint

#: Each row follows another: `{d}` is the condition that the row of alias d lies in the communities.
_FOLLOWING = (
    """UPDATE grid_dwelling d SET area = b.area FROM grid_building b
    WHERE b.id = d.building_id AND {b} AND d.area <> b.area""",
    """UPDATE grid_doorplate p SET area = b.area FROM grid_building b
    WHERE b.id = p.building_id AND {b} AND p.area <> b.area""",
    """UPDATE grid_placealias a SET area = b.area FROM grid_building b
    WHERE b.id = a.building_id AND {b} AND a.area <> b.area AND NOT EXISTS (SELECT FROM grid_placealias o
      WHERE (o.area, o.kind, o.alias, o.name) = (b.area, a.kind, a.alias, a.name))""",
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
    """UPDATE grid_resident r SET area = s.area FROM grid_residence s
    WHERE s.resident_id = r.id AND s.kind = 'living' AND s.ends IS NOT NULL AND {s} AND r.area <> s.area
      AND NOT EXISTS (SELECT FROM grid_residence o
        WHERE o.resident_id = r.id AND o.kind = 'living' AND (o.ends IS NULL OR (o.ends, o.id) > (s.ends, s.id)))""",
    """UPDATE grid_lifeevent e SET area = d.area FROM grid_dwelling d
    WHERE d.id = e.dwelling_id AND {d} AND e.area <> d.area""",
    """UPDATE grid_lifeeventwithdrawal w SET area = e.area FROM grid_lifeevent e
    WHERE e.id = w.event_id AND {e} AND w.area <> e.area""",
    """UPDATE grid_organisation o SET area = b.area FROM grid_building b
    WHERE b.id = o.building_id AND {b} AND o.area <> b.area""",
    """UPDATE grid_organisationcheck k SET area = o.area FROM grid_organisation o
    WHERE o.id = k.organisation_id AND {o} AND k.area <> o.area""",
    """UPDATE grid_need n SET area = r.area FROM grid_resident r
    WHERE r.id = n.resident_id AND {r} AND n.area <> r.area""",
)
#: A point as PostgreSQL packs it below; a code is filled up with blanks.
_POINT = np.dtype([("id", ">i8"), ("x", ">f8"), ("y", ">f8"), ("area", "S15")])
_POINTS = """
COPY (SELECT string_agg(int8send(id) || float8send(ST_X(position)) || float8send(ST_Y(position))
    || rpad(area, 15)::bytea, '')
  FROM {table} WHERE {where} GROUP BY id / 100000) TO STDOUT (FORMAT binary)
"""
#: A point this near to a cell, metres, lies on its border: outlines are rounded, and drawn anew they round elsewhere.
_ON_BORDER_M = 0.1
WORLD = np.array([-180, -90, 180, 90])
_STANDING_AT = (Incident, ServicePoint, Component)


@dataclass(frozen=True)
class Relinked:
    """How many of each were told another cell."""

    buildings: int = 0
    incidents: int = 0
    service_points: int = 0
    components: int = 0

    def __add__(self, other: "Relinked") -> "Relinked":
        return Relinked(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Standing:
    """The buildings of some communities as they are linked now."""

    ids: np.ndarray  # int64
    areas: np.ndarray  # object: their codes of now
    shapes: np.ndarray  # Shapely, degrees

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Housed:
    """The same, each with its community and its cell as they are to be."""

    standing: Standing
    communities: np.ndarray  # object: 12 digits
    found: np.ndarray  # index in the ground, NOWHERE where no cell holds it


def relink(communities: list[str]) -> list[str]:
    """Find today's cell of all that stands or happened in these communities; what changed, in words."""
    changed = Relinked()
    for community in communities:
        with transaction.atomic():
            changed += relink_within([community], cells_of_today(community))
    said = []
    if changed.buildings:
        said.append(f"{changed.buildings:,} buildings and all in them were told their new cell.")
    if changed.incidents:
        said.append(f"{changed.incidents:,} incidents were told their new cell.")
    return said


def cells_of_today(area: str) -> Ground:
    """The cells in force in a community or street."""
    return cells_within(WORLD, area).on(timezone.localdate())


def relink_within(
    communities: Sequence[str],
    ground: Ground,
    *,
    deep: bool = False,
    outlines: Ground | None = None,
    housed: Housed | None = None,
) -> Relinked:
    """Tell all that stands or happened in these communities its cell among `ground`, in the caller's transaction.

    `deep`: look through what is in the buildings even where no building has another cell. `outlines`: the communities
    as they are now, where ground goes from one to another; without them everything stays in its own. `housed`: the
    buildings, where the caller has found their cells already and nobody else can have written since.
    """
    scope = scope_over(communities)
    buildings = _relink_buildings(housed or house(buildings_of(communities), ground, outlines), ground)
    points = [_relink_points(model, scope, ground, outlines) for model in _STANDING_AT]
    if buildings or deep:
        _follow(scope)
    return Relinked(buildings, *points)


def buildings_of(communities: Sequence[str]) -> Standing:
    condition, bounds = scope_over(communities).sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, area, ST_AsBinary(geometry) FROM grid_building WHERE {condition} ORDER BY id",  # noqa: S608
            bounds,
        )
        rows = cursor.fetchall()
    ids, areas, shapes = zip(*rows, strict=True) if rows else ((), (), ())
    return Standing(
        np.array(ids, dtype=np.int64), np.array(areas, dtype=object), shapely.from_wkb(list(map(bytes, shapes)))
    )


def house(standing: Standing, ground: Ground, outlines: Ground | None = None) -> Housed:
    """Find community and cell of each building."""
    communities = communities_of(standing, outlines)
    return Housed(standing, communities, cells_of_buildings(standing, ground, communities))


def communities_of(standing: Standing, outlines: Ground | None) -> np.ndarray:
    """The code of the community of each building (object array): its own, or that whose outline holds most."""
    own = np.array([area[:12] for area in standing.areas], dtype=object)
    if outlines is None or not len(own):
        return own
    found, _share = place_outlines(standing.shapes, outlines.shapes)
    return _in_outlines(own, found, shapely.get_coordinates(shapely.centroid(standing.shapes)), outlines)


def _in_outlines(own: np.ndarray, found: np.ndarray, xy: np.ndarray, outlines: Ground) -> np.ndarray:
    """What lies in no outline keeps its own community while there is one of that code, else it has the nearest."""
    lost = (found == NOWHERE) & ~np.isin(own, outlines.codes)
    found = found.copy()
    found[lost] = nearest(xy[lost], outlines.shapes)[0]
    inside = found != NOWHERE
    own[inside] = outlines.codes[found[inside]]
    return own


def communities_at(xy: np.ndarray, areas: np.ndarray, outlines: Ground | None) -> np.ndarray:
    """The same for points (n × 2, degrees)."""
    own = np.array([area[:12] for area in areas], dtype=object)
    return own if outlines is None else _in_outlines(own, place_points(xy, outlines.shapes), xy, outlines)


def cells_of_buildings(standing: Standing, ground: Ground, communities: np.ndarray | None = None) -> np.ndarray:
    """Index in `ground` of the cell that holds most of each building, of its community; NOWHERE where none does."""
    found = np.full(len(standing), NOWHERE, dtype=np.int64)
    for mine, cells in _by_community(standing.areas if communities is None else communities, ground):
        inside, _share = place_outlines(standing.shapes[mine], ground.shapes[cells])
        found[mine] = _in_ground(inside, cells)
    return found


def cells_of_points(xy: np.ndarray, areas: np.ndarray, ground: Ground) -> np.ndarray:
    """The same for points (n × 2, degrees): the lowest code that holds or touches each, else one hardly beside it."""
    found = np.full(len(xy), NOWHERE, dtype=np.int64)
    for mine, cells in _by_community(areas, ground):
        inside = place_points(xy[mine], ground.shapes[cells])
        lost = np.flatnonzero(inside == NOWHERE)
        beside, metres = nearest(xy[mine[lost]], ground.shapes[cells])
        inside[lost] = np.where(metres <= _ON_BORDER_M, beside, NOWHERE)
        found[mine] = _in_ground(inside, cells)
    return found


def codes_of(found: np.ndarray, areas: np.ndarray, ground: Ground) -> np.ndarray:
    """The codes of the cells found, the community's where none was (object array)."""
    codes = np.array([area[:12] for area in areas], dtype=object)
    inside = found != NOWHERE
    codes[inside] = ground.codes[found[inside]]
    return codes


def _by_community(areas: np.ndarray, ground: Ground) -> list[tuple[np.ndarray, np.ndarray]]:
    """(rows, cells) of each community that has both, as indices; cells in ascending order of their codes."""
    rows = _grouped(areas)
    by_code = np.argsort(ground.codes.astype("U15"), kind="stable")
    cells = {one: by_code[place] for one, place in _grouped(ground.codes[by_code]).items()}
    return [(rows[one], cells[one]) for one in sorted(rows.keys() & cells.keys())]


def _grouped(codes: np.ndarray) -> dict[str, np.ndarray]:
    """Community → the places of the codes in it, ascending."""
    if not len(codes):
        return {}
    number, distinct = pd.factorize(codes)
    communities, of_distinct = np.unique([code[:12] for code in distinct], return_inverse=True)
    group = of_distinct[number]
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(1, len(communities)))
    return dict(zip(communities.tolist(), np.split(order, starts), strict=True))


def _in_ground(inside: np.ndarray, cells: np.ndarray) -> np.ndarray:
    return np.where(inside == NOWHERE, NOWHERE, cells[np.maximum(inside, 0)])


def points_of(model: type[Model], scope: Scope, *, open_only: bool = False) -> tuple[np.ndarray, ...]:
    """Ids, codes (objects) and positions (n × 2, degrees) of a scope, of all or of the open incidents in it.

    Packed, as a row of each takes five times as long, and a geometry of each thirty times.
    """
    condition, bounds = scope.sql()
    if open_only:
        condition, bounds = f"{condition} AND state = ANY(%s)", [*bounds, OPEN]
    statement = _POINTS.format(table=model._meta.db_table, where=condition)
    with connection.cursor() as cursor, cursor.cursor.copy(statement, bounds) as copy:
        copy.set_types(["bytea"])
        rows = np.frombuffer(b"".join(row[0] for row in copy.rows()), dtype=_POINT)
    number, distinct = pd.factorize(rows["area"])
    areas = np.array([code.decode().rstrip() for code in distinct], dtype=object)
    xy = np.column_stack([rows["x"], rows["y"]]).astype(float)
    return rows["id"].astype(np.int64), areas[number], xy


def _relink_buildings(housed: Housed, ground: Ground) -> int:
    found = housed.found
    if not len(found):
        return 0
    cell = np.array([int(ground.cells[place]) if place != NOWHERE else None for place in found], dtype=object)
    area = codes_of(found, housed.communities, ground)
    return merge(Building, housed.standing.ids, {"cell": cell, "area": area}).updated


def _relink_points(
    model: type[Incident] | type[ServicePoint] | type[Component], scope: Scope, ground: Ground, outlines: Ground | None
) -> int:
    ids, areas, xy = points_of(model, scope)
    if not len(ids):
        return 0
    communities = communities_at(xy, areas, outlines)
    now = codes_of(cells_of_points(xy, communities, ground), communities, ground)
    moved = now != areas
    return merge(model, ids[moved], {"area": now[moved]}).updated if moved.any() else 0


def _follow(scope: Scope) -> None:
    with connection.cursor() as cursor:
        for statement in _FOLLOWING:
            alias = next(alias for alias in "bdsrveo" if f"{{{alias}}}" in statement)
            condition, bounds = scope.sql(f"{alias}.area")
            cursor.execute(statement.replace(f"{{{alias}}}", condition), bounds)
