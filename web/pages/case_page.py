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
    """The record of an incident: what, where, how far, and every step so far."""
    incident = readable(request, number)
    case = Case(incident, request, timezone.now())
    context = {
        "incident": incident,
        "now": case.now,
        "ended": ENDED,
        "names": names_of({incident.area}),
        "map_address": f"{map_address(incident.position)}?pin",
        "sections": drawn(PARTS, case),
    }
    return render(request, "web/case/page.html", context)


def readable(request: HttpRequest, number: str) -> Incident:
    """The incident of that number, if its reader may read it; not found otherwise."""
    incidents = Incident.objects.inside(incident_scope(request)).defer("drawing")
    related = incidents.select_related("category", "department", "building__compound", "cell")
    return get_object_or_404(related, number=number)
