"""Components of the city: their list, the record of one with what was reported about it, its panel beside the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.incidents.component_class import component_classes
from gis.incidents.condition import Condition
from gis.incidents.incident import ENDED
from gis.models import CellVersion, Component, Incident
from layers.sketch import sketch_cell
from layers.summary import trail_of
from web.lists.components import COMPONENTS, seen
from web.lists.listing import Asked
from web.lists.shown import export_of, table_of
from web.pages.choices import area_choices, names_of
from web.pages.map_links import map_address
from web.pages.paging import page_of

#: Cases of a component that its record lists; older ones are found in the list of incidents.
_MOST_CASES = 50


def index(request: HttpRequest) -> HttpResponse:
    """The components in scope."""
    asked = Asked.of(request)
    area, page = asked.area(), page_of(COMPONENTS.find(asked), request.GET.get("page"))
    context = {
        "page": page,
        "table": table_of(COMPONENTS, page.rows, asked),
        "export": export_of(COMPONENTS, asked),
        "area": area,
        "areas": area_choices(request.scope, area),
        "classes": component_classes(),
        "states": Condition.choices,
        "filtered": any(request.GET.get(name) for name in ("q", "area", "kind", "state")),
    }
    return render(request, "web/components/list.html", context)


def show(request: HttpRequest, code: str) -> HttpResponse:
    """The record of a component, by its identification code."""
    component = get_object_or_404(seen(request.access, request.scope), code=code)
    cell = CellVersion.objects.on(timezone.localdate()).inside(request.scope).filter(code=component.area).first()
    context = _told(request, component) | {
        "cell": cell,
        "map_address": map_address(component.position, f"p{component.code}?parts=1"),
        "sketch": sketch_cell(cell.pk, request.scope, point=component.position) if cell else None,
        "names": names_of({component.area}),
    }
    return render(request, "web/components/record.html", context)


def panel(request: HttpRequest, code: str) -> HttpResponse:
    """The side panel of a component: a part of a page, without a frame."""
    component = get_object_or_404(seen(request.access, request.scope), code=code)
    response = render(request, "web/components/panel.html", _told(request, component))
    response["Cache-Control"] = "no-store"
    return response


def _told(request: HttpRequest, component: Component) -> dict:
    cases = Incident.objects.inside(request.access.which("incident.read")).filter(component=component)
    of = component_classes().get(component.kind)
    return {
        "component": component,
        "class": of,
        "sign": of.sign if of else "other",
        "trail": trail_of(component.area, request.scope),
        "cases": list(cases.select_related("category").defer("drawing").order_by("-reported_at")[:_MOST_CASES]),
        "reads_cases": request.access.may("incident.read", component.area),
        "may_report": request.access.may("incident.write", component.area),
        "ended": ENDED,
        "now": timezone.now(),
    }
