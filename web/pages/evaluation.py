"""Evaluation 评价: the indicators of an area and the cases behind each. Of areas and departments, never of persons."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gis.models import Incident
from layers.evaluation import by_department, by_place, ids_of, month_by_month, table_of
from web.lists.evaluation import INDICATOR_PARTS, INDICATORS
from web.lists.listing import Asked
from web.lists.shown import export_of
from web.pages.choices import names_of
from web.pages.evaluated import PARTS, Evaluated
from web.pages.evaluation_drawing import draw_months
from web.pages.paging import Page, page_at


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Every indicator of an area; the chosen one by place or department, and month by month."""
    asked = Evaluated(request)
    question, indicator = asked.question, asked.indicator
    groups = (by_department if asked.by == "department" else by_place)(question, indicator)
    context = asked.context() | {
        "rows": table_of(question),
        "groups": groups,
        "months": draw_months(month_by_month(question, indicator)),
        "export": export_of(INDICATORS, Asked.of(request)),
        "parts_export": export_of(INDICATOR_PARTS, Asked.of(request)),
    }
    return render(request, "web/evaluation/page.html", context)


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases above or below the line of an indicator."""
    asked = Evaluated(request)
    part = request.GET.get("part", "")
    if part not in PARTS:
        raise Http404
    ids = ids_of(asked.question, asked.indicator, part)[::-1]
    cut = page_at(len(ids), request.GET.get("page"))
    found = Incident.objects.inside(asked.scope).filter(pk__in=ids[cut.start : cut.end].tolist())
    rows = list(found.select_related("category", "department").order_by("-pk"))
    context = asked.context() | {
        "page": Page(rows, cut.number, cut.last, len(ids), more=False),
        "part": part,
        "names": names_of({row.area for row in rows}),
        "query": asked.query(part=part),
    }
    return render(request, "web/evaluation/cases.html", context)
