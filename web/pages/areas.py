from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from gis.codes.naming import names_in
from gis.models import Area
from layers.children import children_table
from layers.sketch import sketch_area
from layers.summary import summarise_area, trail_of
from web.pages.map_links import map_address
from web.pages.risk_weights import risk_of


def show(request: HttpRequest, code: str) -> HttpResponse:
    """The record of an area: its figures, and what lies in it."""
    area = get_object_or_404(Area.objects.inside(request.scope), code=code)
    context = {
        "area": area,
        "summary": summarise_area(code, request.access),
        "trail": trail_of(code, request.scope),
        "children": children_table(code, request.access),
        "need_names": names_in("service_need"),
        "map_address": map_address(area.geometry, area.code),
        "sketch": sketch_area(area.pk, code, request.scope),
        "may_read_people": request.access.may("people.read", code),
    }
    return render(request, "web/records/area.html", context | risk_of(request, code))
