"""The working calendar: a year as pictures of its months, and, for who administers every area, its changes.

Nothing changes without a preview: which days, and how many time limits of open cases would move.
"""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from gis.errors import NotAllowed, Refused
from gis.incidents.arrangement import read_arrangement
from gis.incidents.holidays import OFF, WORK, Day, YearCalendar, calendar_in_force, read_hours, write_hours
from gis.incidents.keeping_calendar import replace_days, set_day, set_hours, with_days, with_hours
from gis.incidents.resetting import MOST_COUNTED, count_shifts
from web.administration.in_scope import holds_all
from web.pages.paging import read_number
from web.tasks import reset_deadlines

_FIRST, _LAST = 2000, 2099


@dataclass(frozen=True)
class Change:
    """What somebody wants the calendar to be: the calendar it would be, what does not fit, and how to make it so."""

    calendar: YearCalendar
    years: list[int]
    make: Callable[[], YearCalendar]
    problems: list[str] = field(default_factory=list)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    year = _year(request.GET.get("year"))
    return render(request, "web/calendar/page.html", _page(request, calendar_in_force(), year))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Show what a change would do; with `confirm`, make it."""
    if not may_change(request):
        raise NotAllowed(_("日历由管理全部辖区的管理员维护。"), fix=_("需要更改时请联系管理员。"))
    calendar = calendar_in_force()
    wanted = _read(request, calendar)
    if "confirm" in request.POST and not wanted.problems:
        reset_deadlines.defer(old=wanted.make().as_json())
        messages.success(request, _("日历已更新。未结事件的时限正在后台重新计算。"))
        return redirect(f"{reverse('calendar')}?year={wanted.years[0]}")
    year = wanted.years[0] if wanted.years else _year(request.POST.get("year"))
    context = _page(request, wanted.calendar, year) | _preview(request, calendar, wanted)
    return render(request, "web/calendar/page.html", context, status=422 if wanted.problems else 200)


def may_change(request: HttpRequest) -> bool:
    return holds_all(request.access.which("codes.manage"))


def _year(text: str | None) -> int:
    return min(max(read_number(text) or timezone.localdate().year, _FIRST), _LAST)


def _page(request: HttpRequest, calendar: YearCalendar, year: int) -> dict:
    return {
        "year": year,
        "years": sorted(calendar.years | {timezone.localdate().year, timezone.localdate().year + 1, year}),
        "known": year in calendar.years,
        "months": [month_of(calendar, year, month) for month in range(1, 13)],
        "worked": sum(calendar.work.is_worked(date.fromordinal(n)) for n in range(*_ordinals(year))),
        "days": [day for when, day in sorted(calendar.days.items()) if when.year == year],
        "hours": write_hours(calendar.work.sessions),
        "may_change": may_change(request),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), pgettext("weekday", "日")],
    }


def _ordinals(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()


def month_of(calendar: YearCalendar, year: int, month: int) -> dict:
    """A month as weeks of days, each with what it counts as and why."""
    today = timezone.localdate()
    weeks = [
        [
            day.month == month
            and {
                "day": day,
                "kind": _kind(calendar, day),
                "name": calendar.days[day].name if day in calendar.days else "",
                "today": day == today,
            }
            for day in week
        ]
        for week in Calendar().monthdatescalendar(year, month)
    ]
    worked = sum(bool(day) and calendar.work.is_worked(day["day"]) for week in weeks for day in week)
    return {"first": date(year, month, 1), "weeks": weeks, "worked": worked}


def _kind(calendar: YearCalendar, day: date) -> str:
    """What a day is: off by name, worked instead, a usual day of work or rest."""
    if day in calendar.days and calendar.work.is_worked(day) != (calendar.days[day].kind == OFF):
        return calendar.days[day].kind
    return "usual" if calendar.work.is_worked(day) else "rest"


def _read(request: HttpRequest, calendar: YearCalendar) -> Change:
    """The change a form asks for. Raises Refused for what is none."""
    reader = {"paste": _pasted, "day": _one_day, "hours": _hours}.get(request.POST.get("what", ""))
    if reader is None:
        raise Refused(_("没有这种更改。"), fix=_("请从日历页重新进入。"))
    return reader(request, calendar)


def _pasted(request: HttpRequest, calendar: YearCalendar) -> Change:
    found = read_arrangement(request.POST.get("text", ""), _year(request.POST.get("year")))
    problems = list(found.problems)
    if not found.days and not problems:
        problems.append(_("没有读到日期。请粘贴放假通知，或每行一天：2027-02-06 休 春节。"))
    days = [found.days[day] for day in sorted(found.days)]
    return Change(
        with_days(calendar, found.years, days), found.years, lambda: replace_days(found.years, days), problems
    )  # fmt: skip


def _one_day(request: HttpRequest, calendar: YearCalendar) -> Change:
    day = _date(request.POST.get("day", ""))
    kind, name = request.POST.get("kind", ""), " ".join(request.POST.get("name", "").split())[:60]
    if day is None or kind not in ("", OFF, WORK):
        raise Refused(_("日期或选择无法识别。"), fix=_("请选择日期，再选休、班或按星期。"))
    if kind == WORK and day.weekday() < 5:
        return Change(calendar, [day.year], calendar_in_force, [_("这一天不是周末，本来就上班。")])
    others = [one for when, one in calendar.days.items() if when.year == day.year and when != day]
    mine = [Day(day, kind, name or (_("休") if kind == OFF else _("班")))] if kind else []
    made = with_days(calendar, [day.year], [*others, *mine])
    return Change(made, [day.year], lambda: set_day(day, kind, mine[0].name if mine else ""))


def _date(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and _FIRST <= found.year <= _LAST else None


def _hours(request: HttpRequest, calendar: YearCalendar) -> Change:
    sessions = read_hours(request.POST.get("hours", ""))
    if sessions is None:
        problem = _("作息时间请写成 09:00-12:00, 13:00-18:00。")
        return Change(calendar, [_year(request.POST.get("year"))], calendar_in_force, [problem])
    return Change(with_hours(calendar, sessions), [_year(request.POST.get("year"))], lambda: set_hours(sessions))


def _preview(request: HttpRequest, before: YearCalendar, wanted: Change) -> dict:
    """What would be different: the days, and how many time limits."""
    after = wanted.calendar
    marked = sorted(before.days.keys() | after.days.keys())
    changed = [
        {"day": day, "before": before.days.get(day), "after": after.days.get(day)}
        for day in marked
        if before.days.get(day) != after.days.get(day)
    ]
    count = count_shifts(before, after) if not wanted.problems else 0
    return {
        "preview": True,
        "problems": wanted.problems,
        "changed": changed,
        "new_hours": write_hours(after.work.sessions) if after.work.sessions != before.work.sessions else "",
        "moving": f"{MOST_COUNTED}+" if count > MOST_COUNTED else count,
        "asked": {
            name: request.POST.get(name, "") for name in ("what", "text", "year", "day", "kind", "name", "hours")
        },
    }
