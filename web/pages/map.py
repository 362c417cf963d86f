from datetime import date

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from gis.accounts.scope import Access, Scope
from gis.areas.extent import extent
from gis.models import Area, CellVersion
from gis.people.masking import shown_where
from layers.indicators import INDICATORS
from layers.past import day_of
from layers.places import LAYERS
from layers.tiles import MAX_ZOOM, MIN_ZOOM
from web.organisations.on_map import organisation_settings
from web.pages.heat import heat_settings
from web.pages.live import live_settings
from web.pages.map_components import component_settings
from web.pages.map_incidents import incident_settings
from web.pages.reports import kinds
from web.pages.service import service_settings

#: Above this many cells the chooser lists areas only.
MOST_CELLS_LISTED = 5000


def show(request: HttpRequest) -> HttpResponse:
    """The map workspace. Everything on it is fetched by the page, in scope. `?on=2026-03-01`: as drawn on that day."""
    today = timezone.localdate()
    day = day_of(request.GET["on"]) if request.GET.get("on") else today
    told = _settings(request)
    if day != today:
        _look_back(told, day)
    return render(request, "web/map.html", {"map": told, "on": day if day != today else None, "today": today})


def _look_back(told: dict, day: date) -> None:
    """Let the map ask for the cells and areas of a day, and for what is known of them."""
    on = day.isoformat()
    for name in ("cells", "areas"):
        told["tiles"][name] = reverse("tile-on", args=[name, on, 1, 1, 1]).replace("/1/1/1.", "/{z}/{x}/{y}.")
    told["urls"] |= {"values": reverse("values-on", args=[on]), "listed": reverse("listed-on", args=[on])}


def _settings(request: HttpRequest) -> dict:
    return {
        "tiles": {name: _tile_address(name) for name in MIN_ZOOM},
        "minZoom": MIN_ZOOM,
        "maxDataZoom": MAX_ZOOM,
        "bounds": extent(request.scope),
        "language": get_language(),
        "signedInAs": request.user.name or request.user.username,
        "baseMaps": [{k: v for k, v in base.items() if k != "hosts"} for base in settings.BASE_MAPS],
        "indicators": _indicators(request.access),
        "layers": _layers(request.scope),
        "heat": heat_settings(request.access),
        "service": service_settings(request.access, request.GET.get("proposal", "")),
        "report": {"url": reverse("reports"), "kinds": kinds()},
        "live": live_settings(request.access),
        "incidents": incident_settings(request.access),
        "components": component_settings(),
        "units": organisation_settings(request.access),
        "urls": {name: reverse(name) for name in ("values", "listed", "places", "at", "search", "sign-in", "risk")}
        | {"panel": "/map/panel/", "people": reverse("search-people") if _sees_names(request.access) else None},
    }


def _sees_names(access: Access) -> bool:
    return bool(shown_where(access, "name", "full"))


def _tile_address(name: str) -> str:
    address = reverse("tile", args=[name, 1, 1, 1])
    return address.replace("/1/1/1.", "/{z}/{x}/{y}.")


def _layers(scope: Scope) -> list[str]:
    """The layers that have a place in the scope; ground without cells is not offered cells."""
    levels = set(Area.objects.inside(scope).values_list("level", flat=True).distinct())
    has_cells = CellVersion.objects.on(timezone.localdate()).inside(scope).exists()
    return [layer for layer in LAYERS if layer in levels or (layer == "cells" and has_cells)]


def _indicators(access: Access) -> list[dict]:
    shown = []
    for indicator in INDICATORS.values():
        if indicator.scope(access):
            words = {key: str(getattr(indicator, key)) for key in ("code", "name", "unit", "group")}
            shown.append(words | {"takes": sorted(indicator.takes), "compares": indicator.compares})
    return shown


@gzip_page
def places(request: HttpRequest) -> JsonResponse:
    """Areas, and cells while they are few, with their bounds: the chooser's tree."""
    areas = Area.objects.inside(request.scope).filter(geometry__isnull=False)
    cells = CellVersion.objects.on(timezone.localdate()).inside(request.scope)
    listed = _boxes(areas, Coalesce(NullIf("short_name", Value("")), "name"))
    if cells.count() <= MOST_CELLS_LISTED:
        listed += _boxes(cells, "name", "cell")
    return JsonResponse({"places": sorted(listed, key=lambda place: place["code"])})


def _boxes(rows, name, level: str | None = None) -> list[dict]:
    fields = {"label": name} if not isinstance(name, str) else {}
    found = rows.annotate(box=Extent("geometry"), **fields)
    return [
        {"code": row.code, "name": getattr(row, "label", row.name), "level": level or row.level, "bbox": list(row.box)}
        for row in found
    ]
