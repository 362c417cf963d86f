"""Figures of the dashboard in the order and with the bars in which a page shows them."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.incidents.finding import Wanted
from gis.incidents.incident import State
from layers.dashboard.board import Board
from layers.dashboard.calendar import Hours, Strip
from layers.dashboard.drawing import plot, spark, week_place
from layers.dashboard.groups import AGES, Group, Kind
from layers.dashboard.places import Places
from layers.dashboard.residents import residents_by_place
from web.pages.dashboard_links import addresses_of_days

#: Bars shown before the rest folds away.
MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    """A group with the length of its bars in percent of the longest, and its rate per 1,000 residents or None."""

    group: Group
    width: float
    before_width: float | None
    rate: float | None = None


@dataclass(frozen=True)
class Panel:
    """A small multiple: a major category, its line and its bars."""

    kind: Kind
    line: str
    top: int


def ranked_areas(board: Board, places: Places, access: Access) -> dict:
    """The bars of the areas by number, and whether any of them has a rate."""
    residents = residents_by_place(places, access) if board.areas else {}
    rates = {one.code: 1000 * one.count / residents[one.code] for one in board.areas if residents.get(one.code)}
    longest = _longest(board.areas)
    ranked = sorted(board.areas, key=lambda one: (one.code == "", -one.count, one.code))
    bars = [Bar(one, 100 * one.count / longest, _before(one, longest), rates.get(one.code)) for one in ranked]
    return {"bars": bars[:MOST_BARS], "rest": bars[MOST_BARS:], "has_rates": bool(rates), "total": _sum(board.areas)}


def ranked_kinds(board: Board) -> dict:
    """The bars of the small categories over all major ones, and a panel for each major one."""
    small = sorted((one for kind in board.kinds for one in kind.categories), key=lambda one: (-one.count, one.name))
    longest = _longest(small)
    bars = [Bar(one, 100 * one.count / longest, _before(one, longest)) for one in small]
    top = max((max(kind.line) for kind in board.kinds), default=1)
    panels = [Panel(kind, spark(kind.line, top), max(kind.line)) for kind in board.kinds]
    return {"bars": bars[:MOST_BARS], "rest": bars[MOST_BARS:], "panels": panels, "total": _sum(small)}


@dataclass(frozen=True)
class OpenBar:
    """A state or an age of open cases in words, the late ones of it as part of its bar."""

    name: str
    group: Group
    width: float
    late_width: float


@dataclass(frozen=True)
class DayMark:
    """A day of the strip: where its square is (percent, pixels), its shade, its words and where it leads."""

    x: str
    y: int
    shade: int
    words: str
    href: str


def drawn(board: Board, wanted: Wanted, held: str) -> dict:
    """What the templates lay out: every series with the places of its marks."""
    line = plot(board.trend)
    before = board.trend.before or (0,) * len(board.trend.points)
    return {
        "plot": line,
        "spots": list(zip(line.spots, board.trend.points, strict=True)),
        "dates": [(x, board.trend.periods[at].first) for x, at in line.dates],
        "table": list(zip(before, board.trend.points, strict=True)),
        "steps": [("day", _("日")), ("week", _("周")), ("month", _("月"))],
        "strip_wanted": board.strip.period.asked(wanted),
        "strip_marks": _strip_marks(board.strip, wanted, held),
        "state_bars": _open_bars(board.states, [str(State(one.name).label) for one in board.states]),
        "age_bars": _open_bars(board.ages, [_age(*ends) for ends in AGES]),
        **_week(board.hours),
    }


def _strip_marks(strip: Strip, wanted: Wanted, held: str) -> list[DayMark]:
    href, form, words = addresses_of_days("map", wanted, held), _("n月j日"), _("%(day)s %(weekday)s：%(number)s 件")
    made = []
    for one in strip.days:
        said = {"day": date_format(one.day, form), "weekday": WEEKDAYS_ABBR[one.weekday], "number": f"{one.count:,}"}
        made.append(DayMark(f"{week_place(one.week)}", 20 * one.weekday, one.shade, words % said, href(one.day)))
    return made


def _open_bars(groups: tuple[Group, ...], names: list[str]) -> list[OpenBar]:
    longest = _longest(groups)
    return [
        OpenBar(name, one, 100 * one.count / longest, 100 * one.late / longest)
        for name, one in zip(names, groups, strict=True)
    ]


def _age(youngest: int, oldest: int | None) -> str:
    if oldest is None:
        return _("%(days)s 天以上") % {"days": youngest - 1}
    return _("%(first)s–%(last)s 天") % {"first": youngest, "last": oldest} if oldest else _("今天")


def _week(hours: Hours) -> dict:
    """The matrix of the week: an hour is a twenty-fourth of the width, a weekday 24 pixels high."""
    days = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
    return {
        "weekdays": days,
        "matrix": [_weekday(hours, at, day) for at, day in enumerate(days)],
        "matrix_hours": [(f"{100 * hour / 24:.3f}", hour) for hour in range(0, 24, 3)],
        "hour_rows": [(f"{hour:02d}:00", [day[hour] for day in hours.counts]) for hour in range(24)],
    }


def _weekday(hours: Hours, at: int, name: str) -> list[tuple[str, int, int, str]]:
    """Left end in percent, top in pixels, shade and words of each hour of a weekday."""
    marks = enumerate(zip(hours.counts[at], hours.shades[at], strict=True))
    return [
        (f"{100 * hour / 24:.3f}", 23 * at, shade, f"{name} {hour:02d}:00–{hour + 1:02d}:00 · {number}")
        for hour, (number, shade) in marks
    ]


def _longest(groups) -> int:
    return max((max(one.count, one.before or 0) for one in groups), default=0) or 1


def _before(one: Group, longest: int) -> float | None:
    return None if one.before is None else 100 * one.before / longest


def _sum(groups) -> int:
    return sum(one.count for one in groups)
