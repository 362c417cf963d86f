import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.incidents.finding import Wanted, this_second
from gis.incidents.incident import ENDED
from gis.reports.report import Kind
from layers.incident_copy import incidents_now
from layers.incident_order import ORDERS, ids_in_order
from layers.incident_selection import Sieve
from web.errors import wants_page
from web.pages.bulk import bulk_of
from web.pages.choices import names_of
from web.pages.held import hold_posted
from web.pages.incident_filter import incident_scope, read_fields, read_filter, write_filter
from web.pages.incident_filter_bar import bar_of
from web.pages.map_incidents import incidents_of
from web.pages.paging import Page, page_at


@dataclass(frozen=True)
class Heading:
    """A column of the list; `order` where it can be sorted by."""

    name: str
    order: str = ""


def index(request: HttpRequest) -> HttpResponse:
    """The incidents in scope that the filter finds, in the order asked for."""
    scope = incident_scope(request)
    if request.method == "POST":
        return _to_address(request)
    asked, now = read_filter(request), this_second()
    sieve = Sieve(incidents_now(), asked.wanted, scope, now)
    chosen, (order, descending) = sieve.but(), _order(request)
    cut = page_at(len(chosen), request.GET.get("page"))
    incidents = incidents_of(ids_in_order(chosen, order, descending, cut.start, cut.end))
    sort = "" if (order, descending) == _FIRST else f"sort={'-' * descending}{order}&"
    context = bar_of(request, asked, sieve, f"{request.path}?{sort}") | {
        "page": Page(incidents, cut.number, cut.last, len(chosen), more=False),
        "order": order,
        "descending": descending,
        "headings": _headings(),
        "names": names_of({incident.area for incident in incidents}),
        "now": now,
        "ended": ENDED,
        "may_merge": request.access.may_anywhere("case.accept"),
        "may_bring": request.access.may_anywhere("case.bring"),
        "may_read_disputes": request.access.may_anywhere("dispute.read"),
        "may_report": request.access.may_anywhere("incident.write"),
        "filtered": asked.wanted != Wanted(),
        "export": json.dumps({"layer": "cells", "incidents": asked.query}),
        "export_kinds": Kind.choices,
    }
    return render(request, "web/lists/incidents.html", context | bulk_of(request))


#: The newest first.
_FIRST = ("at", True)


def _order(request: HttpRequest) -> tuple[str, bool]:
    text = request.GET.get("sort", "")
    order = text.removeprefix("-")
    return (order, text.startswith("-")) if order in ORDERS else _FIRST


def _headings() -> list[Heading]:
    return [
        Heading(_("编号")),
        Heading(_("类别"), "category"),
        Heading(_("地点")),
        Heading(_("上报时间"), "at"),
        Heading(_("状态"), "state"),
        Heading(_("时限"), "due"),
    ]


def _to_address(request: HttpRequest) -> HttpResponse:
    """Answer a posted filter form with the address that shows its result, a script with its query string."""
    query = write_filter(read_fields(request.POST, []), hold_posted(request))
    if not wants_page(request):
        return JsonResponse({"query": query})
    return redirect(f"{request.path}?{query}" if query else request.path)
