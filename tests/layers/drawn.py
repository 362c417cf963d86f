"""A tiny place drawn on paper: one community of two square cells, a house in each, one straddling nothing."""

from datetime import date

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange

from gis import crs
from gis.models import Area, Building, Cell, CellVersion

COMMUNITY, WEST, EAST = "990101001001", "990101001001001", "990101001001002"


def square(x: float, y: float, side: float) -> MultiPolygon:
    """A square with its south-west corner at (x, y), all in degrees."""
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return MultiPolygon(Polygon(ring), srid=crs.STORE)


def draw_community() -> None:
    """Two cells of 0.01° side by side at 116.60° E 40.10° N, a building of 0.001° in the middle of each."""
    outline = MultiPolygon(
        Polygon([(116.60, 40.10), (116.62, 40.10), (116.62, 40.11), (116.60, 40.11), (116.60, 40.10)]), srid=crs.STORE
    )
    Area.objects.create(code=COMMUNITY, level="community", name="纸上社区", geometry=outline)
    for number, (code, x) in enumerate([(WEST, 116.60), (EAST, 116.61)], 1):
        cell = Cell.objects.create()
        CellVersion.objects.create(
            cell=cell,
            code=code,
            name=f"第{number}网格",
            geometry=square(x, 40.10, 0.01),
            valid=DateRange(date(2024, 1, 1)),
        )
        Building.objects.create(
            code=f"{COMMUNITY}{number:05d}",
            number=f"{number}号楼",
            geometry=square(x + 0.004, 40.104, 0.001),
            cell=cell,
            area=code,
        )
