"""Components of the city: their list, the record of one with what was reported about it, its panel beside the map."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.component_class import component_classes
from gis.incidents.condition import Condition, with_condition
from gis.incidents.incident import ENDED
from gis.models import CellVersion, Component, Incident
from layers.sketch import sketch_cell
from layers.summary import trail_of
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.map_links import map_address
from web.pages.paging import page_of

#: Cases of a component that its record lists; older ones are found in the list of incidents.
_MOST_CASES = 50


def index(request: HttpRequest) -> HttpResponse:
    """The components in scope."""
    area = chosen_area(request.GET.get("area", ""), request.scope)
    page = page_of(_filtered(request, area), request.GET.get("page"))
    context = {
        "page": page,
        "area": area,
        "areas": area_choices(request.scope, area),
        "classes": component_classes(),
        "states": Condition.choices,
        "names": names_of({component.area for component in page.rows}),
        "filtered": any(request.GET.get(name) for name in ("q", "area", "kind", "state")),
    }
    return render(request, "web/components/list.html", context)


def _filtered(request: HttpRequest, area: str) -> QuerySet[Component]:
    found = _seen(request, Scope((area,)) if area else request.scope)
    if kind := request.GET.get("kind"):
        found = found.filter(kind=kind[:5])
    if request.GET.get("state") in Condition.values:
        found = found.filter(condition=request.GET["state"])
    if text := request.GET.get("q", "").replace("\x00", "").strip()[:60]:
        found = found.filter(
            Q(code__startswith=text)
            | Q(name__icontains=text)
            | Q(place__icontains=text)
            | Q(owner__icontains=text)
            | Q(care_name__icontains=text)
        )
    return found.order_by("area", "kind", "code")


def _seen(request: HttpRequest, scope: Scope) -> QuerySet[Component]:
    cases = Incident.objects.inside(request.access.which("incident.read"))
    return with_condition(Component.objects.inside(scope).select_related("care"), cases)


def show(request: HttpRequest, code: str) -> HttpResponse:
    """The record of a component, by its identification code."""
    component = get_object_or_404(_seen(request, request.scope), code=code)
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
    component = get_object_or_404(_seen(request, request.scope), code=code)
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
