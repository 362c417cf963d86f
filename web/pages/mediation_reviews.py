"""The calendar of reviews: which settled disputes are to be asked after, and when. Numbers and kinds, no person."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.codes.naming import names_in
from gis.errors import NotAllowed
from gis.incidents.mediation.opening import opened_within
from gis.models import Dispute
from web.pages.choices import names_of

_MOST = 500


@dataclass(frozen=True)
class Day:
    """A day of the month's picture; `due` reviews fall on it."""

    day: date
    inside: bool
    due: int


def show(request: HttpRequest) -> HttpResponse:
    """Reviews that are late, those of the month asked for (`month=2026-03`), and mediations still going on."""
    scope, today = _scope(request), timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    with opened_within(scope):
        mine = Dispute.objects.filter(scope.q("incident__area")).select_related("incident")
        due = mine.filter(review="", review_on__isnull=False).order_by("review_on", "pk")
        late = list(due.filter(review_on__lt=today)[:_MOST])
        month = list(due.filter(review_on__gte=first, review_on__lt=_next(first))[:_MOST])
        ongoing = list(mine.filter(outcome=Dispute.Outcome.ONGOING).order_by("-incident__reported_at")[:_MOST])
    context = {
        "late": late,
        "month": month,
        "ongoing": ongoing,
        "weeks": _weeks(first, month),
        "first": first,
        "before": first - timedelta(days=1),
        "after": _next(first),
        "today": today,
        "kinds": names_in("dispute"),
        "names": names_of({one.incident.area for one in (*late, *month, *ongoing)}),
    }
    response = render(request, "web/mediation/reviews.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _scope(request: HttpRequest) -> Scope:
    scope = request.access.which("dispute.read")
    if not scope:
        raise NotAllowed(_("您的角色不能查看调解记录。"), fix=_("经办的调解请从事件的页面打开。"))
    return scope


def _month(text: str, today: date) -> date:
    try:
        asked = parse_date(f"{text}-01")
    except ValueError:
        asked = None
    return asked if asked and 1990 <= asked.year <= 2100 else today.replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _weeks(first: date, due: list[Dispute]) -> list[list[Day]]:
    """The month in weeks from Monday on."""
    on = [one.review_on for one in due]
    return [
        [Day(day, day.month == first.month, on.count(day)) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
