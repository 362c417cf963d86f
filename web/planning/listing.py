"""The list of plans: which there are in one's area, in what state, how good, what is new about them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis.errors import NotAllowed
from gis.models import Plan, PlanOpening
from gis.planning.preparing import openings_of
from gis.planning.sheet import PlanSheet, fresh_sheet, sheet_of
from gis.planning.talking import with_unread
from web.lists.listing import Asked
from web.lists.plans import ORDERS, PLANS, Narrowed
from web.lists.shown import export_of
from web.pages.choices import area_choices, names_of
from web.pages.paging import Page, page_of
from web.planning.found import plan_of, plans_of


@dataclass(frozen=True)
class Row:
    """A plan, and its sheet where that is still true; a page asks for the others one by one."""

    plan: Plan
    sheet: PlanSheet | None


def index(request: HttpRequest) -> HttpResponse:
    """The plans of one's area. Those that were withdrawn are shown when asked for."""
    if not request.access.may_anywhere("plan.read"):
        raise NotAllowed(_("您的岗位不查看网格方案。"))
    question = Asked.of(request)
    asked = Narrowed.by(question)
    page, openings = _page(request, question), _openings(request, asked)
    scope = request.access.which("plan.read")
    context = {
        "page": page,
        "openings": openings,
        "rows": [Row(plan, fresh_sheet(plan)) for plan in page.rows],
        "asked": asked,
        "names": names_of({one.area for one in [*page.rows, *openings]}),
        "areas": [one for one in area_choices(scope, asked.area) if one.depth <= 12],
        "states": Plan.State.choices,
        "orders": [(code, word) for code, (word, _columns) in ORDERS.items()],
        "nothing": not asked.narrowed and not page.total and not openings and not plans_of(request).exists(),
        "export": export_of(PLANS, question),
        "may_draw": request.access.may_anywhere("plan.write"),
    }
    return render(request, "web/planning/index.html", context)


def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Sketch and figures of a plan, as a part of the list."""
    plan = plan_of(request, uuid)
    answer = render(request, "web/planning/sheet.html", {"plan": plan, "sheet": sheet_of(plan)})
    answer["Cache-Control"] = "private, no-store"
    return answer


def _openings(request: HttpRequest, asked: Narrowed) -> list[PlanOpening]:
    """Plans that are being prepared: drafts to be."""
    found = openings_of(request.access)
    if asked.state not in ("", Plan.State.DRAFT):
        return []
    if asked.area:
        found = found.filter(area__gte=asked.area, area__lt=asked.area + ":")
    return list(found.filter(owner=request.user) if asked.mine else found)


def _page(request: HttpRequest, question: Asked) -> Page:
    page = page_of(PLANS.find(question), request.GET.get("page"))
    known = {plan.pk: plan for plan in _all_of(page.rows, request.user)}
    return Page([known[plan.pk] for plan in page.rows], page.number, page.last, page.total, page.more)


def _all_of(plans: list[Plan], user):
    return with_unread(Plan.objects.filter(pk__in=[one.pk for one in plans]).select_related("owner", "sheet"), user)
