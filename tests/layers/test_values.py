"""Figures per cell and area: counted right, rolled up, withheld when small, absent outside the scope."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.errors import WanggeError
from gis.models import Building, Dwelling, Need, Residence, Resident, User, Visit
from layers.indicators import INDICATORS
from layers.places import LAYERS
from layers.values import Question, values
from tests.layers.asking import Posted, access, figures, hidden
from tests.layers.drawn import COMMUNITY, EAST, WEST, draw_community

pytestmark = pytest.mark.django_db


SUPERVISOR = access("district_supervisor", "990101")


def move_in(area: str, number: int, born: date = date(1980, 1, 1)) -> None:
    building = Building.objects.get(area=area)
    for _ in range(number):
        room = str(Dwelling.objects.count() + 101)
        dwelling = Dwelling.objects.create(building=building, room=room, area=area, state="occupied")
        resident = Resident.objects.create(name="某某", born=born, area=area)
        Residence.objects.create(resident=resident, dwelling=dwelling, starts=date(2020, 1, 1), area=area)


@pytest.fixture(autouse=True)
def _place(db):
    draw_community()


def shown(layer: str, indicator: str, who: Access = SUPERVISOR) -> dict:
    return figures(layer, indicator, who)


def test_it_counts_people_by_cell():
    move_in(WEST, 7)
    move_in(EAST, 5)
    assert shown("cells", "population") == {WEST: 7, EAST: 5}


def test_it_rolls_up_to_the_community():
    move_in(WEST, 7)
    move_in(EAST, 5)
    assert shown("community", "population") == {COMMUNITY: 12}


def test_it_does_not_count_who_has_left():
    move_in(WEST, 6)
    Residence.objects.filter(pk=Residence.objects.filter(area=WEST).first().pk).update(ends=date(2021, 1, 1))
    assert shown("cells", "population")[WEST] == 5


def test_it_withholds_small_counts_and_their_complement_from_those_above():
    move_in(WEST, 3)
    move_in(EAST, 20)
    assert shown("cells", "population") == {WEST: None, EAST: None}
    assert hidden(values(Question("cells", "population"), SUPERVISOR)) == [WEST, EAST]


def test_it_shows_the_cells_own_worker_the_small_count():
    move_in(WEST, 3)
    assert shown("cells", "population", access("grid_worker", WEST)) == {WEST: 3}


def test_it_gives_a_density_by_ground():
    move_in(WEST, 10)
    square_km = 0.852 * 1.1104  # a hundredth of a degree each way at 40.1° N (standards, §9.1)
    assert shown("cells", "density")[WEST] == pytest.approx(10 / square_km, rel=0.01)


def test_it_gives_a_share_and_nothing_where_there_is_no_whole():
    move_in(WEST, 4)
    Dwelling.objects.filter(pk=Dwelling.objects.filter(area=WEST).first().pk).update(state="empty")
    assert shown("cells", "vacancy") == {WEST: 25, EAST: None}


def test_it_tells_ages_by_birthday():
    today = date.today()  # noqa: DTZ011 - the database's day is meant
    move_in(WEST, 6, born=today.replace(year=today.year - 80, day=min(today.day, 28)))
    move_in(WEST, 9, born=date(today.year - 40, 1, 1))
    assert shown("cells", "elders80")[WEST] == 6


def test_it_shows_nothing_of_another_street():
    move_in(WEST, 9)
    assert shown("cells", "population", access("street_supervisor", "990102001")) == {}


def test_it_gives_no_figure_of_people_to_a_role_without_the_right():
    move_in(WEST, 9)
    assert shown("cells", "population", access("administrator", "990101")) == {}


@pytest.mark.parametrize("indicator", INDICATORS)
def test_it_answers_for_every_indicator_on_every_layer(indicator):
    for layer in LAYERS:
        found = values(Question(layer, indicator, compare=True), SUPERVISOR)
        assert len(found.places) == len(found.values) == len(found.state)
        assert (found.previous is not None) == INDICATORS[indicator].compares


@pytest.mark.parametrize(("layer", "indicator"), [("moon", "population"), ("cells", "shoe_size")])
def test_it_refuses_what_it_does_not_know(layer, indicator):
    with pytest.raises(WanggeError):
        values(Question(layer, indicator), SUPERVISOR)


def test_it_keeps_scopes_apart_in_one_answer():
    both = Access.of_postings([Posted("grid_worker", WEST), Posted("grid_worker", EAST)])
    assert both.which("area.read") == Scope.of([WEST, EAST])
    move_in(WEST, 2)
    assert shown("cells", "population", both) == {WEST: 2, EAST: 0}


def test_it_counts_needs_where_the_role_is_told_of_them_and_knows_a_new_one_at_once():
    move_in(WEST, 12, born=date(1940, 1, 1))
    move_in(EAST, 9)
    old = Resident.objects.filter(area=WEST)
    Need.objects.bulk_create(
        Need(resident=one, tag="elder_alone", starts=date(2024, 1, 1), area=WEST) for one in old[:7]
    )
    assert shown("cells", "need_elder_alone") == {WEST: 7, EAST: 0}
    assert shown("cells", "alone80") == {WEST: 7, EAST: 0}
    Need.objects.filter(resident=old[0]).update(ends=date(2024, 6, 1))
    assert shown("cells", "need_elder_alone")[WEST] == 6
    assert shown("cells", "need_elder_alone", access("planner", COMMUNITY)) == {}
    assert shown("cells", "need_elder_alone", access("department_officer", "990101")) == {}


def test_it_counts_who_is_to_be_visited_and_by_which_day():
    move_in(WEST, 12)
    move_in(EAST, 9)
    today = timezone.localdate()
    west = Resident.objects.filter(area=WEST).order_by("pk")
    starts = [today - timedelta(days=7 + n) for n in range(-6, 6)]  # due in six days … five days late
    Need.objects.bulk_create(
        Need(resident=one, tag="elder_alone", starts=day, area=WEST) for one, day in zip(west, starts, strict=True)
    )
    assert shown("cells", "visits_late") == {WEST: 5, EAST: 0}
    assert shown("cells", "visits_due") == {WEST: 7, EAST: 0}
    by = User.objects.get(username="wang")
    Visit.objects.create(resident=west.last(), at=timezone.now(), day=today, by=by, outcome="met", area=WEST)
    assert shown("cells", "visits_late") == {WEST: None, EAST: 0}
    assert shown("cells", "visits_late", access("grid_worker", WEST)) == {WEST: 4}
    assert shown("cells", "visits_due") == {WEST: 8, EAST: 0}
    assert shown("cells", "visits_late", access("planner", COMMUNITY)) == {}
    assert shown("cells", "visits_late", access("department_officer", "990101")) == {}


def test_who_is_late_changes_at_midnight_by_itself(monkeypatch):
    move_in(WEST, 9)
    starts = timezone.localdate() - timedelta(days=7)
    people = Resident.objects.filter(area=WEST)
    Need.objects.bulk_create(Need(resident=one, tag="elder_alone", starts=starts, area=WEST) for one in people)
    assert shown("cells", "visits_late")[WEST] == 0
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("layers.values.this_second", lambda: tomorrow)
    assert shown("cells", "visits_late")[WEST] == 9
