"""Reading a year's holidays from what people have at hand: the State Council's notice, or a list with a day a line.

    二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
    2026-02-14 班 春节调休
    2026/2/15 至 2026/2/23    休    春节

What a text says twice (a weekday in brackets, 共9天) is held against the calendar: the notice of another year, or a
slip, is noticed before it moves a time limit.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest

from django.utils.translation import gettext as _

from gis.incidents.holidays import OFF, WORK, Day

#: A span of days longer than this is a slip of the pen.
_LONGEST = 16
#: Characters of a notice; more is another document.
LONGEST_TEXT = 20_000
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = r"\s*(?:\([^()]*?(?:周|星期)([一二三四五六日天])[^()]*\)|\([^()]*\))?"
_DATE = r"(?:(\d{4})\s*[年/.-]\s*)?(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?"
_UNTIL = r"(?:(?:(\d{4})\s*[年/.-]\s*)?(\d{1,2})\s*[月/.-]\s*)?(\d{1,2})\s*日?"
_SPAN = re.compile(rf"(?<!\d){_DATE}(?!\d){_WEEKDAY}(?:\s*(?:至|到|~|—+|–)\s*{_UNTIL}(?!\d){_WEEKDAY})?")
_YEAR = re.compile(r"(?<!\d)(\d{4})\s*年(?!\s*\d)")
_ITEM = re.compile(r"^\s*(?:[一二三四五六七八九十]+[、.]|\d{1,2}[、.](?!\d))\s*([^::]{1,20}):")
_COUNT = re.compile(r"共\s*(\d{1,2})\s*天")
_WORKS = re.compile(r"上班|补班|调班|班|work", re.IGNORECASE)
_RESTS = re.compile(r"放假|休|假|off|holiday", re.IGNORECASE)
_SENTENCE = re.compile(r"[。;\n]+")


@dataclass
class Arrangement:
    """What a text says of days that are not what their weekday says, and what in it does not fit."""

    days: dict[date, Day] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        return sorted({day.year for day in self.days})


def read_arrangement(text: str, year: int) -> Arrangement:
    """The days a text names; those without a year are of `year`, or of the year the text is about."""
    found = Arrangement()
    if len(text) > LONGEST_TEXT:
        found.problems.append(_("文字太长：请只粘贴放假安排本身。"))
        return found
    text = unicodedata.normalize("NFKC", text)
    about = _YEAR.search(text)
    year, name = int(about[1]) if about else year, ""
    for sentence in filter(str.strip, _SENTENCE.split(text)):
        item = _ITEM.match(sentence)
        if item:
            name, sentence = item[1].strip(), sentence[item.end() :]
        _read_sentence(sentence, name, year, found)
    return found


def _read_sentence(sentence: str, name: str, year: int, found: Arrangement) -> None:
    for part, spans in _clauses(sentence):
        kind = WORK if _WORKS.search(part) else OFF if _RESTS.search(part) else ""
        if not kind:
            found.problems.append(_("“%(text)s”没有说是休还是班。") % {"text": part.strip()[:60]})
            continue
        days = [day for span in spans for day in _days(span, year, found)]
        count = _COUNT.search(part)
        if count and kind == OFF and int(count[1]) != len(days):
            told = {"text": part.strip()[:60], "days": len(days)}
            found.problems.append(_("“%(text)s”的天数不对：日期是 %(days)s 天。") % told)
        label = _label(part, name, kind)
        for day in days:
            _take(Day(day, kind, label), found)


def _clauses(sentence: str) -> Iterator[tuple[str, list[re.Match]]]:
    """The parts of a sentence that each say one thing: dates, then what becomes of them."""
    spans = list(_SPAN.finditer(sentence))
    held: list[re.Match] = []
    for span, following in zip_longest(spans, spans[1:]):
        held.append(span)
        between = sentence[span.end() : following.start() if following else len(sentence)]
        if following is None or _WORKS.search(between) or _RESTS.search(between):
            yield sentence[held[0].start() : span.end()] + between, held
            held = []


def _days(span: re.Match, year: int, found: Arrangement) -> list[date]:
    own_year, month, day, weekday, last_year, last_month, last_day, last_weekday = span.groups()
    try:
        first = date(int(own_year or year), int(month), int(day))
        last = first
        if last_day:
            last = date(int(last_year or first.year), int(last_month or month), int(last_day))
            if last < first and not last_year:
                last = last.replace(year=last.year + 1)
    except ValueError:
        found.problems.append(_("没有“%(text)s”这一天。") % {"text": span[0].strip()})
        return []
    for one, said in ((first, weekday), (last, last_weekday)):
        _judge_weekday(one, said, found)
    if not timedelta(0) <= last - first < timedelta(days=_LONGEST):
        found.problems.append(_("“%(text)s”太长，或前后颠倒。") % {"text": span[0].strip()})
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _judge_weekday(day: date, said: str | None, found: Arrangement) -> None:
    real = _WEEKDAYS[day.weekday()]
    if said and said.replace("天", "日") != real:
        told = {"day": day.isoformat(), "said": said, "real": real}
        found.problems.append(_("%(day)s 写的是周%(said)s，实际是周%(real)s：请核对年份。") % told)


def _label(part: str, name: str, kind: str) -> str:
    """The holiday's name: of the item, or what a line says beside the date and the sign."""
    if name:
        return name if kind == OFF else f"{name}调休上班"
    rest = _COUNT.sub("", _SPAN.sub("", part))
    for word in ("放假调休", "调休上班", "放假", "上班", "补班", "休息", "work", "off", "holiday", "休", "班"):
        rest = re.sub(rf"(?<![\w一-龥]){word}(?![\w一-龥])", "", rest, flags=re.IGNORECASE)
    return rest.strip(" \t,、:-")[:60] or {OFF: "休", WORK: "班"}[kind]


def _take(day: Day, found: Arrangement) -> None:
    other = found.days.get(day.day)
    if other and other.kind != day.kind:
        found.problems.append(_("%(day)s 既说休又说班。") % {"day": day.day.isoformat()})
    elif day.kind == WORK and day.day.weekday() < 5:
        found.problems.append(_("%(day)s 不是周末，本来就上班。") % {"day": day.day.isoformat()})
    else:
        found.days.setdefault(day.day, day)
