"""Incidents on the map: clusters of a window, and the list of what lies in one."""

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access
from gis.errors import WanggeError
from gis.incidents.finding import this_second
from gis.incidents.incident import ENDED
from gis.models import Incident
from layers.bins import Grid, grid_over
from layers.incident_clusters import SIDE, Clusters, clusters_in
from layers.incident_columns import PER_METRE
from layers.incident_copy import incidents_now
from layers.incident_order import ids_in_order
from layers.incident_selection import Selection, selected
from web.pages.choices import names_of
from web.pages.incident_filter import Asked, incident_scope, read_filter
from web.pages.paging import Page, page_at
from web.pages.windows import Box, read_box, read_whole
from web.scope import reads_no_people

#: Clusters are drawn at whole zooms up to here; there nothing is left to take apart.
DEEPEST = 20
#: A window of so many bins is no screen.
_MOST_BINS = 20_000
#: Incidents a page in the list beside the map.
_LISTED = 20


def incident_settings(access: Access) -> dict | None:
    """What the map page needs to offer incidents; None to whom they are not offered."""
    if not access.may_anywhere("incident.read"):
        return None
    names = {"clusters": "clusters", "here": "incidents-here", "filter": "incident-filter", "list": "incidents"}
    if access.may_anywhere("incident.write"):
        names["report"] = "incident-new"
    return {part: reverse(name) for part, name in names.items()}


@reads_no_people
def clusters(request: HttpRequest) -> JsonResponse:
    """What the filter finds: `total` in scope, `here` in the view, and those of the window around it in clusters.

    Each as [longitude, latitude, incidents, of these late, of these open, of doubtful position, and the number of the
    incident where there is but one, else its members' west, south, east and north].
    """
    chosen, now = _chosen(request)
    found = clusters_in(chosen, _grid(request), now)
    here = len(_inside(chosen, read_box(request, "view"))) if "view" in request.GET else found.total
    answer = {"total": len(chosen), "here": here, "clusters": _written(found)}
    return kept_by_nobody(JsonResponse(answer))


@reads_no_people
def listed(request: HttpRequest) -> HttpResponse:
    """The part of the filter's list that lies in a window of the map, a page of it: a part of a page."""
    asked = read_filter(request)
    chosen, now = _chosen(request, asked)
    here = _inside(chosen, read_box(request))
    page = page_at(len(here), request.GET.get("page"), _LISTED)
    incidents = incidents_of(ids_in_order(here, "at", True, page.start, page.end))
    context = {
        "page": Page(incidents, page.number, page.last, len(here), False, _LISTED),
        "names": names_of({incident.area for incident in incidents}),
        "query": asked.query,
        "bbox": request.GET["bbox"],
        "now": now,
        "ended": ENDED,
    }
    return kept_by_nobody(render(request, "web/panels/incidents.html", context))


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Kept by nobody: what it says is of this reader and this moment."""
    response["Cache-Control"] = "private, no-store"
    return response


def incidents_of(ids: list[int]) -> list[Incident]:
    """These incidents in this order, less those that are no more."""
    found = Incident.objects.select_related("category", "department").defer("drawing").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _chosen(request: HttpRequest, asked: Asked | None = None):
    scope, now = incident_scope(request), this_second()
    return selected(incidents_now(), (asked or read_filter(request)).wanted, scope, now), now


def _grid(request: HttpRequest) -> Grid:
    grid = grid_over(read_box(request), min(read_whole(request, "zoom"), DEEPEST), SIDE)
    if grid.bins > _MOST_BINS:
        raise WanggeError(_("地图范围太大。"), fix=_("请放大地图。"))
    return grid


def _written(found: Clusters) -> list[list]:
    numbers = dict(Incident.objects.filter(pk__in=found.ids[found.ids > 0].tolist()).values_list("pk", "number"))
    middle, box = found.middle.round(6).tolist(), found.box.round(6).tolist()
    counts = np.column_stack([found.count, found.late, found.open, found.doubt]).tolist()
    return [
        [*middle[k], *counts[k], *([numbers.get(pk, "")] if pk else box[k])] for k, pk in enumerate(found.ids.tolist())
    ]


def _inside(chosen: Selection, box: Box) -> Selection:
    """A centimetre generous, as positions are kept to the centimetre."""
    west, south, east, north = box
    if not (-180 <= west <= east <= 180 and -85.06 <= south <= north <= 85.06):
        raise WanggeError(_("地图范围无法识别。"), fix=_("请重新打开地图。"))
    corners = crs.move(np.array([[west, south], [east, north]]), crs.STORE, crs.DRAW) * PER_METRE
    (left, bottom), (right, top) = corners[0] - 1, corners[1] + 1
    return chosen.narrowed(
        lambda columns: (
            (columns.east >= left) & (columns.east <= right) & (columns.north >= bottom) & (columns.north <= top)
        )
    )
