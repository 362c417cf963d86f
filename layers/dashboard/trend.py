"""What came in over the period: by day, week or month, with the period before it and the band of what is usual."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from gis.incidents.expectation import expect
from gis.incidents.finding import Wanted
from layers.dashboard.facts import DAYS_BEFORE, SHIFTS, WEEKS_BEFORE, Facts
from layers.dashboard.period import Period

#: Points of one line; more would be closer together than a finger or an eye can tell apart.
MOST_POINTS = 400
#: Days up to which a step is chosen by itself.
_DAYS_UP_TO, _WEEKS_UP_TO = 62, 400
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pulse:
    """One count beside what is usual for such a period; `usual`, `low` and `high` are None where the past is short."""

    count: int
    usual: float | None
    low: int | None
    high: int | None
    wanted: Wanted

    @property
    def standing(self) -> str:
        """ "above", "below" or "usual"; "" where nothing is known."""
        if self.low is None or self.high is None:
            return ""
        return "above" if self.count > self.high else "below" if self.count < self.low else "usual"


@dataclass(frozen=True)
class Trend:
    step: str
    periods: tuple[Period, ...]
    points: tuple[Pulse, ...]
    before: tuple[int, ...] | None  # counts of the bins of the period before; None where it is not recorded
    total: int
    total_before: int | None
    unfinished: bool  # the last bin still grows


def step_of(period: Period, asked: str) -> str:
    """The step asked for where it makes a line one can read, else the finest that does."""
    if asked and asked not in SHIFTS:
        raise WanggeError(_("没有这种时间步长。"), fix=_("请选择日、周或月。"))
    usual = "day" if len(period) <= _DAYS_UP_TO else "week" if len(period) <= _WEEKS_UP_TO else "month"
    points = {"day": len(period), "week": len(period) / 7, "month": len(period) / 28}
    return asked if asked and points[asked] <= MOST_POINTS else usual


def trend(facts: Facts, step: str) -> Trend:
    """The bins of the period. Weeks are seven days counted back from its last: only the first may be short."""
    periods = tuple(_bins(facts.period, step))
    points = tuple(pulses(facts, periods, SHIFTS[step], DAYS_BEFORE))
    length = len(facts.period)
    windows = np.array([facts.clock.window(one, length) for one in periods], dtype=np.int64)
    known = facts.begins is not None and facts.begins < facts.clock.midnight(facts.period.before.last)
    before = tuple(int(number) for number in facts.count(windows)) if known else None
    total = sum(point.count for point in points)
    unfinished = periods[-1].first <= facts.clock.today <= periods[-1].last
    return Trend(step, periods, points, before, total, sum(before) if before is not None else None, unfinished)


def pulse(facts: Facts, period: Period) -> Pulse:
    """One period beside the same days of the weeks before."""
    return next(pulses(facts, (period,), 7, DAYS_BEFORE if len(period) == 1 else WEEKS_BEFORE))


def pulses(facts: Facts, periods: tuple[Period, ...], shift: int, back: int):
    """Each period beside `back` earlier ones, `shift` days apart."""
    moves = [number * shift for number in range(back + 1)]
    windows = np.array([[facts.clock.window(one, move) for move in moves] for one in periods], dtype=np.int64)
    counts = facts.count(windows)
    told = expect(counts[:, 1:])
    low, high = told.band()
    known = facts.begins is not None
    for at, period in enumerate(periods):
        sure = known and facts.begins <= windows[at, -1, 0]
        yield Pulse(
            int(counts[at, 0]),
            float(told.usual[at]) if sure else None,
            int(low[at]) if sure else None,
            int(high[at]) if sure else None,
            period.asked(facts.wanted),
        )


def _bins(period: Period, step: str):
    if step == "month":
        yield from _months(period)
        return
    days = 1 if step == "day" else 7
    short = len(period) % days
    if short:
        yield Period(period.first, period.first + (short - 1) * _DAY)
    for start in range(short, len(period), days):
        yield Period(period.first + start * _DAY, period.first + (start + days - 1) * _DAY)


def _months(period: Period):
    first = period.first
    while first <= period.last:
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield Period(first, min(after - _DAY, period.last))
        first = after
