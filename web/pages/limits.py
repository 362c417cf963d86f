"""The limits of every stage: for all cases, and for the categories that have their own; changed from a day on."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gis.errors import NotAllowed
from gis.incidents.category import Terms
from gis.incidents.limit_text import read_limits, set_limits
from gis.incidents.limits import limits_from
from gis.incidents.stages import Stage
from gis.models import Category, StageLimit
from web.pages.calendar import may_change
from web.pages.case_clock import spoken_limit
from web.pages.reminder_rules import shown


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "web/limits/page.html", _page(request))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Show what a list of limits would change; with `confirm`, change it."""
    if not may_change(request):
        raise NotAllowed(_("时限由管理全部辖区的管理员维护。"), fix=_("需要更改时请联系管理员。"))
    starts, read = _day(request.POST.get("starts", "")), read_limits(request.POST.get("text", ""))
    problems = list(read.problems)
    if starts is None:
        problems.append(_("请选择明天或以后的日期：已上报的事件保持原来的时限。"))
    if not read.limits and not problems:
        problems.append(_("没有读到时限。每行一条，例如：C0301 处置 4 工作时。"))
    if "confirm" in request.POST and not problems:
        set_limits(read.limits, starts, request.user)
        messages.success(request, _("时限已更新，对 %(day)s 起上报的事件有效。") % {"day": starts.isoformat()})
        return redirect("limits")
    asked = {"text": request.POST.get("text", ""), "starts": request.POST.get("starts", "")}
    rows = [(one, _said(one.amount, one.unit), str(Stage(one.stage).label)) for one in read.limits]
    context = _page(request) | {"preview": True, "problems": problems, "wanted": rows, "asked": asked}
    return render(request, "web/limits/page.html", context, status=422 if problems else 200)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and timezone.localdate() < found <= date(2099, 12, 31) else None


def _said(amount: int | None, unit: str) -> str:
    return f"{amount} {Category.Unit(unit).label}" if amount else _("不限")


def _page(request: HttpRequest) -> dict:
    today = timezone.localdate()
    rows = list(StageLimit.objects.select_related("category").order_by("starts"))
    held = [row for row in rows if row.starts <= today]
    plain = Terms(pk=0)
    return {
        "stages": [str(stage.label) for stage in Stage],
        "all": [
            (_("普通事件"), _words(limits_from(plain, False, held))),
            (_("紧急事件"), _words(limits_from(plain, True, held))),
        ],
        "categories": _categories(held),
        "later": [(row, _said(row.amount, row.unit)) for row in rows if row.starts > today],
        "rules": shown(may_change(request)),
        "tomorrow": today + timedelta(days=1),
        "may_change": may_change(request),
    }


def _words(limits: dict) -> list[tuple[str, str]]:
    """Each stage and its limit, "" where there is none."""
    return [(str(stage.label), spoken_limit(limits[stage]) if limits.get(stage) else "") for stage in Stage]


def _categories(held: list[StageLimit]) -> list[dict]:
    """Every category in use, with its limits as they are today."""
    found = Category.objects.exclude(kind=Category.Kind.IMPORTED).filter(retired=False).order_by("kind", "code")
    own, now = {row.category_id for row in held if row.category_id}, timezone.now()
    return [
        {"category": category, "limits": _words(limits_from(category.at(now), category.urgent, held))}
        for category in found
        if category.dispose_within or category.accept_within_hours or category.pk in own
    ]
