"""The workspace of a plan: one page, everything on it is fetched by the page."""

from uuid import UUID

from django.conf import settings as conf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis.models import Plan
from gis.planning.preparing import openings_of
from gis.planning.talking import unread
from layers.tiles import MAX_ZOOM, MIN_ZOOM
from web.planning.found import may_draw, plan_of

#: URL names of the endpoints a workspace talks to, by the name it knows them by.
_ENDPOINTS = (
    "tiles",
    "state",
    "steps",
    "undo",
    "redo",
    "try",
    "since",
    "problems",
    "handles",
    "wish",
    "history",
    "go-to",
)
#: What can count as workload, as a planner calls it.
LOAD_WORDS = {
    "households": _("户数"),
    "people": _("人口"),
    "dwellings": _("住房"),
    "floating": _("流动人口"),
    "incidents": _("未结事件"),
    "visits": _("应走访"),
}


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; of a plan that is being prepared, how far it is."""
    if openings_of(request.access).filter(uuid=uuid).exists():
        return redirect("plan-opening", uuid)
    plan = plan_of(request, uuid)
    context = {"plan": plan, "draw": may_draw(request, plan), "settings": _settings(request, plan)}
    context["unread_notes"] = unread(plan, request.user)
    return render(request, "web/planning/workspace.html", context)


def _settings(request: HttpRequest, plan: Plan) -> dict:
    urls = {name: reverse(f"plan-{name}", args=[plan.uuid]) for name in _ENDPOINTS}
    return {
        "urls": urls | {"sign-in": reverse("sign-in")},
        "draw": may_draw(request, plan),
        "language": get_language(),
        "name": plan.name,
        "me": request.user.name or request.user.username,
        "loads": {name: str(said) for name, said in LOAD_WORDS.items()},
        "tiles": {name: _tile_address(name) for name in MIN_ZOOM},
        "minZoom": MIN_ZOOM,
        "maxDataZoom": MAX_ZOOM,
        "baseMaps": [{k: v for k, v in base.items() if k != "hosts"} for base in conf.BASE_MAPS],
    }


def _tile_address(name: str) -> str:
    return reverse("tile", args=[name, 1, 1, 1]).replace("/1/1/1.", "/{z}/{x}/{y}.")
