"""The small chart of when the incidents of a filter happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from layers.incident_facets import by_time
from layers.incident_selection import Sieve
from web.pages.incident_filter_chips import Links

#: Height of the chart.
HIGH = 40


@dataclass(frozen=True)
class Bar:
    """One bar of the chart of when: how far its top lies under the highest possible, `HIGH`; the filter of its days."""

    label: str
    count: int
    top: float
    first: date
    last: date
    query: str
    on: bool


def bars_of(sieve: Sieve, links: Links) -> list[Bar]:
    """A bar a day, week or month; none where nothing is found."""
    today = timezone.localdate(sieve.now)
    found = by_time(sieve, today, ZoneInfo(settings.TIME_ZONE))
    if found is None:
        return []
    times, counts = found
    begins = [date.fromisoformat(name) for name in times.names]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), max(today, begins[-1])]
    highest, lies_in = max(1, int(counts.max())), _period_of(sieve)
    return [
        Bar(
            label=str(first) if first == last else f"{first} – {last}",
            count=count,
            top=HIGH - HIGH * count / highest,
            first=first,
            last=last,
            query=links.with_(days=None, first=first, last=last),
            on=lies_in(times.edges[k], times.edges[k + 1]),
        )
        for k, (first, last, count) in enumerate(zip(begins, ends, counts.tolist(), strict=True))
    ]


def _period_of(sieve: Sieve) -> Callable[[int, int], bool]:
    """Whether a stretch of time, in seconds since 1970, meets the period that is asked for."""
    begin, end = sieve.wanted.period(sieve.now)
    low, high = begin.timestamp() if begin else -inf, end.timestamp() if end else inf
    return lambda start, stop: bool(start < high and stop > low)
