"""The calendar in force: holidays and make-up days from the code table `calendar_day`, working hours from `work_hours`.

The State Council announces a year's arrangement in the November before. A year of which no day is in the table is not
known: it goes by its weekends, and whoever sees a time limit that reaches into it is told so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from gis.codes.entries import Code
from gis.codes.loading import read_table
from gis.incidents.working_time import SESSIONS, WorkCalendar

TABLE = "calendar_day"
HOURS = "work_hours"
OFF, WORK = "off", "work"
_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_SESSION = re.compile(r"[,，;；、\n]+")


@dataclass(frozen=True)
class Day:
    """A day that is not what its weekday says: a holiday, or a weekend day worked instead of one."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True)
class YearCalendar:
    """The days of every year that is known, by date, and the hours of a worked day."""

    days: Mapping[date, Day]
    work: WorkCalendar

    @property
    def years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.days)

    def knows(self, day: date) -> bool:
        """Whether a day's year has been entered; otherwise its weekends are taken for all there is."""
        return day.year in self.years

    def as_json(self) -> dict:
        """The calendar as a job is given it."""
        days = [[day.day.isoformat(), day.name, day.kind] for day in self.days.values()]
        return {"days": days, "hours": write_hours(self.work.sessions)}

    @staticmethod
    def from_json(told: dict) -> "YearCalendar":
        return _calendar(tuple(map(tuple, told["days"])), told["hours"])


def calendar_in_force() -> YearCalendar:
    """The calendar as the database has it now."""
    rows = Code.objects.filter(table__in=(TABLE, HOURS), retired=False).order_by("table", "code")
    found = rows.values_list("table", "code", "name", "details__kind")
    days = tuple((code, name, kind) for table, code, name, kind in found if table == TABLE)
    hours = next((name for table, _code, name, _kind in found if table == HOURS), "")
    return _calendar(days, hours)


def official_calendar() -> YearCalendar:
    """The calendar as the project ships it: for what is made before there is a database."""
    return _calendar(tuple((row["code"], row["name"], row["kind"]) for row in read_table(TABLE)), "")


@lru_cache(maxsize=8)
def _calendar(rows: tuple[tuple[str, str, str], ...], hours: str) -> YearCalendar:
    days = {day.day: day for day in _days(rows)}
    return YearCalendar(days, work_calendar(days.values(), read_hours(hours) or SESSIONS))


def work_calendar(days: Iterable[Day], sessions: tuple[tuple[int, int], ...]) -> WorkCalendar:
    days = list(days)
    return WorkCalendar(
        frozenset(day.day for day in days if day.kind == OFF),
        frozenset(day.day for day in days if day.kind == WORK),
        sessions,
    )


def _days(rows: Iterable[tuple[str, str, str]]) -> Iterable[Day]:
    """The rows that name a day. A row that does not, which only a hand in the code tables can make, is no day."""
    for code, name, kind in rows:
        try:
            day = date.fromisoformat(code)
        except ValueError:
            continue
        if kind in (OFF, WORK):
            yield Day(day, kind, name)


def read_hours(text: str) -> tuple[tuple[int, int], ...] | None:
    """Working hours such as 09:00-12:00, 13:00-18:00 as seconds since midnight; None where that is not what it says."""
    sessions = []
    for part in filter(None, (part.strip() for part in _SESSION.split(text))):
        found = _HOURS.fullmatch(part)
        if found is None:
            return None
        hour, minute, till, past = map(int, found.groups())
        if minute > 59 or past > 59:
            return None
        sessions.append((hour * 3600 + minute * 60, till * 3600 + past * 60))
    bounds = [bound for session in sessions for bound in session]
    rising = all(one < two for one, two in pairwise(bounds))
    return tuple(sessions) if bounds and rising and bounds[-1] <= 86400 else None


def write_hours(sessions: tuple[tuple[int, int], ...]) -> str:
    return ", ".join("-".join(f"{bound // 3600:02}:{bound % 3600 // 60:02}" for bound in one) for one in sessions)
