"""Changing the calendar: a year's days as a whole, a day, the hours. Old time limits are counted anew by a job."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from gis.codes.entries import Code
from gis.incidents.holidays import HOURS, TABLE, Day, YearCalendar, calendar_in_force, work_calendar, write_hours


def with_days(calendar: YearCalendar, years: Iterable[int], days: Iterable[Day]) -> YearCalendar:
    """The calendar with those years' days replaced: what it would be, before it is."""
    years = set(years)
    kept = {day: one for day, one in calendar.days.items() if day.year not in years}
    found = kept | {one.day: one for one in days}
    return YearCalendar(found, work_calendar(found.values(), calendar.work.sessions))


def with_hours(calendar: YearCalendar, sessions: tuple[tuple[int, int], ...]) -> YearCalendar:
    return YearCalendar(calendar.days, work_calendar(calendar.days.values(), sessions))


@transaction.atomic
def replace_days(years: Iterable[int], days: Iterable[Day]) -> YearCalendar:
    """Let those years have these days and no others. Returns the calendar as it was."""
    before = calendar_in_force()
    days = list(days)
    said = [day.isoformat() for day in before.days if day.year in set(years)]
    Code.objects.filter(table=TABLE, code__in=said).update(retired=True)
    for day in days:
        fields = {"name": day.name, "details": {"kind": day.kind}, "retired": False}
        Code.objects.update_or_create(table=TABLE, code=day.day.isoformat(), defaults=fields)
    return before


@transaction.atomic
def set_day(day: date, kind: str, name: str) -> YearCalendar:
    """Let one day be off, or worked; or, with no kind, what its weekday says. Returns the calendar as it was."""
    before = calendar_in_force()
    Code.objects.filter(table=TABLE, code=day.isoformat()).update(retired=True)
    if kind:
        fields = {"name": name, "details": {"kind": kind}, "retired": False}
        Code.objects.update_or_create(table=TABLE, code=day.isoformat(), defaults=fields)
    return before


@transaction.atomic
def set_hours(sessions: tuple[tuple[int, int], ...]) -> YearCalendar:
    """Let a worked day have these hours. Returns the calendar as it was."""
    before = calendar_in_force()
    fields = {"name": write_hours(sessions), "retired": False}
    Code.objects.update_or_create(table=HOURS, code="all", defaults=fields)
    return before
