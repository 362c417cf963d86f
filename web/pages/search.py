from collections.abc import Callable

from django.contrib.gis.geos import Point
from django.http import HttpRequest, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import NotReady
from gis.incidents.component_class import ComponentClass, component_classes
from gis.incidents.finding import find_by_number
from gis.models import Area, Building, CellVersion, Component, Compound, Incident
from gis.people.finding import Wanted, find_residents
from gis.people.showing import show_people
from gis.places.finding import Found, Missing, Road, find
from gis.places.locating import nearest_building, read_point
from web.pages.choices import names_of
from web.pages.looking_up import look_up, note_typing
from web.pages.missing_place import words_for
from web.scope import reads_no_people

MOST = 12
_MOST_PEOPLE = 5
_LONGEST = 80
#: Digits of a component's code from which it is looked for: fewer are the code of an area.
_CODE_BEGUN = 10


@reads_no_people
def send(request: HttpRequest) -> JsonResponse:
    """Places, and incidents by number, that fit what was typed; the building nearest to a position where nothing was.

    The search box posts: whatever is typed into it may be somebody's name, and an address of a page ends up in logs.
    """
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("q", "").replace("\x00", "").strip()[:_LONGEST]
    point = _point(asked)
    try:
        answer = find(typed, request.scope, MOST, point)
    except NotReady:
        return JsonResponse(
            {"results": [], "missing": {"text": _("地址正在读入，请几秒后再试。"), "nearest": []}, "nearest": None}
        )
    incidents = _numbered(typed, request) + _coded(typed, request)
    # Where a number of an incident begins as typed, an address that holds only some of it was not meant.
    found = [one for one in answer.found if not (incidents and one.left)]
    above = names_of({code for one in found if (code := _above(one.place))})
    results = [_told(one, above) for one in found] + incidents
    missing = None if incidents else _missing(answer.missing)
    nearest = _nearest(point, request) if not typed else None
    return JsonResponse({"results": results[:MOST], "missing": missing, "nearest": nearest})


def _numbered(typed: str, request: HttpRequest) -> list[dict]:
    """The incidents whose number begins as typed."""
    if not typed[:4].isdigit():
        return []
    found = find_by_number(typed, request.access.which("incident.read"), MOST)
    return [_incident(incident) for incident in found]


def _coded(typed: str, request: HttpRequest) -> list[dict]:
    """The components whose identification code begins as typed, from the district and the class on."""
    if not (typed.isascii() and typed.isdigit() and len(typed) >= _CODE_BEGUN):
        return []
    found = Component.objects.inside(request.scope).filter(code__startswith=typed).order_by("code")[:MOST]
    classes = component_classes()
    return [_component(one, classes.get(one.kind)) for one in found]


@require_POST
def people(request: HttpRequest) -> JsonResponse:
    """Residents whom the text finds, as far as the reader may find and see them; never by GET."""
    typed = request.POST.get("q", "").replace("\x00", "").strip()[:_LONGEST]
    searched = look_up(request, typed)
    keys = searched.keys[:_MOST_PEOPLE]
    found = list(find_residents(Wanted(keys=keys), request.access)) if keys else []
    shown = show_people(found, request.access)
    names = names_of({person.area for person in shown})
    results = [
        _result(
            "resident",
            "",
            person.pk,
            person.name,
            names.get(person.area, ""),
            url=reverse("resident", args=[person.pk]),
        )
        for person in shown
    ]
    note_typing(request, typed, searched, shown)
    response = JsonResponse({"results": results})
    response["Cache-Control"] = "no-store"
    return response


def _point(asked: QueryDict) -> Point | None:
    lat, lon = asked.get("lat"), asked.get("lon")
    return read_point(lat, lon) if lat and lon else None


def _nearest(point: Point | None, request: HttpRequest) -> dict | None:
    building = nearest_building(point, request.scope) if point else None
    return building and _building(building, building.label, {}) | {"metres": round(building.metres.m)}


def _told(one: Found, above: dict) -> dict:
    """A result with the parts of its title that were typed and what was typed in vain."""
    shown = _SHOWN[one.kind](one.place, one.title, above)
    said = {"spans": one.spans, "left": one.left, "alias": one.alias}
    if one.door:
        said |= {"door": one.door.pk, "url": f"{shown['url']}?door={one.door.pk}"}
    return shown | said


def _missing(missing: Missing | None) -> dict | None:
    """What is not there, said in a sentence, with the nearest that is."""
    return missing and {
        "text": words_for(missing),
        "nearest": [_building(building, building.label, {}) for building in missing.nearest],
    }


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


def _road(road: Road, title: str, above: dict) -> dict:
    return _result("road", "", None, title, _("道路"), bbox=list(road.box), lines=road.lines)


def _incident(incident: Incident) -> dict:
    subtitle = " · ".join((_(incident.terms.name), incident.get_state_display()))
    place = {"point": [incident.position.x, incident.position.y], "url": reverse("incident", args=[incident.number])}
    return _result("incident", incident.number, incident.pk, incident.number, subtitle, **place)


def _component(component: Component, of: ComponentClass | None) -> dict:
    subtitle = " · ".join(filter(None, (_(of.name) if of else component.kind, component.place)))
    place = {"point": [component.position.x, component.position.y], "url": reverse("component", args=[component.code])}
    panel = reverse("component-panel", args=[component.code])
    code = component.code
    return _result("component", code, component.pk, code, subtitle, **place | {"panel": panel})


_SHOWN: dict[str, Callable] = {
    "area": _area,
    "cell": _cell,
    "compound": _compound,
    "building": _building,
    "road": _road,
}
