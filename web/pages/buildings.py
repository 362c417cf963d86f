from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.codes.naming import names_in
from gis.models import Building, CellVersion
from gis.organisations.kinds import kinds
from gis.people.masking import rule
from layers.sketch import sketch_cell
from layers.summary import summarise_building, trail_of
from web.lists.buildings import BUILDINGS
from web.lists.listing import Asked
from web.lists.shown import export_of, table_of
from web.organisations.record import at_building
from web.pages.choices import area_choices
from web.pages.doors_shown import doors_context
from web.pages.map_links import map_address
from web.pages.paging import page_of
from web.pages.service import question_of


def index(request: HttpRequest) -> HttpResponse:
    """The buildings in scope."""
    asked = Asked.of(request)
    area, page = asked.area(), page_of(BUILDINGS.find(asked), request.GET.get("page"))
    context = {
        "page": page,
        "table": table_of(BUILDINGS, page.rows, asked),
        "export": export_of(BUILDINGS, asked),
        "area": area,
        "areas": area_choices(request.scope, area),
        "kinds": Building.Kind.choices,
        "beyond": question_of(request) if request.GET.get("beyond") else None,
        "reads_people": request.access.may_anywhere("people.read"),
        "filtered": any(request.GET.get(name) for name in ("q", "area", "kind", "no_cell", "beyond")),
    }
    return render(request, "web/lists/buildings.html", context)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a building: its figures and its doors; a door opens the household where the rule lets it."""
    building = get_object_or_404(Building.objects.inside(request.scope).select_related("compound"), pk=pk)
    return record(request, building)


def record(request: HttpRequest, building: Building, **more) -> HttpResponse:
    """The page of a building in scope; `more` is what a form that was refused adds."""
    cell = CellVersion.objects.on(timezone.localdate()).inside(request.scope).filter(code=building.area).first()
    context = {
        "building": building,
        "cell": cell,
        "trail": trail_of(building.area, request.scope),
        "summary": summarise_building(building, request.access),
        "need_names": names_in("service_need"),
        "map_address": map_address(building.geometry, f"b{building.pk}"),
        "may_report": request.access.may("incident.write", building.area),
        "sketch": sketch_cell(cell.pk, request.scope, building=building.pk) if cell else None,
        "may_read_people": request.access.may("people.read", building.area) and _room_known(request, building),
    }
    context |= {"organisations": at_building(request, building), "kinds": kinds(), "today": timezone.localdate()}
    context |= doors_context(request, building) | more
    response = render(request, "web/records/building.html", context, status=more.get("status", 200))
    response["Cache-Control"] = "no-store"
    return response


def _room_known(request: HttpRequest, building: Building) -> bool:
    return rule(request.access, "room", building.area) in ("full", "building")
