"""Days, moments and spans of time as programs write them (RFC 3339), and what they mean for the features of a kind."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import BadQuery
from layers.features.kind import Condition, Kind

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Years that a database and a time zone can work with.
_YEARS = range(1000, 9000)


def read_day(text: str) -> date:
    """Raises BadQuery."""
    try:
        if not _DAY.fullmatch(text) or (day := date.fromisoformat(text)).year not in _YEARS:
            raise ValueError(text)
    except ValueError:
        raise BadQuery(_("“%(text)s”不是日期。") % {"text": text[:40]}, fix=_("请写成 2026-01-31。")) from None
    return day


def read_moment(text: str) -> datetime:
    """A moment with its zone. Raises BadQuery."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper()))
        if moment.year not in _YEARS:
            raise ValueError(text)
    except ValueError:
        message = _("“%(text)s”不是带时区的时间。") % {"text": text[:40]}
        raise BadQuery(message, fix=_("请写成 2026-01-31T08:00:00Z。")) from None
    return moment


def span(text: str) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment of `datetime`: an instant, `a/b`, `../b`, `a/..`; a day is all of it here.

    None is an open end. Raises BadQuery.
    """
    parts = text.strip().split("/")
    if len(parts) > 2:
        raise BadQuery(_("datetime 最多有一个“/”。"), fix=_("请写成 开始/结束，不限的一端写 ..。"))
    if len(parts) == 1:
        return _end(parts[0], last=False), _end(parts[0], last=True)
    first, last = (None if part in ("", "..") else _end(part, last=bool(place)) for place, part in enumerate(parts))
    if first and last and first > last:
        raise BadQuery(_("时间段的开始晚于结束。"), fix=_("请互换两个时间。"))
    return first, last


def _end(text: str, last: bool) -> datetime:
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", text)  # a plus sign that was not encoded arrives as a blank
    if len(text) > 10:
        return read_moment(text)
    begins = timezone.make_aware(datetime.combine(read_day(text), datetime.min.time()))
    return begins + timedelta(days=1, microseconds=-1) if last else begins


def during(kind: Kind, text: str) -> Condition | None:
    """The features of that time; None where features of the kind have none. Raises BadQuery."""
    first, last = span(text)
    if not kind.times:
        return None
    if len(kind.times) == 1:
        return _between(kind.times[0], first, last)
    starts, ends = kind.times
    parts = ["TRUE"]
    values: list = []
    if last:
        parts.append(f"({starts} IS NULL OR {starts} <= %s)")
        values.append(timezone.localdate(last))
    if first:
        parts.append(f"({ends} IS NULL OR {ends} > %s)")
        values.append(timezone.localdate(first))
    return Condition(" AND ".join(parts), tuple(values))


def _between(column: str, first: datetime | None, last: datetime | None) -> Condition:
    bounds = [(f"{column} >= %s", first), (f"{column} <= %s", last)]
    kept = [(sql, value) for sql, value in bounds if value is not None]
    return Condition(" AND ".join(sql for sql, _value in kept) or "TRUE", tuple(value for _sql, value in kept))
