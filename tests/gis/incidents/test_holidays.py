"""The calendar from the code tables: what is arranged, what is not known, and what nonsense is left out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.holidays import TABLE, calendar_in_force, official_calendar, read_hours, write_hours
from gis.incidents.working_time import SESSIONS
from gis.models import Code


def worked_in(year: int, month: int) -> int:
    work = official_calendar().work
    days = (date(year, month, day) for day in range(1, 32) if _is_day(year, month, day))
    return sum(work.is_worked(day) for day in days)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("year", [2025, 2026])
def test_it_has_as_many_working_days_as_the_year_should(year):
    """A make-up day is paid for: 13 legal holidays a year since 2025, the rest of the days off are swapped."""
    weekdays = sum(date.fromordinal(day).weekday() < 5 for day in range(*_span(year)))
    worked = sum(worked_in(year, month) for month in range(1, 13))
    assert weekdays - worked == 13


def _span(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()


def test_february_2026_has_sixteen_working_days():
    assert worked_in(2026, 2) == 16


@pytest.mark.django_db
def test_the_database_has_what_the_file_says():
    assert calendar_in_force() == official_calendar()


@pytest.mark.django_db
def test_what_an_administrator_adds_counts_at_once_and_nonsense_does_not():
    assert not calendar_in_force().knows(date(2027, 1, 1))
    Code.objects.create(table=TABLE, code="2027-01-01", name="元旦", details={"kind": "off"})
    Code.objects.create(table=TABLE, code="2027-13-01", name="?", details={"kind": "off"})
    Code.objects.create(table=TABLE, code="2027-01-02", name="?", details={"kind": "party"})
    calendar = calendar_in_force()
    assert calendar.knows(date(2027, 6, 1))
    assert not calendar.work.is_worked(date(2027, 1, 1))
    assert date(2027, 1, 2) not in calendar.days


@pytest.mark.parametrize(
    "text", ["", "9-12", "09:00-12:00 13:00", "12:00-09:00", "09:00-12:00, 11:00-13:00", "09:60-12:00", "09:00-25:00"]
)
def test_it_refuses_hours_that_are_none(text):
    assert read_hours(text) is None


def test_it_reads_hours_as_people_write_them():
    assert read_hours("9:00-12:00，13:00-18:00") == SESSIONS
    assert read_hours("09：00—12：00；13：00～18：00") == SESSIONS


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).filter(lambda found: len(found) % 2 == 0))
def test_hours_written_are_read_again(minutes):
    bounds = [60 * minute for minute in sorted(minutes)]
    sessions = tuple(zip(bounds[::2], bounds[1::2], strict=True))
    assert read_hours(write_hours(sessions)) == sessions
