from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.codes.naming import names_in
from gis.models import Building, CellVersion, Dwelling
from gis.organisations.kinds import kinds
from gis.people.masking import rule
from gis.places.finding import find_places
from layers.sketch import sketch_cell
from layers.summary import summarise_building, trail_of
from web.organisations.record import at_building
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.doors_shown import doors_context
from web.pages.map_links import map_address
from web.pages.paging import page_of
from web.pages.service import homes_beyond, question_of

#: Buildings a text search lists: it ranks, so what was meant stands first.
_MOST_FOUND = 100


def index(request: HttpRequest) -> HttpResponse:
    """The buildings in scope."""
    area = chosen_area(request.GET.get("area", ""), request.scope)
    page = page_of(_filtered(request, area), request.GET.get("page"))
    context = {
        "page": page,
        "area": area,
        "areas": area_choices(request.scope, area),
        "kinds": Building.Kind.choices,
        "names": names_of({building.area for building in page.rows}),
        "beyond": question_of(request) if request.GET.get("beyond") else None,
        "reads_people": request.access.may_anywhere("people.read"),
        "filtered": any(request.GET.get(name) for name in ("q", "area", "kind", "no_cell", "beyond")),
    }
    return render(request, "web/lists/buildings.html", context)


def _filtered(request: HttpRequest, area: str) -> QuerySet[Building]:
    found = Building.objects.inside(request.scope).select_related("compound").defer("geometry", "drawing")
    if area:
        found = found.filter(area__gte=area, area__lt=area + ":")
    if request.GET.get("kind") in Building.Kind.values:
        found = found.filter(kind=request.GET["kind"])
    if request.GET.get("no_cell"):
        found = found.filter(cell=None)
    if request.GET.get("beyond"):
        found = found.filter(pk__in=homes_beyond(request))
    text = request.GET.get("q", "").strip()
    if text:
        found = found.filter(_fits(text, request))
    return with_dwelling_count(found).order_by("area", "code")


def with_dwelling_count(buildings: QuerySet[Building]) -> QuerySet[Building]:
    """Each building with `dwelling_count`, counted for the rows of a page only: a join would count them all."""
    doors = Dwelling.objects.filter(building=OuterRef("pk")).order_by().values("building")
    return buildings.annotate(dwelling_count=Coalesce(Subquery(doors.annotate(n=Count("pk")).values("n")), 0))


def _fits(text: str, request: HttpRequest) -> Q:
    """The buildings that explain all of the text; where none does, those that explain most of it."""
    found = find_places(text, request.scope, _MOST_FOUND)
    places = [one for one in found if not one.left] or found
    return Q(pk__in=[one.place.pk for one in places if one.kind == "building"]) | Q(
        compound__in=[one.place.pk for one in places if one.kind == "compound"]
    )


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
