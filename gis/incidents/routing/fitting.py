"""Whether a rule fits a case, and whether one rule leaves anything to another: pure, so that they can be tried apart.

A condition that is empty asks nothing; all that are filled must hold. Of a field with several values any one will do;
categories (primary keys) and majors are one such field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType


@dataclass(frozen=True)
class Facts:
    """What rules ask of a case. `at` is local: the moment it is sent on."""

    area: str
    category: int
    major: str
    urgent: bool
    origin: str
    at: datetime

    def told(self) -> dict:
        """As JSON, for the step that tells why."""
        return vars(self) | {"at": self.at.isoformat()}

    @classmethod
    def of_told(cls, told: dict) -> "Facts":
        return cls(**told | {"at": datetime.fromisoformat(told["at"])})


@dataclass(frozen=True)
class Conditions:
    """What a rule asks. Days of the week count from 1, Monday. A span of hours from late to early goes over midnight,
    and belongs to the day it begins on: Friday 22:00–06:00 holds on Saturday at two. `starts` and `ends` are included.
    """

    area: str = ""
    categories: frozenset[int] = frozenset()
    majors: frozenset[str] = frozenset()
    urgent: bool | None = None
    origins: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    starts: date | None = None
    ends: date | None = None


#: The fields of a rule as a reader is told of them, in the order they are asked.
AREA, KIND, URGENT, ORIGIN, WEEKDAY, HOURS, PERIOD = "area", "kind", "urgent", "origin", "weekday", "hours", "period"


def misses(asked: Conditions, facts: Facts) -> str:
    """The first field in which a case does not fit; empty where it fits."""
    begun = _begun(asked, facts.at)
    tests = {
        AREA: facts.area.startswith(asked.area),
        KIND: not (asked.categories or asked.majors)
        or facts.category in asked.categories
        or facts.major in asked.majors,
        URGENT: asked.urgent in (None, facts.urgent),
        ORIGIN: not asked.origins or facts.origin in asked.origins,
        WEEKDAY: not asked.weekdays or begun.isoweekday() in asked.weekdays,
        HOURS: _in_hours(asked, facts.at.time()),
        PERIOD: (not asked.starts or asked.starts <= begun) and (not asked.ends or begun <= asked.ends),
    }
    return next((field for field, holds in tests.items() if not holds), "")


def _over_midnight(asked: Conditions) -> bool:
    return asked.since is not None and asked.until is not None and asked.since > asked.until


def _begun(asked: Conditions, at: datetime) -> date:
    """The day to which a moment belongs: the one before for the hours after midnight of a span that began on it."""
    return at.date() - timedelta(days=_over_midnight(asked) and at.time() < asked.until)


def _in_hours(asked: Conditions, at: time) -> bool:
    if asked.since is None or asked.until is None:
        return True
    if _over_midnight(asked):
        return at >= asked.since or at < asked.until
    return asked.since <= at < asked.until


def covers(first: Conditions, later: Conditions, majors: Mapping[int, str] = MappingProxyType({})) -> bool:
    """Whether every case that fits the later rule fits the first: then the later one is never reached.

    `majors`: category → its major, as far as known. May say no where it is so (hours are compared as they are written),
    never yes where it is not.
    """
    kinds = first.categories or first.majors
    return (
        later.area.startswith(first.area)
        and (not kinds or _within(later, first, majors))
        and first.urgent in (None, later.urgent)
        and _holds_all(first.origins, later.origins)
        and _same_times(first, later)
    )


def _within(later: Conditions, first: Conditions, majors: Mapping[int, str]) -> bool:
    asks = bool(later.categories or later.majors)
    known = all(one in first.categories or majors.get(one) in first.majors for one in later.categories)
    return asks and known and later.majors <= first.majors


def _holds_all(first: frozenset, later: frozenset) -> bool:
    return not first or (bool(later) and later <= first)


def _same_times(first: Conditions, later: Conditions) -> bool:
    hours = (first.since, first.until)
    timeless = None in hours
    if not timeless and hours != (later.since, later.until):
        return False
    if timeless and not (first.weekdays or first.starts or first.ends):
        return True
    # A day means the same to both only where neither, or both, go over midnight at the same hours.
    if _over_midnight(later) and hours != (later.since, later.until):
        return False
    return (
        _holds_all(first.weekdays, later.weekdays)
        and (not first.starts or (later.starts is not None and later.starts >= first.starts))
        and (not first.ends or (later.ends is not None and later.ends <= first.ends))
    )
