import shapely
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.codes.naming import names_in
from gis.models import Building, CellVersion, Lineage
from layers.outlines import Drawn, draw_within
from layers.sketch import sketch_cell
from layers.summary import summarise_area, trail_of
from web.lists.buildings import with_dwelling_count
from web.pages.map_links import map_address
from web.pages.risk_weights import risk_of


def show(request: HttpRequest, code: str) -> HttpResponse:
    """The record of a cell: its figures, its buildings and its history."""
    cell = _version(code, request.scope)
    return render(
        request,
        "web/records/cell.html",
        {
            "cell": cell,
            "in_force": timezone.localdate() in cell.valid,
            "summary": summarise_area(code, request.access),
            "trail": trail_of(code, request.scope),
            "buildings": _buildings(code),
            "versions": _versions(cell, request.scope),
            "lineage": _lineage(cell, request.scope),
            "map_address": map_address(cell.geometry, cell.code),
            "need_names": names_in("service_need"),
            "sketch": sketch_cell(cell.pk, request.scope),
            "may_read_people": request.access.may("people.read", code),
        }
        | risk_of(request, code),
    )


def _version(code: str, scope: Scope) -> CellVersion:
    """The version in force under a code, else the last that bore it: a retired code still opens its record."""
    versions = CellVersion.objects.inside(scope).filter(code=code).select_related("cell").order_by("valid")
    version = versions.on(timezone.localdate()).first() or versions.last()
    if version is None:
        raise Http404
    return version


def _buildings(code: str):
    listed = Building.objects.filter(Scope.of([code]).q()).select_related("compound")
    return with_dwelling_count(listed.defer("geometry", "drawing")).order_by("code")


def _versions(cell: CellVersion, scope: Scope) -> list[tuple[CellVersion, Drawn | None]]:
    """Every version of the cell, the oldest first, each with its outline in one frame, so that they can be compared."""
    found = list(cell.cell.versions.inside(scope).order_by("valid").defer("drawing", "coarse"))
    shapes = [shapely.from_wkb(bytes(one.geometry.wkb)) for one in found]
    return [(one, draw_within(shapes, place) if len(found) > 1 else None) for place, one in enumerate(found)]


def _lineage(cell: CellVersion, scope: Scope) -> list[tuple[str, CellVersion, Lineage]]:
    """("earlier" or "later", the other version, how) of all its versions: what they came from and became, in scope."""
    mine = cell.cell.versions.inside(scope)
    came = (
        Lineage.objects.filter(after__in=mine)
        .select_related("before", "after")
        .order_by("after__valid", "before__code")
    )
    went = Lineage.objects.filter(before__in=mine).exclude(after__in=mine).select_related("before", "after")
    told = [("earlier", one.before, one) for one in came]
    told += [("later", one.after, one) for one in went.order_by("before__valid", "after__code")]
    return [one for one in told if scope.covers(one[1].code)]
