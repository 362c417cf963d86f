"""Which rule fits which case, and which rule is never reached."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.routing.fitting import Conditions, Facts, covers, misses

FRIDAY = datetime(2026, 3, 6, 23, 30)  # noqa: DTZ001 - local, as rules see it
CASE = Facts("110113001006001", 7, "环境卫生", False, "resident", FRIDAY)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Conditions(), ""),
        (Conditions(area="110113001"), ""),
        (Conditions(area="110113002"), "area"),
        (Conditions(categories=frozenset({7, 8})), ""),
        (Conditions(categories=frozenset({8})), "kind"),
        (Conditions(majors=frozenset({"环境卫生"})), ""),
        (Conditions(categories=frozenset({8}), majors=frozenset({"环境卫生"})), ""),
        (Conditions(majors=frozenset({"消防安全"})), "kind"),
        (Conditions(urgent=True), "urgent"),
        (Conditions(urgent=False), ""),
        (Conditions(origins=frozenset({"hotline"})), "origin"),
        (Conditions(weekdays=frozenset({6, 7})), "weekday"),
        (Conditions(since=time(8), until=time(18)), "hours"),
        (Conditions(since=time(22), until=time(6)), ""),
        (Conditions(starts=date(2026, 3, 7)), "period"),
        (Conditions(ends=date(2026, 3, 6)), ""),
        (Conditions(ends=date(2026, 3, 5)), "period"),
    ],
)
def test_a_condition_names_the_field_that_does_not_fit(asked, field):
    assert misses(asked, CASE) == field


def at(hours: float) -> Facts:
    return Facts(CASE.area, 7, CASE.major, False, "resident", FRIDAY.replace(hour=0, minute=0) + timedelta(hours=hours))


def test_a_night_belongs_to_the_day_it_begins_on():
    night = Conditions(weekdays=frozenset({5}), since=time(22), until=time(6))
    assert [hour for hour in range(-24, 48) if not misses(night, at(hour))] == [22, 23, 24, 25, 26, 27, 28, 29]


def test_what_a_step_keeps_of_a_case_is_read_back():
    assert Facts.of_told(CASE.told()) == CASE


times = st.none() | st.tuples(st.sampled_from([0, 6, 8, 18, 22]), st.sampled_from([0, 6, 8, 18, 22])).filter(
    lambda pair: pair[0] != pair[1]
)
days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 9))


@st.composite
def conditions(draw) -> Conditions:
    hours = draw(times)
    return Conditions(
        area=draw(st.sampled_from(["", "110113", "110113001", "110113001006"])),
        categories=draw(st.frozensets(st.integers(1, 3), max_size=2)),
        majors=draw(st.frozensets(st.sampled_from("甲乙"), max_size=2)),
        urgent=draw(st.none() | st.booleans()),
        origins=draw(st.frozensets(st.sampled_from(["resident", "worker"]), max_size=2)),
        weekdays=draw(st.frozensets(st.integers(1, 7), max_size=3)),
        since=hours and time(hours[0]),
        until=hours and time(hours[1]),
        starts=draw(days),
        ends=draw(days),
    )


cases = st.builds(
    Facts,
    area=st.sampled_from(["110113001006001", "110113001007", "110113002001001"]),
    category=st.integers(1, 3),
    major=st.sampled_from("甲乙"),
    urgent=st.booleans(),
    origin=st.sampled_from(["resident", "worker", "hotline"]),
    at=st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 10)),  # noqa: DTZ001
)


@given(conditions(), conditions(), cases)
def test_a_rule_said_to_be_covered_is_never_reached(first, later, case):
    if covers(first, later, {case.category: case.major}) and not misses(later, case):
        assert not misses(first, case)


@given(conditions())
def test_a_rule_covers_itself(asked):
    assert covers(asked, asked)


@given(conditions())
def test_a_rule_that_asks_nothing_covers_every_other(asked):
    assert covers(Conditions(), asked)
