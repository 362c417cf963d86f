from collections.abc import Callable

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gis.incidents.finding import find_by_number
from gis.models import Area, Building, CellVersion, Compound, Incident
from gis.places.finding import find_places
from gis.places.locating import nearest_building, read_point
from web.pages.choices import names_of
from web.scope import reads_no_people

MOST = 12
_LONGEST = 60


@reads_no_people
def send(request: HttpRequest) -> JsonResponse:
    """Places, and incidents by number, that fit what was typed; the nearest building where a position is given."""
    typed = request.GET.get("q", "").strip()[:_LONGEST]
    found = find_places(typed, request.scope, MOST)
    above = names_of({code for one in found if (code := _above(one.place))})
    results = [_SHOWN[one.kind](one.place, one.title, above) for one in found]
    if typed[:4].isdigit():
        incidents = find_by_number(typed, request.access.which("incident.read"), MOST)
        results = (results + [_incident(incident) for incident in incidents])[:MOST]
    return JsonResponse({"results": results, "nearest": _nearest(request)})


def _nearest(request: HttpRequest) -> dict | None:
    if not (request.GET.get("lat") and request.GET.get("lon")):
        return None
    point = read_point(request.GET["lat"], request.GET["lon"])
    building = nearest_building(point, request.scope)
    return building and _building(building, building.label, {}) | {"metres": round(building.metres.m)}


def _above(place) -> str:
    """The code whose name goes under a result: the area above an area, the cell or community of the rest."""
    if isinstance(place, Area):
        return place.parent_code
    if isinstance(place, CellVersion):
        return place.community_code
    return place.area if isinstance(place, Building | Compound) else ""


def _result(kind: str, code: str, pk: int | None, title: str, subtitle: str, **rest) -> dict:
    return {"kind": kind, "code": code, "id": pk, "title": title, "subtitle": subtitle, "panel": None} | rest


def _boxed(geometry) -> dict:
    return {"bbox": list(geometry.extent)} if geometry else {}


def _area(area: Area, title: str, above: dict) -> dict:
    place = _boxed(area.geometry) | {"panel": reverse("area-panel", args=[area.code])}
    subtitle = " · ".join(filter(None, (area.get_level_display(), above.get(area.parent_code))))
    return _result("area", area.code, area.pk, title, subtitle, url=reverse("area", args=[area.code]), **place)


def _cell(cell: CellVersion, title: str, above: dict) -> dict:
    place = _boxed(cell.geometry) | {"panel": reverse("cell-panel", args=[cell.code])}
    subtitle = " · ".join(filter(None, (_("网格"), above.get(cell.community_code))))
    return _result("cell", cell.code, cell.pk, title, subtitle, url=reverse("cell", args=[cell.code]), **place)


def _compound(compound: Compound, title: str, above: dict) -> dict:
    subtitle = " · ".join(filter(None, (_("小区"), above.get(compound.area))))
    panel = reverse("area-panel" if len(compound.area) <= 12 else "cell-panel", args=[compound.area])
    return _result("compound", "", compound.pk, title, subtitle, panel=panel, **_boxed(compound.geometry))


def _building(building: Building, title: str, above: dict) -> dict:
    address = building.road + building.gate
    subtitle = " · ".join(filter(None, (address if address != title else "", above.get(building.area))))
    inside = building.geometry.point_on_surface
    place = _boxed(building.geometry) | {"point": [inside.x, inside.y], "cell": building.area}
    page = {"panel": reverse("building-panel", args=[building.pk]), "url": reverse("building", args=[building.pk])}
    return _result("building", building.code, building.pk, title, subtitle or building.code, **place, **page)


def _road(ways, title: str, above: dict) -> dict:
    boxes = [way.geometry.extent for way in ways.only("geometry")]
    west, south, east, north = zip(*boxes, strict=True)
    return _result("road", "", None, title, _("道路"), bbox=[min(west), min(south), max(east), max(north)])


def _incident(incident: Incident) -> dict:
    subtitle = " · ".join((_(incident.category.name), incident.get_state_display()))
    place = {"point": [incident.position.x, incident.position.y], "url": reverse("incident", args=[incident.number])}
    return _result("incident", incident.number, incident.pk, incident.number, subtitle, **place)


_SHOWN: dict[str, Callable] = {
    "area": _area,
    "cell": _cell,
    "compound": _compound,
    "building": _building,
    "road": _road,
}
