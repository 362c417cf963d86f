"""The cases that the phone is held against (web/frontend/tests/find.test.ts), asked of the server's search."""

import json
from pathlib import Path

import pytest

from gis.accounts.scope import Scope
from gis.models import Building, Compound, Dwelling
from gis.places.address.spelling import spell
from gis.places.finding import find
from tests.web.pages.street import EAST, STREET, A, build_street, square

CASES = json.loads(Path(__file__).with_name("field_cases.json").read_text(encoding="utf-8"))
HERE = Scope.of([STREET])


@pytest.fixture
def buildings(db) -> list[Building]:
    build_street()
    return [_written(number, **told) for number, told in enumerate(CASES["buildings"])]


def _written(place: int, doors: list, compound: str = "", **told) -> Building:
    of = Compound.objects.get_or_create(name=compound, area=EAST)[0] if compound else None
    shape = square(116.601 + place / 1000, 40.107, 0.0005)
    building = Building.objects.create(code=f"{EAST}{70000 + place}", compound=of, area=A, geometry=shape, **told)
    Dwelling.objects.bulk_create(Dwelling(building=building, unit=unit, room=room, area=A) for unit, room in doors)
    return building


@pytest.mark.parametrize(("typed", "spelt"), CASES["spelling"])
def test_it_spells_alike(typed, spelt):
    assert spell(typed).text == spelt


def test_it_finds_alike(buildings):
    for typed, number, door in CASES["found"]:
        first = find(typed, HERE).found[0]
        assert first.place == buildings[number], typed
        assert (door and tuple(door)) == (first.door and (first.door.unit, first.door.room)), typed


def test_it_says_alike_what_is_not_there(buildings):
    for typed, of, asked, nearest in CASES["missing"]:
        missing = find(typed, HERE).missing
        assert (missing.of, missing.asked, missing.nearest[0]) == (of, asked, buildings[nearest]), typed
