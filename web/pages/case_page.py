"""The page of one case: its head, and the sections that `case_parts.PARTS` lists."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.incidents.incident import ENDED
from gis.models import Incident
from web.pages.case import Case, drawn
from web.pages.case_parts import PARTS
from web.pages.choices import names_of
from web.pages.incident_filter import incident_scope
from web.pages.map_links import map_address


def show(request: HttpRequest, number: str) -> HttpResponse:
    """The record of an incident: what, where, how far, what may be done, and every step so far."""
    return page(Case(readable(request, number), request, timezone.now()))


def page(case: Case, status: int = 200) -> HttpResponse:
    incident = case.incident
    context = {
        "incident": incident,
        "now": case.now,
        "ended": ENDED,
        "names": names_of({incident.area}),
        "desk": names_of({incident.area[: incident.level]}).get(incident.area[: incident.level], ""),
        "map_address": f"{map_address(incident.position)}?pin",
        "sections": drawn(PARTS, case),
    }
    response = render(case.request, "web/case/page.html", context, status=status)
    response["Cache-Control"] = "private, no-store"  # the back button must not show a case as it was
    return response


def readable(request: HttpRequest, number: str) -> Incident:
    """The incident of that number, if its reader may read it; not found otherwise."""
    incidents = Incident.objects.inside(incident_scope(request)).defer("drawing")
    related = incidents.select_related("category", "department", "building__compound", "cell", "merged_into")
    return get_object_or_404(related, number=number)
