"""Vector tiles: decoded by GDAL, held against the places they were made from."""

import math
from datetime import date

import pyogrio
import pytest
from django.contrib.gis.geos import GeometryCollection
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.accounts.scope import Scope
from gis.errors import BadGeometry
from gis.models import Area, Building, CellVersion
from layers.tiles import MAX_ZOOM, PARTS, Frame, tile
from tests.layers.drawn import COMMUNITY, EAST, WEST, draw_community, square

pytestmark = pytest.mark.django_db
ALL = Scope.of(["99"])


def address(z: int, lon: float = 116.6045, lat: float = 40.1045) -> tuple[int, int, int]:
    """The tile that holds a place."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * 2**z), int(y * 2**z)


def decoded(tmp_path, name: str, z: int, scope: Scope = ALL):
    z, x, y = address(z)
    file = tmp_path / "tile.pbf"
    file.write_bytes(tile(name, z, x, y, scope))
    return pyogrio.read_dataframe(file, X=x, Y=y, Z=z).to_crs(4326)


@pytest.fixture(autouse=True)
def _place(db):
    draw_community()


def test_it_carries_the_building_where_it_stands(tmp_path):
    shown = decoded(tmp_path, "buildings", 16)
    west = Building.objects.get(area=WEST)
    assert shown["mvt_id"].tolist() == [west.pk]
    assert shown["label"].tolist() == ["1号楼"]
    # A tile unit at zoom 16 is 15 cm of the drawing CRS; the corner may be off by half of it.
    assert shown.total_bounds == pytest.approx(west.geometry.extent, abs=2e-6)


@pytest.mark.parametrize("z", [10, 11, 12, 13, 15])
def test_it_carries_both_cells_at_every_zoom(tmp_path, z):
    shown = decoded(tmp_path, "cells", z)
    ids = set(CellVersion.objects.filter(code__in=[WEST, EAST] if z < 15 else [WEST]).values_list("pk", flat=True))
    assert set(shown["mvt_id"]) == ids
    # From afar words would be most of the tile.
    assert ("code" in shown, "name" in shown) == (z >= 12, z >= 12)


@pytest.mark.parametrize("z", [12, 13])
def test_it_carries_blocks_where_houses_are_too_small(tmp_path, z):
    shown = decoded(tmp_path, "buildings", z)
    houses = GeometryCollection(*(house.geometry for house in Building.objects.filter(area__in=[WEST, EAST])))
    assert shown.total_bounds == pytest.approx(houses.extent, abs=2e-5)
    assert len(decoded(tmp_path, "buildings", z, Scope.of([EAST]))) == 1


def test_it_draws_a_block_anew_at_once():
    before = tile("buildings", *address(13), ALL)
    Building.objects.filter(area=WEST).update(geometry=square(116.601, 40.101, 0.001))
    moved = tile("buildings", *address(13), ALL)
    Building.objects.filter(area=WEST).delete()
    assert len({before, moved, tile("buildings", *address(13), ALL)}) == 3


def test_it_carries_the_area(tmp_path):
    assert decoded(tmp_path, "areas", 12)["code"].tolist() == [COMMUNITY]


@pytest.mark.parametrize(("name", "z"), [("areas", 15), ("cells", 15), ("buildings", 15), ("buildings", 13)])
def test_it_is_empty_outside_the_scope(name, z):
    assert tile(name, *address(z), Scope.of(["110113002"])) == b""
    assert tile(name, *address(z), Scope(())) == b""


def test_it_shows_a_worker_the_own_cell_only(tmp_path):
    assert decoded(tmp_path, "cells", 13, Scope.of([EAST]))["code"].tolist() == [EAST]


def test_it_shows_a_moved_border_at_once():
    before = tile("areas", *address(14), ALL)
    Area.objects.filter(code=COMMUNITY).update(geometry=square(116.60, 40.10, 0.005))
    assert tile("areas", *address(14), ALL) != before


@pytest.mark.parametrize(
    ("name", "z"), [("areas", 15), ("cells", 15), ("buildings", 15), ("buildings", 13), ("base", 15)]
)
def test_it_finds_by_the_index_what_it_draws(name, z):
    z, x, y = address(z)
    with connection.cursor() as cursor:
        # On paper's few rows another way is as cheap: only whether the index can answer is asked.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false FROM pg_class, pg_am"
            " WHERE pg_class.oid = indexrelid AND pg_am.oid = relam AND amname = 'btree' AND relname LIKE 'grid%'"
        )
        for query, params in PARTS[name](Frame.of(z, x, y), z, ALL):
            cursor.execute(f"EXPLAIN {query}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index Cond: (drawing &&" in plan


def test_it_shows_only_the_version_in_force(tmp_path):
    CellVersion.objects.filter(code=WEST).update(valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    assert decoded(tmp_path, "cells", 13)["code"].tolist() == [EAST]


@pytest.mark.parametrize(
    ("name", "z", "x", "y"),
    [("cells", 3, 8, 0), ("cells", 3, 0, 9), ("people", 14, 0, 0), ("cells", MAX_ZOOM + 1, 0, 0), ("cells", 40, 0, 0)],
)
def test_it_refuses_what_is_no_tile(name, z, x, y):
    with pytest.raises(BadGeometry):
        tile(name, z, x, y, ALL)
