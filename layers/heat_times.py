"""The time bins of a heat map: local days and what is made of them, in seconds since 1970."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np
from django.utils.translation import gettext as _

from gis.errors import WanggeError

HOUR_OF_DAY = "hour-of-day"
STEPS = ("hour", "day", "week", "month", HOUR_OF_DAY)
#: Time bins of one cube; a year of hours is more than anyone slides through.
MOST_STEPS = 1500
#: Bins a day at most; where bins are few, days are what takes time.
_SHARES = {"hour": 24, "day": 1, "week": 1 / 7, "month": 1 / 7, HOUR_OF_DAY: 1 / 7}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """`names`: the local start of each bin, "2026-03-04" or "2026-03-04T05", or the hour of the day.

    `edges`: n + 1 moments that bound n bins, int64 seconds; for hours of the day the two ends of the period.
    `days`: days that fall in each bin; for hours of the day those of the whole period, in each of which the hour
    comes once.
    """

    step: str
    names: tuple[str, ...]
    edges: np.ndarray
    days: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.names)


def times_of(first: date, last: date, step: str, zone: tzinfo) -> Times:
    """The bins from the first local day to the last, both included. Weeks begin on Mondays; bins are cut at the ends.

    Raises WanggeError for a period that runs backwards, an unknown step, or too many bins.
    """
    if step not in STEPS:
        raise WanggeError(_("没有这种时间步长。"), fix=_("请选择小时、日、周、月或一天中的时段。"))
    if last < first:
        raise WanggeError(_("开始日期晚于结束日期。"), fix=_("请交换两个日期。"))
    if (last - first).days * _SHARES[step] >= MOST_STEPS:
        raise WanggeError(_("时间段太长，步长太细。"), fix=_("请缩短时间段，或选择更长的步长。"))
    if step == HOUR_OF_DAY:
        return _hours_of_day(first, last, zone)
    starts = list(_hours(first, last, zone) if step == "hour" else _days(first, last, step, zone))
    edges = np.array([int(moment.timestamp()) for moment in (*starts, _midnight(last + _DAY, zone))], dtype=np.int64)
    form = "%Y-%m-%dT%H" if step == "hour" else "%Y-%m-%d"
    return Times(step, tuple(moment.strftime(form) for moment in starts), edges, tuple(np.diff(edges) / 86400))


def _hours_of_day(first: date, last: date, zone: tzinfo) -> Times:
    ends = [int(_midnight(day, zone).timestamp()) for day in (first, last + _DAY)]
    days = float((last - first).days + 1)
    return Times(HOUR_OF_DAY, tuple(f"{hour:02d}" for hour in range(24)), np.array(ends, dtype=np.int64), (days,) * 24)


def _hours(first: date, last: date, zone: tzinfo) -> Iterator[datetime]:
    moment, end = _midnight(first, zone).astimezone(UTC), _midnight(last + _DAY, zone)
    while moment < end:
        yield moment.astimezone(zone)
        moment += timedelta(hours=1)


def _days(first: date, last: date, step: str, zone: tzinfo) -> Iterator[datetime]:
    begins = {"day": lambda day: True, "week": lambda day: day.weekday() == 0, "month": lambda day: day.day == 1}[step]
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if number == 0 or begins(day):
            yield _midnight(day, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def hours_of_day(at: np.ndarray, zone: tzinfo) -> np.ndarray:
    """The local hour, 0–23, of moments `at` in ascending seconds."""
    return local_seconds(at, zone) // 3600 % 24


def local_seconds(at: np.ndarray, zone: tzinfo) -> np.ndarray:
    """What local clocks showed at moments `at` in ascending seconds, as seconds since midnight of 1970-01-01."""
    if not len(at):
        return np.empty(0, dtype=np.int64)
    marks, offsets = _offsets(int(at[0]), int(at[-1]), zone)
    return at + np.array(offsets)[np.searchsorted(marks, at, side="right") - 1]


def _offsets(start: int, end: int, zone: tzinfo) -> tuple[list[int], list[int]]:
    """Moments from which an offset from UTC holds, and the offsets in seconds. Clocks change on full hours of UTC."""
    marks, offsets = [start], [_offset(start, zone)]
    for day in range(start - start % 3600, end + 86400, 86400):
        if _offset(day + 86400, zone) != offsets[-1]:
            change = next(hour for hour in range(day, day + 90000, 3600) if _offset(hour, zone) != offsets[-1])
            marks.append(change)
            offsets.append(_offset(change, zone))
    return marks, offsets


def _offset(moment: int, zone: tzinfo) -> int:
    return int(datetime.fromtimestamp(moment, zone).utcoffset().total_seconds())
