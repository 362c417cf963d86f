"""The incidents a dashboard counts: those of its filter, picked out once, in order of time."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gis.accounts.scope import Scope
from gis.incidents.finding import GROUPS, OPEN, Wanted
from layers.dashboard.period import Clock, Period, any_time
from layers.dashboard.places import Places
from layers.incident_columns import Columns
from layers.incident_copy import Copy
from layers.incident_selection import Sieve, is_open

#: Days looked back at from the present: a year of the calendar, and the weeks before it that say what is usual.
_LOOKED_BACK = 371 + 91
#: Comparable earlier periods an expectation is made of: eight weeks' same days, twelve weeks.
DAYS_BEFORE, WEEKS_BEFORE = 8, 12
#: Days by which a bin is moved to its next comparable one: the same weekday, whichever the step.
SHIFTS = {"day": 7, "week": 7, "month": 28}


@dataclass(frozen=True)
class Facts:
    """Counted at one moment. `recent`: every row a chart over time looks at; `still_open`: all that are open, of any
    time; `begins`: when the first incident here was reported, or None. Both follow the filter, its days apart."""

    wanted: Wanted
    period: Period
    clock: Clock
    places: Places
    recent: Columns
    still_open: Columns
    begins: int | None

    @classmethod
    def gather(cls, copy: Copy, wanted: Wanted, scope: Scope, places: Places, clock: Clock) -> "Facts":
        period = Period.of(wanted, clock.today)
        sieve = Sieve(copy, wanted, scope, clock.now)
        chosen = sieve.but("time")
        low = clock.midnight(_earliest(period, clock))
        recent = chosen.narrowed(lambda columns: columns.at >= low).rows()
        here = sieve.but("time", "kind", "state", "late", "department", "origin").column("at")
        begins = int(here.min()) if len(here) else None
        return cls(wanted, period, clock, places, recent, chosen.narrowed(is_open).rows(), begins)

    def count(self, windows: np.ndarray) -> np.ndarray:
        """How many incidents fall into each of some windows (… × 2, first moment and first after it)."""
        cuts = np.searchsorted(self.recent.at, windows)
        return cuts[..., 1] - cuts[..., 0]

    def during(self, period: Period) -> Columns:
        """The incidents of whole local days."""
        return self.between(*self.clock.window(period))

    def between(self, start: int, end: int) -> Columns:
        return self.recent.taken(slice(*np.searchsorted(self.recent.at, [start, end])))

    @cached_property
    def now_counted(self) -> Columns:
        """The incidents of the period."""
        return self.during(self.period)

    @cached_property
    def counted_before(self) -> Columns:
        """The incidents of the same number of days directly before, up to this time of day where today is the last."""
        return self.between(*self.clock.window(self.period, len(self.period)))

    def open_wanted(self, **more) -> Wanted | None:
        """The filter of what is open now, of any time; None where the filter asks for ended cases only."""
        states = self.wanted.every_state() & GROUPS[OPEN] if self.wanted.states else frozenset({OPEN})
        return replace(any_time(self.wanted), states=states, **more) if states else None


def _earliest(period: Period, clock: Clock):
    """The first day any chart looks at."""
    compared = period.before.moved(-DAYS_BEFORE * max(SHIFTS.values()))
    year = Period(clock.today, clock.today).moved(-_LOOKED_BACK)
    return min(compared.first, year.first, Period(period.last, period.last).moved(-_LOOKED_BACK).first)
