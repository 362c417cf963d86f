"""The cells as they were drawn on a day, and what was counted then, beside today's."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gis.accounts.scope import Scope
from gis.errors import WanggeError
from layers.past import day_of
from layers.then_and_now import then_and_now
from web.pages.choices import area_choices

#: Days up to the chosen one whose incidents are counted.
_PERIODS = (30, 90, 365)


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """`?on=2026-03-01&area=110113001006&days=90`"""
    last = day_of(request.GET["on"]) if request.GET.get("on") else timezone.localdate()
    days = _days(request.GET.get("days", ""))
    places = [one for one in area_choices(request.scope, request.GET.get("area", "")) if 9 <= len(one.code) <= 12]
    area = _area(request, [one.code for one in places])
    scope = request.scope.within(area) if area else Scope(())
    counted = request.access.which("incident.read").within(area) if area else Scope(())
    then, now = then_and_now(scope, counted, last - timedelta(days=days - 1), last)
    context = {
        "then": then, "now": now, "last": last, "first": last - timedelta(days=days - 1), "days": days,
        "periods": _PERIODS, "places": places, "area": area, "counts": bool(counted), "today": timezone.localdate(),
        "may_plan": bool(area) and request.access.may("plan.write", area), "is_today": last == timezone.localdate(),
    }  # fmt: skip
    return render(request, "web/records/cells_on.html", context)


def _days(text: str) -> int:
    return int(text) if text in map(str, _PERIODS) else 90


def _area(request: HttpRequest, offered: list[str]) -> str:
    """The community or street asked for, if it touches the reader's ground; else the first one offered."""
    asked = request.GET.get("area", "")
    if not asked:
        return offered[0] if offered else ""
    if not (asked.isascii() and asked.isdigit() and len(asked) in (9, 12)) or not request.scope.within(asked):
        raise WanggeError(_("请选择您辖区内的街道或社区。"))
    return asked
