from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from gis.incidents.finding import Wanted, find_incidents, this_second
from gis.incidents.incident import ENDED, State
from gis.models import Building, Category, Incident
from layers.sketch import sketch_cell
from layers.summary import trail_of
from web.pages.choices import area_choices, names_of
from web.pages.held import hold_posted
from web.pages.incident_filter import incident_scope, read_fields, read_filter, write_filter
from web.pages.map_links import map_address
from web.pages.paging import page_of


def index(request: HttpRequest) -> HttpResponse:
    """The incidents in scope, newest first."""
    scope = incident_scope(request)
    if request.method == "POST":
        return _to_address(request)
    asked, now = read_filter(request), this_second()
    wanted = asked.wanted
    found = find_incidents(wanted, scope, now).select_related("category", "department")
    page = page_of(found.defer("drawing"), request.GET.get("page"))
    building = Building.objects.inside(request.scope).filter(pk=wanted.building or 0).select_related("compound")
    context = {
        "page": page,
        "wanted": wanted,
        "notices": asked.notices,
        "areas": area_choices(scope, wanted.area),
        "majors": _majors(),
        "states": State.choices,
        "names": names_of({incident.area for incident in page.rows}),
        "building": building.first(),
        "now": now,
        "ended": ENDED,
        "filtered": wanted != Wanted(),
    }
    return render(request, "web/lists/incidents.html", context)


def _to_address(request: HttpRequest) -> HttpResponse:
    """Answer a posted filter form with the address that shows its result."""
    query = write_filter(read_fields(request.POST, []), hold_posted(request))
    return redirect(f"{request.path}?{query}" if query else request.path)


def _majors() -> list[str]:
    """The kinds of incident that have happened, in the order of the code tables."""
    used = Category.objects.filter(incident__isnull=False).values_list("major", flat=True)
    return list(dict.fromkeys(used.order_by("kind", "code").distinct()))


def show(request: HttpRequest, number: str) -> HttpResponse:
    """The record of an incident: what, where, how far, and every step so far."""
    incidents = Incident.objects.inside(incident_scope(request))
    incident = get_object_or_404(
        incidents.select_related("category", "department", "building__compound", "cell"), number=number
    )
    now = timezone.now()
    context = {
        "incident": incident,
        "ended": ENDED,
        "is_open": incident.state not in ENDED,
        "late": incident.state not in ENDED and incident.due_at is not None and incident.due_at < now,
        "now": now,
        "steps": incident.steps.select_related("actor").order_by("at", "pk"),
        "trail": trail_of(incident.area, request.scope),
        "names": names_of({incident.area}),
        "building": incident.building if incident.building and request.scope.covers(incident.building.area) else None,
        "map_address": f"{map_address(incident.position)}?pin",
        "sketch": sketch_cell(incident.cell_id, request.scope, point=incident.position) if incident.cell_id else None,
    }
    return render(request, "web/records/incident.html", context)
