"""A community on squared paper, ten squares wide and ten high, each 0.001 degrees, with cells of whole squares.

x = 0 … 9 from west to east, y = 0 … 9 from south to north; `rect(0, 0, 5, 10)` is the western half.
"""

from datetime import timedelta

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone

from gis.exchange.copying import copy_columns, reserve_ids
from gis.models import Area, Building, Cell, CellVersion, Dwelling, Household, Incident, Posting, User
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.publishing import publish

HOME, NEXT = "110113001006", "110113001007"
STEP = 0.001
#: South-western corner of each community.
CORNER = {HOME: (116.65, 40.12), NEXT: (116.66, 40.12)}


def rect(west, south, east, north, community=HOME):
    """A rectangle of whole squares, with a corner on every square's, so that neighbours match exactly."""
    x, y = CORNER[community]
    ring = [(i, south) for i in range(west, east)] + [(east, j) for j in range(south, north)]
    ring += [(i, north) for i in range(east, west, -1)] + [(west, j) for j in range(north, south, -1)]
    return shapely.MultiPolygon([shapely.Polygon([(x + i * STEP, y + j * STEP) for i, j in ring])])


def squares(places, community=HOME):
    """The union of single squares."""
    parts = [rect(i, j, i + 1, j + 1, community).geoms[0] for i, j in places]
    union = shapely.union_all(parts)
    return union if union.geom_type == "MultiPolygon" else shapely.MultiPolygon([union])


def middle(i, j, community=HOME):
    x, y = CORNER[community]
    return x + (i + 0.5) * STEP, y + (j + 0.5) * STEP


def lay_ground():
    """A street with its two communities, without cells."""
    outlines = [rect(0, 0, 10, 10, community) for community in (HOME, NEXT)]
    street = shapely.MultiPolygon([shapely.union_all(outlines)])
    copy_columns(
        Area,
        {
            "code": ["110113", "110113001", HOME, NEXT],
            "level": ["district", "street", "community", "community"],
            "name": ["顺义区", "胜利街道", "幸福西街", "义宾街"],
            "geometry": np.array([street, street, *outlines], dtype=object),
        },
    )


def lay_cells(shapes, community=HOME, since=None, first=1):
    """Cells in force since a year ago, numbered in the order they are given; their codes."""
    since = since or timezone.localdate() - timedelta(days=365)
    codes = [f"{community}{number:03d}" for number in range(first, first + len(shapes))]
    keys = reserve_ids(Cell, len(shapes))
    copy_columns(Cell, {"id": keys})
    copy_columns(
        CellVersion,
        {
            "cell": keys,
            "code": codes,
            "name": [f"第{int(code[12:])}网格" for code in codes],
            "valid": [f"[{since},)"] * len(codes),
            "geometry": np.array(shapes, dtype=object),
        },
    )
    return codes


def build(i, j, area, households=1, community=HOME):
    """A house in the middle of a square, of the cell `area`, with so many households, each in a dwelling."""
    x, y = middle(i, j, community)
    cell = CellVersion.objects.filter(code=area).order_by("-pk").first()
    house = Building.objects.create(
        code=f"{community}{Building.objects.count() + 1:05d}",
        geometry=shapely.to_wkt(shapely.MultiPolygon([shapely.box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4)])),
        area=area,
        cell_id=cell.cell_id if cell else None,
    )
    for room in range(households):
        door = Dwelling.objects.create(building=house, room=str(room), area=area)
        Household.objects.create(dwelling=door, area=area)
    return house


def happen(i, j, area, category, community=HOME, **rest):
    """A case in the middle of a square."""
    x, y = middle(i, j, community)
    version = CellVersion.objects.filter(code=area).order_by("-pk").first()
    return Incident.objects.create(
        number=f"P{Incident.objects.count() + 1:05d}",
        category=category,
        reported_at=timezone.now(),
        position=f"SRID=4326;POINT({x} {y})",
        area=area,
        cell=version,
        **rest,
    )


def user(name):
    return User.objects.create_user(name, password="Wangge-demo-2026")


def post(name, area, role="grid_worker", days_ago=30):
    made = User.objects.filter(username=name).first() or user(name)
    starts = timezone.localdate() - timedelta(days=days_ago)
    return Posting.objects.create(user=made, role=role, area=area, starts=starts)


def draft(number, shape, code="", community=HOME, name="", kind="service"):
    return Draft(number, name or (f"第{int(code[12:])}网格" if code else ""), kind, community, code, shape)


def publish_now(drafts, communities=(HOME,), **rest):
    return publish(drafts, communities, timezone.localdate(), user=rest.pop("by", None), **rest)


def in_force(community=HOME):
    """Code → version of the cells of today."""
    found = CellVersion.objects.on(timezone.localdate()).filter(code__startswith=community)
    return {version.code: version for version in found}


def turn_back(days=1):
    """Let everything that was published have happened so many days earlier."""
    with connection.cursor() as cursor:
        # The earliest first: moved one after the other they never overlap.
        cursor.execute("SELECT id FROM grid_cellversion WHERE NOT isempty(valid) ORDER BY lower(valid)")
        for (key,) in cursor.fetchall():
            cursor.execute(
                "UPDATE grid_cellversion SET valid = daterange(lower(valid) - %s, upper(valid) - %s) WHERE id = %s",
                [days, days, key],
            )
