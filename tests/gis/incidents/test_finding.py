"""Finding incidents by every filter of the list."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.finding import Wanted, find_by_number, find_incidents
from gis.models import Building, Category, Incident
from tests.web.pages.street import OTHER_STREET, STREET, A, build_street

pytestmark = pytest.mark.django_db
HERE = Scope.of([STREET])


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def found(**wanted) -> int:
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in wanted.items()}
    return find_incidents(Wanted(**sets), HERE).count()


def test_it_finds_those_in_scope_newest_first():
    times = [incident.reported_at for incident in find_incidents(Wanted(), HERE)]
    assert len(times) == 9
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("state", "number"), [("open", 6), ("ended", 3), ("closed", 3), ("reported", 3), ("disposed", 0)]
)
def test_it_finds_by_state(state, number):
    assert found(states={state}) == number


def test_it_finds_the_late_ones_only_while_they_are_open():
    assert found(late=True) == 3


def test_it_finds_by_area_and_category():
    category = Category.objects.get(kind="community", code="C0301")
    assert (found(area=A), found(categories={category.pk}), found(majors={category.major})) == (3, 9, 9)
    assert found(majors={"消防安全"}) == 0


def test_it_finds_by_building():
    building = Building.objects.filter(area=A).first()
    Incident.objects.filter(number="99001001001-1").update(building=building)
    assert found(building=building.pk) == 1


def test_it_counts_both_ends_of_a_period_by_local_days():
    day = timezone.localdate(Incident.objects.get(number="99001001001-2").reported_at)
    assert found(area=A, first=day, last=day) == 1
    assert found(area=A, first=day + timedelta(days=1)) == 1
    assert found(area=A, last=day - timedelta(days=1)) == 1
    assert found(first=date(2030, 1, 1)) == 0


def test_it_finds_what_has_any_of_several_values():
    category = Category.objects.get(kind="community", code="C0301")
    assert found(states={"closed", "reported"}) == 6
    assert found(states={"ended", "reported"}) == 6
    assert found(categories={category.pk}, majors={"消防安全"}) == 9
    assert found(departments={0}) == 9
    assert found(origins={"hotline", "worker"}) == found() - found(origins={"resident", "department", "import"})


def test_it_counts_the_last_days_from_today_which_is_one_of_them():
    noon = timezone.localtime().replace(hour=12)
    Incident.objects.update(reported_at=noon - timedelta(days=6))
    assert (found(days=7), found(days=6)) == (9, 0)
    assert found(days=7, first=date(2030, 1, 1)) == 9


def test_it_finds_by_number_place_and_description():
    assert (found(text="99001001001"), found(text="大街路口"), found(text="第2处")) == (3, 9, 3)


def test_it_finds_numbers_by_their_beginning_and_in_scope_only():
    assert [incident.number for incident in find_by_number("99001001001", HERE, 2)] == [
        "99001001001-3",
        "99001001001-2",
    ]
    assert find_by_number("99001001001", Scope.of([OTHER_STREET]), 5) == []
