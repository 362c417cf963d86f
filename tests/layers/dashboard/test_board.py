"""Every figure of a dashboard is as many incidents as the list shows for the filter it carries, whatever is asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.finding import Wanted, find_incidents, this_second
from gis.incidents.incident import State
from gis.models import Category, Department, Incident
from layers import incident_copy
from layers.dashboard.board import Board, board
from layers.dashboard.period import Clock
from layers.incident_copy import incidents_now
from layers.incident_selection import selected
from tests.cast import CELL, COMMUNITY, DISTRICT, STREET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_cold():
    incident_copy.forget()
    yield
    incident_copy.forget()


def figures(counted: Board) -> Iterator[tuple[str, int, Wanted | None]]:
    """Everything on the page that can be listed: where it stands, its number, its filter."""
    now = counted.now
    kinds = [one for kind in counted.kinds for one in (kind, *kind.categories)]
    parts = {
        "top": [counted.total, now.today, now.yesterday, now.week, now.open, now.late],
        "findings": counted.findings,
        "trend": counted.trend.points,
        "strip": counted.strip.days,
        "kinds": kinds,
        "areas": counted.areas,
        "states": counted.states,
        "ages": counted.ages,
    }
    for name, marks in parts.items():
        yield from ((name, mark.count, mark.wanted) for mark in marks)
    for cell in counted.cells:
        yield "cell", cell.open, cell.wanted
        yield "late cell", cell.late, cell.late_wanted


def a_filter(random: Random) -> Wanted:
    today = timezone.localdate()

    def maybe(values) -> frozenset:
        return frozenset(random.sample(list(values), 2)) if random.random() < 0.3 else frozenset()

    ends = [None, today, today - timedelta(days=3), today - timedelta(days=200), date(2025, 7, 9)]
    return Wanted(
        text=random.choice(["", "", "", "楼"]),
        area=random.choice(["", STREET, COMMUNITY, CELL]),
        categories=maybe(Category.objects.filter(kind="community").values_list("pk", flat=True)),
        majors=maybe(Category.objects.filter(kind="community").values_list("major", flat=True).distinct()),
        states=maybe([*State.values, "open", "ended"]),
        late=random.random() < 0.15,
        departments=maybe([0, *Department.objects.values_list("pk", flat=True)]),
        origins=maybe(Incident.Source.values),
        days=random.choice([None, 1, 7, 30, 400]),
        first=random.choice(ends),
        last=random.choice(ends),
    )


@pytest.mark.parametrize("seed", range(10))
def test_every_figure_is_what_the_list_shows(db, seed):
    random = Random(seed)
    wanted, scope, now = a_filter(random), Scope.of([DISTRICT]), timezone.localtime(this_second())
    wanted = wanted if not (wanted.first and wanted.last) or wanted.first <= wanted.last else Wanted(area=wanted.area)
    copy = incidents_now()
    within = scope.within(wanted.area) if wanted.area else scope
    counted = board(copy, wanted, within, Clock(now), random.choice(["", "day", "week", "month"]))
    told = [one for one in figures(counted) if one[2] is not None]
    wrong = [one for one in told if len(selected(copy, one[2], scope, now)) != one[1]]
    assert wrong == []
    # The selection is held against the list by a test of its own; a few of the figures once more here.
    for name, number, listed in random.sample(told, 12):
        assert find_incidents(listed, scope, now).count() == number, name


@pytest.mark.parametrize("area", [DISTRICT, STREET, COMMUNITY])
def test_the_charts_agree_with_each_other(db, area):
    counted = of_area(area)
    total = counted.total.count
    assert total > 0
    assert sum(point.count for point in counted.trend.points) == total
    assert sum(kind.count for kind in counted.kinds) == total
    assert all(kind.count == sum(one.count for one in kind.categories) == sum(kind.line) for kind in counted.kinds)
    assert sum(one.count for one in counted.areas) == total
    assert counted.hours.total == total == sum(map(sum, counted.hours.counts))
    assert sum(counted.trend.before) == sum(kind.before for kind in counted.kinds)
    for groups in (counted.states, counted.ages):
        assert sum(one.count for one in groups) == counted.now.open.count
        assert sum(one.late for one in groups) == counted.now.late.count
    assert sum(one.rate.judged for one in counted.on_time.by_department) == counted.on_time.whole.judged
    assert sum(one.rate.on_time for one in counted.on_time.by_area) <= counted.on_time.whole.on_time


def of_area(area: str, **more) -> Board:
    now = timezone.localtime(this_second())
    return board(incidents_now(), Wanted(area=area, **more), Scope.of([area]), Clock(now))


def test_what_lies_in_no_area_below_is_counted_apart(db):
    Incident.objects.filter(area__startswith=COMMUNITY).update(area=COMMUNITY)
    counted = of_area(COMMUNITY, days=365)
    nowhere = counted.areas[-1]
    assert (nowhere.code, nowhere.wanted) == ("", None)
    assert nowhere.count == counted.total.count > 0


def test_an_area_without_incidents_says_so_everywhere(db):
    Incident.objects.filter(area__startswith=COMMUNITY).delete()
    counted = of_area(COMMUNITY)
    assert {number for _name, number, _wanted in figures(counted)} == {0}
    assert counted.on_time.whole.percent is None
    assert (counted.findings, counted.cells, counted.kinds) == ((), (), ())
    assert counted.now.today.standing == ""
    assert not counted.can_compare


def test_a_filter_of_ended_cases_has_nothing_open_to_list(db):
    counted = of_area(STREET, states=frozenset({"closed"}))
    assert (counted.now.open.count, counted.now.open.wanted) == (0, None)
    assert counted.total.count > 0


def test_nothing_outside_the_scope_is_counted(db):
    own = of_area(COMMUNITY, days=365)
    elsewhere = board(
        incidents_now(), replace(own.total.wanted, area=STREET), Scope.of([COMMUNITY]),
        Clock(timezone.localtime(this_second())),
    )  # fmt: skip
    assert elsewhere.total.count == own.total.count
    assert [one.code for one in elsewhere.areas] == [one.code for one in own.areas]
