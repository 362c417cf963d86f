"""The dashboard 概览: an area understood in ten seconds, on the desk, on paper and on a wall."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.finding import Wanted, this_second
from layers.dashboard.board import board, chosen_scope
from layers.dashboard.period import Clock, Period
from layers.dashboard.places import places_in
from layers.dashboard.residents import ground
from layers.incident_copy import incidents_now
from layers.summary import trail_of
from web.lists.listing import Asked
from web.lists.ranking import RANKING, RANKING_CATEGORIES
from web.lists.shown import export_of
from web.pages.choices import names_of
from web.pages.dashboard_choices import filter_choices
from web.pages.dashboard_figures import drawn, ranked_areas, ranked_kinds
from web.pages.dashboard_ground import here_of
from web.pages.held import hold_posted
from web.pages.incident_filter import read_fields, read_filter, write_filter
from web.pages.live import live_settings


def show(request: HttpRequest) -> HttpResponse:
    """The page; `?screen=1` is the same for a wall."""
    if request.method == "POST":
        return _to_address(request)
    asked = read_filter(request)
    here = here_of(request.scope, asked.wanted.area)
    wanted = replace(asked.wanted, area=here.areas[0] if len(here.areas) == 1 else "")
    clock = Clock(timezone.localtime(this_second()))
    context = {
        "asked": asked,
        "held": asked.held,
        "wanted": wanted,
        "clock": clock,
        "period": Period.of(wanted, clock.today),
        "screen": "screen" in request.GET,
        "live": live_settings(request.access),
        **_place(request, here),
        "ground": ground(here, request.access),
        **_incidents(request, wanted, asked.held, here, clock),
    }
    return render(request, "web/dashboard/screen.html" if context["screen"] else "web/dashboard/page.html", context)


def _place(request: HttpRequest, here: Scope) -> dict:
    """The name of the ground looked at, the way up from it and the ways down."""
    names = names_of(set(here.areas))
    code = here.areas[0] if len(here.areas) == 1 else ""
    return {
        "code": code,
        "place_name": "、".join(names.get(area, area) for area in here.areas),
        "trail": trail_of(code, request.scope) if code else [],
        "places": places_in(here),
        "all_home": here == request.scope,
    }


def _incidents(request: HttpRequest, wanted: Wanted, held: str, here: Scope, clock: Clock) -> dict:
    """The figures of the incidents, for whoever may read them here."""
    scope = chosen_scope(request.access, "incident.read", wanted.area)
    if not scope:
        return {"board": None}
    counted = board(incidents_now(), wanted, scope, clock, request.GET.get("step", ""))
    return {
        "board": counted,
        **drawn(counted, wanted, held),
        "areas": ranked_areas(counted, places_in(here), request.access),
        "kinds": ranked_kinds(counted),
        "areas_export": export_of(RANKING, Asked.of(request)),
        "kinds_export": export_of(RANKING_CATEGORIES, Asked.of(request)),
        **filter_choices(wanted, request),
    }


def _to_address(request: HttpRequest) -> HttpResponse:
    """Answer a posted filter form with the address that shows its result."""
    query = write_filter(read_fields(request.POST, []), hold_posted(request))
    return redirect(f"{request.path}?{query}" if query else request.path)
