"""The day of which a table is, where the lines above its heading say one.

Such as 填表日期：2026年11月20日, 截至2026-10-31, （2026年10月）.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date

_DAY = re.compile(r"(?<!\d)(20\d\d)\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(\d{1,2}))?(?!\d)")


def day_said(lines: Iterable[str], today: date) -> date | None:
    """The latest day of `lines` that has come, a month alone being its last day; None where they say none."""
    days = [day for line in lines for match in _DAY.finditer(line) if (day := _day(*match.groups(), today=today))]
    return max(days, default=None)


def _day(year: str, month: str, day: str | None, *, today: date) -> date | None:
    try:
        if day:
            found = date(int(year), int(month), int(day))
        else:
            found = date(int(year), int(month), calendar.monthrange(int(year), int(month))[1])
            found = min(found, today) if (found.year, found.month) == (today.year, today.month) else found
    except (ValueError, calendar.IllegalMonthError):
        return None
    return found if found <= today else None
