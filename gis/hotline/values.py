"""The cells of an export as values: moments, limits, phones, words of satisfaction. Pure; nothing is guessed.

Cells are what a sheet holds (text, number, date) or what a CSV says. What cannot be read for sure is not read.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from gis.incidents.category import Category
from gis.incidents.working_time import WorkCalendar, later, seconds_of_one

Cell = str | int | float | bool | date | datetime | time | timedelta | None

#: Day zero of spreadsheet serials, which count a 29 February 1900 that never was; and those that mean 1982 to 2119.
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - of whatever zone the sheet is
_SERIALS = (30_000, 80_000)
_YEARS = range(1990, 2100)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_DATED = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s,]*(?:星期.|周.)?\s*(上午|下午|晚上|凌晨|中午|AM|PM)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?"
    r"\s*(?::?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")


def as_text(cell: Cell) -> str:
    """A cell as text: half-width digits and letters stay as they were written, whole numbers without a point."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    text = str(cell)
    if text.isprintable():
        return text.strip()
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def in_line(cell: Cell) -> str:
    return " ".join(as_text(cell).split())


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet wrote a long number as 1.38E+10, by which its last digits are lost."""
    return _SCIENTIFIC.fullmatch(text) is not None


def read_moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """The moment a cell tells, None where it tells none for sure. Without a zone of its own it is of `zone`."""
    if isinstance(cell, datetime):
        return _bounded(cell if cell.tzinfo else cell.replace(tzinfo=zone))
    if isinstance(cell, date):
        return _bounded(datetime(cell.year, cell.month, cell.day, tzinfo=zone))
    if isinstance(cell, bool | time | timedelta):
        return None
    text = unicodedata.normalize("NFKC", as_text(cell))
    if compact := _COMPACT.fullmatch(text):
        return _made(compact.groups(), zone)
    if _NUMBER.fullmatch(text):
        return _of_number(float(text), zone)
    found = _DATED.fullmatch(text)
    return _written(found, zone) if found else None


def _of_number(number: float, zone: ZoneInfo) -> datetime | None:
    """A spreadsheet's serial, or seconds or milliseconds since 1970."""
    if _SERIALS[0] <= number < _SERIALS[1]:
        return _bounded((_SERIAL_START + timedelta(seconds=round(number * 86400))).replace(tzinfo=zone))
    for scale in (1, 1000):
        if 631_152_000 <= number / scale < 4_102_444_800:
            return datetime.fromtimestamp(number / scale, zone)
    return None


def _written(found: re.Match, zone: ZoneInfo) -> datetime | None:
    year, month, day, before, hour, minute, second, after, offset = found.groups()
    half, hours = (before or after or "").upper(), int(hour or 0)
    if (half in ("下午", "晚上", "PM") and hours < 12) or (half == "中午" and hours < 3):
        hours += 12
    elif half in ("上午", "凌晨", "AM") and hours == 12:
        hours = 0
    own = _zone(offset) if offset else zone
    return own and _made((year, month, day, str(hours), minute, second), own)


def _zone(offset: str) -> tzinfo | None:
    if offset in "Zz":
        return UTC
    sign, digits = (-1 if offset[0] == "-" else 1), offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else None


def _made(parts, zone) -> datetime | None:
    try:
        return _bounded(datetime(*(int(part or 0) for part in parts), tzinfo=zone))
    except ValueError:
        return None


def _bounded(moment: datetime) -> datetime | None:
    return moment if moment.year in _YEARS else None


_UNITS = (
    ("工作日", Category.Unit.WORK_DAY),
    ("工作小时", Category.Unit.WORK_HOUR),
    ("工作时", Category.Unit.WORK_HOUR),
    ("小时", Category.Unit.URGENT_HOUR),
    ("自然日", Category.Unit.NATURAL_DAY),
    ("日历日", Category.Unit.NATURAL_DAY),
    ("天", Category.Unit.NATURAL_DAY),
    ("日", Category.Unit.NATURAL_DAY),
)
_SPAN = re.compile(rf"(\d{{1,3}})\s*个?({'|'.join(word for word, _unit in _UNITS)})(?:内|以内|办结|内办结)?")


