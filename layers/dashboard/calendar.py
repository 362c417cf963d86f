"""Days and hours: a year as a strip of weeks × weekdays, and the week as hours × weekdays."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gis.incidents.finding import Wanted
from layers.dashboard.facts import Facts
from layers.dashboard.period import Period
from layers.heat_times import local_seconds

WEEKS = 53
_DAY = timedelta(days=1)
#: Shades of a strip, from none to most.
SHADES = 6


@dataclass(frozen=True)
class Day:
    day: date
    count: int
    shade: int  # 0 for none, 1 … SHADES - 1
    week: int
    weekday: int  # 0 is Monday
    wanted: Wanted


@dataclass(frozen=True)
class Strip:
    """The weeks up to the one in which the period ends, or the present where that is earlier."""

    period: Period
    days: tuple[Day, ...]
    months: tuple[tuple[int, date], ...]  # week in which a month begins, its first day
    bounds: tuple[int, ...]  # highest count of each shade
    total: int

    @property
    def weeks(self) -> list[list[Day | None]]:
        """Rows of a table: a week's seven days, None where the strip has none."""
        rows: list[list[Day | None]] = [[None] * 7 for _ in range(WEEKS)]
        for day in self.days:
            rows[day.week][day.weekday] = day
        return rows


def strip(facts: Facts) -> Strip:
    """Every day of a year, with its shade: fifths of the days on which something was reported."""
    last = min(facts.clock.today, facts.period.last)
    monday = last - (last.weekday() + 7 * (WEEKS - 1)) * _DAY
    period = Period(monday, last)
    days = [monday + number * _DAY for number in range(len(period))]
    edges = facts.clock.midnights([*days, last + _DAY])
    counts = facts.count(np.stack([edges[:-1], edges[1:]], axis=1))
    shades, bounds = shaded(counts)
    months = tuple(((day - monday).days // 7, day) for day in days if day.day == 1)
    return Strip(
        period,
        tuple(
            Day(day, int(count), int(shade), number // 7, number % 7, Period(day, day).asked(facts.wanted))
            for number, (day, count, shade) in enumerate(zip(days, counts, shades, strict=True))
        ),
        months,
        bounds,
        int(counts.sum()),
    )


def shaded(counts: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """The shade of each count, 0 for none, and the highest count of shades 1 …: equal numbers of cells where it can."""
    some = counts[counts > 0]
    if not some.size:
        return np.zeros(counts.shape, dtype=int), ()
    ends = np.quantile(some, np.arange(1, SHADES) / (SHADES - 1), method="higher")
    bounds = np.unique(ends)
    shades = np.searchsorted(bounds, counts) + 1
    return np.where(counts > 0, shades, 0), tuple(int(bound) for bound in bounds)


@dataclass(frozen=True)
class Hours:
    """`counts`: 7 weekdays from Monday × 24 hours, of the period."""

    counts: tuple[tuple[int, ...], ...]
    shades: tuple[tuple[int, ...], ...]
    bounds: tuple[int, ...]
    total: int


def hours(facts: Facts) -> Hours:
    """When in the week the incidents of the period were reported."""
    local = local_seconds(facts.now_counted.at, facts.clock.now.tzinfo)
    # 1970-01-01 was a Thursday.
    slots = (local // 86400 + 3) % 7 * 24 + local // 3600 % 24
    counts = np.bincount(slots, minlength=168).reshape(7, 24)
    shades, bounds = shaded(counts)
    return Hours(tuple(map(tuple, counts.tolist())), tuple(map(tuple, shades.tolist())), bounds, int(counts.sum()))
