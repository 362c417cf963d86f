"""Nobody finds, nor is told of, what lies outside their scope."""

import pytest

from gis.accounts.scope import Scope
from gis.models import Building, Dwelling
from gis.places.finding import find
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db


def places_told(answer) -> list[str]:
    """The areas of everything an answer names."""
    areas = [one.place.area for one in answer.found if one.kind in ("building", "compound")]
    areas += [one.place.code for one in answer.found if one.kind in ("area", "cell")]
    return areas + [building.area for building in (answer.missing.nearest if answer.missing else ())]


@pytest.mark.parametrize("scope", [CELL, COMMUNITY, STREET])
def test_every_result_lies_inside(scope):
    here = Scope.of([scope])
    for building in Building.objects.exclude(area__startswith=scope).select_related("compound")[:300:10]:
        answer = find(building.label, here, 20)
        assert all(here.covers(area) for area in places_told(answer)), building.label


def test_a_worker_is_not_told_of_the_next_cell():
    """A number that stands in the same compound but another cell is no help, and no result."""
    here = Scope.of([CELL])
    inside = Building.objects.inside(here).filter(compound__isnull=False).exclude(number="")
    outside = Building.objects.filter(compound__in=inside.values("compound")).exclude(area=CELL).exclude(number="")
    for building in outside.select_related("compound"):
        if inside.filter(compound=building.compound, number=building.number).exists():
            continue
        answer = find(building.label, here)
        assert all(here.covers(area) for area in places_told(answer))
        if answer.missing:
            assert building.number not in [one.number for one in answer.missing.nearest]


def test_a_door_of_another_street_is_not_found():
    door = Dwelling.objects.filter(area__startswith=STREET, building__compound__isnull=False).first()
    answer = find(f"{door.building.label}{door}", Scope.of([OTHER_STREET]))
    assert not any(one.door for one in answer.found if one.door == door)


def test_a_worker_finds_the_doors_of_the_own_cell():
    here = Scope.of([CELL])
    for door in (
        Dwelling.objects.inside(here).filter(building__compound__isnull=False).select_related("building")[:40:4]
    ):
        found = find(f"{door.building.label}{door}", here).found[0]
        assert found.door == door
