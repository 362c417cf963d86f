from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.codes.naming import names_in
from gis.incidents.incident import ENDED
from gis.models import Area, Building, CellVersion, Incident
from gis.organisations.kinds import kinds
from layers.summary import summarise_area, summarise_building, trail_of
from web.organisations.record import at_building
from web.pages.choices import names_of
from web.pages.incident_filter import incident_scope
from web.pages.risk_weights import risk_of


def area(request: HttpRequest, code: str) -> HttpResponse:
    """The side panel of an area: a part of a page, without a frame."""
    place = get_object_or_404(Area.objects.inside(request.scope), code=code)
    if place.ends and place.ends <= timezone.localdate():  # the map of an earlier day shows areas that are no more
        return _panel(request, "web/panels/past_area.html", {"place": place})
    context = {"place": place, "kind": place.get_level_display(), "record": "area", "children": code}
    return _panel(request, "web/panels/area.html", context | _figures(request, code))


def cell(request: HttpRequest, code: str) -> HttpResponse:
    known = CellVersion.objects.inside(request.scope).filter(code=code).select_related("cell").order_by("valid")
    place = known.on(timezone.localdate()).first()
    if place is None:  # the map of an earlier day shows cells that are no more
        past = known.exclude(valid__isempty=True).last() or get_object_or_404(known)
        return _panel(request, "web/panels/past_cell.html", {"place": past})
    context = {"place": place, "kind": place.cell.get_kind_display(), "record": "cell"}
    return _panel(request, "web/panels/area.html", context | _figures(request, code))


def building(request: HttpRequest, pk: int) -> HttpResponse:
    buildings = Building.objects.inside(request.scope).select_related("compound").defer("drawing")
    place = get_object_or_404(buildings, pk=pk)
    summary = summarise_building(place, request.access)
    cell = CellVersion.objects.on(timezone.localdate()).inside(request.scope).filter(code=place.area).first()
    context = {"building": place, "summary": summary, "cell": cell, "trail": trail_of(place.area, request.scope)}
    context |= {"need_names": names_in("service_need"), "may_report": request.access.may("incident.write", place.area)}
    context |= {"organisations": at_building(request, place), "kinds": kinds(), "today": timezone.localdate()}
    return _panel(request, "web/panels/building.html", context)


def incident(request: HttpRequest, number: str) -> HttpResponse:
    incidents = Incident.objects.inside(incident_scope(request)).select_related("category", "department")
    found = get_object_or_404(incidents.defer("drawing"), number=number)
    context = {"incident": found, "names": names_of({found.area}), "trail": trail_of(found.area, request.scope)}
    context |= {"ended": ENDED, "now": timezone.now(), "photos": found.attachments.order_by("pk")}
    return _panel(request, "web/panels/incident.html", context)


def _figures(request: HttpRequest, code: str) -> dict:
    return {
        "summary": summarise_area(code, request.access),
        "trail": trail_of(code, request.scope),
        "need_names": names_in("service_need"),
        "may_read_people": request.access.may("people.read", code),
    } | risk_of(request, code)


def _panel(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