def read_due(cell: Cell, start: datetime, zone: ZoneInfo, work: WorkCalendar) -> datetime | None:
    """When something is to be settled: a moment (a day alone: its end), or a span such as 5个工作日 from a start."""
    span = _SPAN.fullmatch(unicodedata.normalize("NFKC", in_line(cell)))
    if span and int(span[1]):
        unit = str(dict(_UNITS)[span[2]])
        return later(start, seconds_of_one(int(span[1]), unit, work), unit, work)
    moment = read_moment(cell, zone)
    if moment is None or (moment <= start and moment.date() != start.date()):
        return None
    alone = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment + timedelta(hours=23, minutes=59, seconds=59) if alone else moment


@dataclass(frozen=True)
class Phone:
    """A caller's phone: its digits, or only the last four where the rest was covered; `trouble` where there is none."""

    digits: str = ""
    last4: str = ""
    trouble: str = ""


_APART = re.compile(r"[,，、;；/|\n]+|\s{2,}|或")
_NOBODY = ("", "无", "匿名", "保密", "不详", "未知", "-", "--", "/", "0")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-8]\d{6,7}")
_SHORT = re.compile(r"(?:95|96|12|400|800)\d{3,8}")
_COVERED = re.compile(r"[\d*＊xX×·]*[*＊xX×·]{2,}[\d*＊xX×·]*\d{4}")


def read_phone(cell: Cell) -> Phone:
    """The first phone of a cell: 13800138000, as a number too, +86 138-0013-8000, (010) 6543 2109, 138****8000."""
    text = unicodedata.normalize("NFKC", as_text(cell)).removesuffix(".0")
    if text in _NOBODY:
        return Phone()
    if isinstance(cell, str) and is_scientific(text):
        return Phone(trouble="lost_phone")
    found = [_one_phone(part) for part in _APART.split(text)]
    return next((one for one in found if one.digits), None) or next(
        (one for one in found if one.last4), Phone(trouble="bad_phone")
    )


def _one_phone(text: str) -> Phone:
    bare = re.sub(r"[\s()（）.—–-]", "", text)
    if _COVERED.fullmatch(bare):
        return Phone(last4=bare[-4:])
    bare = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)", "", bare)
    found = _MOBILE.search(bare) if not bare.isdigit() else None
    if found:  # 王女士13800138000
        return Phone(found[0], found[0][-4:])
    known = any(pattern.fullmatch(bare) for pattern in (_MOBILE, _LANDLINE, _SHORT))
    return Phone(bare, bare[-4:]) if known and bare.isascii() else Phone()


_CONTENT = {
    "非常满意": 5, "很满意": 5, "满意": 4, "比较满意": 4, "较满意": 4, "基本满意": 3, "一般": 3,
    "不满意": 2, "不太满意": 2, "非常不满意": 1, "很不满意": 1,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5,
}  # fmt: skip
_UNASKED = ("", "未评价", "无", "-", "未回访", "未接通", "默认", "拒访", "其他", "未表态")


def read_content(cell: Cell) -> int | None:
    """How content the caller was, 1 to 5; 0 where nobody asked, None where it cannot be read."""
    text = unicodedata.normalize("NFKC", in_line(cell)).removesuffix("星").removesuffix("分")
    return 0 if text in _UNASKED else _CONTENT.get(text)


_NAMELESS = ("匿名", "保密", "无", "不详", "未知", "先生", "女士", "市民", "群众", "-", "/")


def read_name(cell: Cell, longest: int) -> str:
    """A caller's name; "" for none."""
    text = in_line(cell)
    return "" if text in _NAMELESS else text[:longest]
