"""Where it is, for whoever reports: an address among public places, and the ground of a map. The land is no secret;
doors, homes and people are not asked for and never answered.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.gis.geos import Point, Polygon
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis.errors import BadGeometry, NotReady
from gis.incidents.residents.allowance import spend
from gis.incidents.residents.ground import served
from gis.models import Building, Compound, Way
from gis.places.finding import Found, Road, find
from web.field.shapes import line_parts, rings
from web.pages.choices import names_of
from web.residents.opened import opened
from web.whence import who

#: Places offered for one search, and searches of one visitor in a minute.
_MOST, _SEARCHES = 6, 60
_LONGEST = 80
#: Squares of the ground are so wide, degrees: about a kilometre.
SQUARE = 0.01
_MOST_SHAPES = 3000


@dataclass(frozen=True)
class Place:
    """Somewhere to report. `key` is what a form sends back: a building, or a position."""

    key: str
    title: str
    near: str
    building: int | None
    lat: float
    lon: float


@opened
@require_POST
def search(request: HttpRequest) -> JsonResponse:
    """Places that fit what was typed. Posted: what people type into such a box may be their own address."""
    spend("search", who(request), _SEARCHES, timedelta(minutes=1))
    try:
        found, trouble = places_named(request.POST.get("q", ""))
    except NotReady as error:
        return JsonResponse({"places": [], "trouble": error.message, "again": True})
    return JsonResponse({"places": [vars(one) for one in found], "trouble": trouble})


def places_named(typed: str) -> tuple[list[Place], str]:
    """The buildings, compounds and roads that fit; and why there are none. Raises NotReady after a start."""
    typed = typed.replace("\x00", "").strip()[:_LONGEST]
    if not typed:
        return [], _("请输入小区、道路或门牌。")
    try:
        found = [one for one in find(typed, served(), 3 * _MOST).found if one.kind in ("building", "compound", "road")]
    except NotReady:
        raise NotReady(_("地址正在读入，请几秒后再试。")) from None
    above = names_of({area[:12] for one in found if (area := getattr(one.place, "area", ""))})
    places = {place.key: place for one in found if (place := _place(one, above))}
    return list(places.values())[:_MOST], "" if places else _("没有找到。换一个写法，或在地图上点。")


def _place(one: Found, above: dict[str, str]) -> Place | None:
    place = one.place
    if isinstance(place, Building):  # of a door its building: who lives behind which is nobody's business
        near = " · ".join(filter(None, (place.road + place.gate, above.get(place.area[:12], ""))))
        return _at(place.label, near, place.geometry.point_on_surface, place.pk)
    if isinstance(place, Compound):
        return _at(place.name, above.get(place.area[:12], ""), place.geometry.point_on_surface)
    if isinstance(place, Road):
        west, south, east, north = place.box
        return _at(place.name, _("道路，请再在地图上点准"), Point((west + east) / 2, (south + north) / 2))
    return None


def _at(title: str, near: str, point: Point, building: int | None = None) -> Place:
    key = f"b{building}" if building else f"{point.y:.6f},{point.x:.6f}"
    return Place(key, title, near, building, round(point.y, 6), round(point.x, 6))


@opened
@require_safe
def ground(request: HttpRequest) -> HttpResponse:
    """Roads and houses of one square of the land, to draw a map of: `x` and `y` are hundredths of a degree."""
    window = _window(request.GET.get("x", ""), request.GET.get("y", ""))
    box = Polygon.from_bbox(window)
    answer = JsonResponse({"roads": _roads(box, window), "buildings": _buildings(box)})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _window(x: str, y: str) -> tuple[float, float, float, float]:
    try:
        west, south = int(x) / 100, int(y) / 100
    except ValueError:
        west = south = 1000.0
    if not (-180 <= west < 180 and -90 <= south < 90):
        raise BadGeometry(_("没有这块地图。"), fix=_("请从上报的页面打开地图。"))
    return west, south, west + SQUARE, south + SQUARE


def _buildings(box: Polygon) -> list[dict]:
    found = Building.objects.inside(served()).filter(geometry__bboverlaps=box).select_related("compound")
    return [
        {"id": one.pk, "label": one.label, "rings": rings(one.geometry)}
        for one in found.defer("drawing").order_by("pk")[:_MOST_SHAPES]
    ]


def _roads(box: Polygon, window: tuple) -> list[dict]:
    ways = Way.objects.filter(geometry__bboverlaps=box).exclude(kind=Way.Kind.WALL)
    return [
        {"name": way.name, "kind": way.kind, "rank": way.rank, "line": points}
        for way in ways.only("name", "kind", "rank", "geometry").order_by("pk")[:_MOST_SHAPES]
        for points in line_parts(way.geometry, window)
    ]
