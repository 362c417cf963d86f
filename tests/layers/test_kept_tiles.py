"""Kept tiles: the same while nothing changes, right at once when something does, one scope's never another's."""

import gzip

import pytest
from django.contrib.gis.geos import LineString

from gis.accounts.scope import Scope
from gis.changes import DRAWN, gather, version
from gis.models import Area, Building, CellVersion, Ground, Way
from layers.kept_tiles import forget, kept_tile, mark_of
from layers.tiles import tile
from tests.layers.drawn import EAST, WEST, draw_community, square
from tests.layers.test_tiles import ALL, address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(db):
    forget()
    draw_community()
    yield
    forget()


def asked(name: str, scope: Scope = ALL, z: int = 14) -> bytes:
    packed = kept_tile(name, *address(z), scope, mark_of(name, scope))
    return gzip.decompress(packed) if packed else b""


@pytest.mark.parametrize("name", ["areas", "cells", "buildings"])
def test_it_is_the_tile_of_this_moment(name):
    assert asked(name) == asked(name) == tile(name, *address(14), ALL)


def test_it_makes_no_tile_twice():
    first, again = (kept_tile("buildings", *address(14), ALL, mark_of("buildings", ALL)) for _ in range(2))
    assert first
    assert first is again


@pytest.mark.parametrize(
    ("layer", "change"),
    [
        ("areas", lambda: Area.objects.update(name="改名")),
        ("cells", lambda: CellVersion.objects.filter(code=WEST).delete()),
        ("buildings", lambda: Building.objects.filter(area=WEST).update(geometry=square(116.601, 40.1, 0.001))),
        ("base", lambda: Ground.objects.create(kind="park", geometry=square(116.6, 40.1, 0.01))),
        (
            "base",
            lambda: Way.objects.create(kind="road", geometry=LineString((116.6, 40.1), (116.61, 40.1), srid=4326)),
        ),
    ],
)
def test_it_is_made_anew_when_its_layer_changes_and_only_then(layer, change):
    before = {name: version(name) for name in DRAWN}
    change()
    assert {name for name in DRAWN if version(name) != before[name]} == {layer}
    assert asked(layer) == tile(layer, *address(14), ALL)


@pytest.mark.parametrize(("name", "z"), [("cells", 13), ("buildings", 14), ("buildings", 13)])
def test_it_keeps_scopes_apart(name, z):
    everything, west, east = (asked(name, scope, z) for scope in (ALL, Scope.of([WEST]), Scope.of([EAST])))
    assert west != b""
    assert east not in (west, everything)
    assert asked(name, Scope(()), z) == b""


def test_it_survives_gathering():
    before = version("buildings")
    gather()
    assert version("buildings") == before
    Building.objects.filter(area=WEST).update(number="9号楼")
    assert version("buildings") == before + 1
