"""How many incidents each choice of a filter would find, the rest of the filter as it is; and when they happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gis.incidents.finding import GROUPS
from layers.heat_times import Times, times_of
from layers.incident_columns import ORIGINS, STATES, range_of
from layers.incident_selection import Sieve

#: Bars of the small chart of when.
_MOST_BARS = 62
#: Days it reaches back at most.
_LONGEST = 3 * 366


@dataclass(frozen=True)
class Facets:
    """Counts by choice; a choice that finds nothing is left out. `late` is what "late only" would find."""

    categories: dict[int, int]
    states: dict[str, int]
    late: int
    departments: dict[int, int]
    origins: dict[str, int]


def facets_of(sieve: Sieve) -> Facets:
    states = _named(sieve.but("state").column("state"), STATES)
    states |= {group: sum(states.get(one, 0) for one in members) for group, members in GROUPS.items()}
    return Facets(
        categories=_counted(sieve.but("kind").column("category")),
        states={name: count for name, count in states.items() if count},
        late=sieve.but("late").late(sieve.now),
        departments=_counted(sieve.but("department").column("department")),
        origins=_named(sieve.but("origin").column("origin"), ORIGINS),
    )


def by_area(sieve: Sieve, codes: Iterable[str]) -> dict[str, int]:
    """How many lie in each of some areas, one inside another or not."""
    area = np.sort(sieve.but("area").column("area"))
    return {code: int(np.diff(np.searchsorted(area, range_of(code)))[0]) for code in codes}


def by_time(sieve: Sieve, today: date, zone: ZoneInfo) -> tuple[Times, np.ndarray] | None:
    """Incidents by day, week or month up to today, whichever makes few enough bars; None where there are none."""
    chosen = sieve.but("time")
    # In order of time, so each bar is a slice.
    moments = [columns.values("at", rows) for columns, rows in chosen.meant if len(rows)]
    ends = [int(at[row]) for at in moments for row in (0, -1)]
    if not ends:
        return None
    last = max(today, datetime.fromtimestamp(max(ends), zone).date())
    first = max(datetime.fromtimestamp(min(ends), zone).date(), last - timedelta(days=_LONGEST))
    days = (last - first).days + 1
    times = times_of(first, last, "day" if days <= _MOST_BARS else "week" if days <= 7 * _MOST_BARS else "month", zone)
    return times, np.sum([np.diff(np.searchsorted(at, times.edges)) for at in moments], axis=0)


def _counted(numbers: np.ndarray) -> dict[int, int]:
    counts = np.bincount(numbers)
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


def _named(numbers: np.ndarray, names: dict[str, int]) -> dict[str, int]:
    counts = np.bincount(numbers[numbers >= 0], minlength=len(names))
    return {name: int(counts[number]) for name, number in names.items() if counts[number]}
