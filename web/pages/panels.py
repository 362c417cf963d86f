from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.codes.naming import names_in
from gis.models import Area, Building, CellVersion
from layers.summary import summarise_area, summarise_building, trail_of
from web.pages.risk_weights import risk_of


def area(request: HttpRequest, code: str) -> HttpResponse:
    """The side panel of an area: a part of a page, without a frame."""
    place = get_object_or_404(Area.objects.inside(request.scope), code=code)
    context = {"place": place, "kind": place.get_level_display(), "record": "area", "children": code}
    return _panel(request, "web/panels/area.html", context | _figures(request, code))


def cell(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(CellVersion.objects.on(timezone.localdate()).inside(request.scope), code=code)
    context = {"place": place, "kind": place.cell.get_kind_display(), "record": "cell"}
    return _panel(request, "web/panels/area.html", context | _figures(request, code))


def building(request: HttpRequest, pk: int) -> HttpResponse:
    buildings = Building.objects.inside(request.scope).select_related("compound").defer("drawing")
    place = get_object_or_404(buildings, pk=pk)
    summary = summarise_building(place, request.access)
    cell = CellVersion.objects.on(timezone.localdate()).inside(request.scope).filter(code=place.area).first()
    context = {"building": place, "summary": summary, "cell": cell, "trail": trail_of(place.area, request.scope)}
    return _panel(request, "web/panels/building.html", context | {"need_names": names_in("service_need")})


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
