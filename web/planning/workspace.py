"""The workspace of a plan: one page, everything on it is fetched by the page."""

from uuid import UUID

from django.conf import settings as conf
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gis.models import Plan
from gis.planning import presence
from gis.planning.preparing import openings_of
from gis.planning.talking import unread
from layers.tiles import MAX_ZOOM, MIN_ZOOM
from web.pages.live import stream_settings
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
    "here",
    "notes",
    "note-settle",
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


@require_POST
def here(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """A sign of life of an open page: who else has the plan open, and how many notes one has not read."""
    plan = plan_of(request, uuid)
    if request.POST.get("leave") == "1":
        presence.leave(plan, request.user)
        return JsonResponse({"here": [], "unread": 0})
    others = presence.arrive(plan, request.user)
    told = [{"name": one.name or one.username, "draws": one.access.may("plan.write", plan.area)} for one in others]
    return JsonResponse({"here": told, "unread": unread(plan, request.user)}, headers={"Cache-Control": "no-store"})


def _settings(request: HttpRequest, plan: Plan) -> dict:
    urls = {name: reverse(f"plan-{name}", args=[plan.uuid]) for name in _ENDPOINTS}
    return {
        "urls": urls | {"sign-in": reverse("sign-in")},
        "draw": may_draw(request, plan),
        "plan": str(plan.uuid),
        "kind": plan.kind,
        "live": stream_settings(),
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
