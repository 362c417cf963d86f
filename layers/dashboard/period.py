"""Local days and moments: the period a dashboard looks at, and the earlier ones it is compared with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from gis.incidents.finding import Wanted

#: Days looked at where a filter names none.
USUAL_DAYS = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Local days from the first to the last, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, wanted: Wanted, today: date) -> "Period":
        """The days a filter asks for; where it leaves an end open, thirty days to the other or until today."""
        if wanted.days:
            return cls(today - (wanted.days - 1) * _DAY, today)
        last = wanted.last or max(today, wanted.first or today)
        return cls(wanted.first or last - (USUAL_DAYS - 1) * _DAY, last)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def moved(self, days: int) -> "Period":
        return Period(self.first + days * _DAY, self.last + days * _DAY)

    @property
    def before(self) -> "Period":
        """The days of the same number directly before."""
        return self.moved(-len(self))

    def asked(self, wanted: Wanted) -> Wanted:
        """The filter with these days in place of its own."""
        return replace(wanted, days=None, first=self.first, last=self.last)


def any_time(wanted: Wanted) -> Wanted:
    """The filter without its days."""
    return replace(wanted, days=None, first=None, last=None)


@dataclass(frozen=True)
class Clock:
    """The one moment a dashboard is counted at: `now`, a whole second in the local zone."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())

    def midnight(self, day: date) -> int:
        """The moment a local day begins, in seconds since 1970."""
        return int(datetime.combine(day, time.min, tzinfo=self.now.tzinfo).timestamp())

    def midnights(self, days: Iterable[date]) -> np.ndarray:
        return np.array([self.midnight(day) for day in days], dtype=np.int64)

    def window(self, period: Period, back: int = 0) -> tuple[int, int]:
        """First moment of a period, moved back by some days, and the first after it.

        A period that today belongs to is not over: moved back it is cut at this time of day, so that half a day is
        compared with half a day.
        """
        start = self.midnight(period.first - back * _DAY)
        if back and period.first <= self.today <= period.last:
            cut = datetime.combine(self.today - back * _DAY, self.now.time(), tzinfo=self.now.tzinfo)
            return start, int(cut.timestamp()) + 1
        return start, self.midnight(period.last + (1 - back) * _DAY)
