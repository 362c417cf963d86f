"""Where service is missing: the answers the map page asks for."""

import gzip
import json

import numpy as np
import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access, Scope
from gis.codes.naming import names_in
from gis.errors import NotAllowed, WanggeError
from gis.models import Proposal
from gis.places.service.kinds import AGE_BANDS, ServiceKind, service_kinds
from gis.places.service.outline import ground_within
from gis.places.service.reach import SLOW_SPEED, SPEED
from layers.service.ground import ground_of
from layers.service.question import Question, Walk, know
from layers.service.sites import MOST_SITES, best_sites, effect_of
from layers.service.telling import band_name, tell, tell_best, tell_effect
from web.pages.choices import chosen_area
from web.pages.paging import read_number
from web.scope import reads_no_people

_MINUTES, _SPEEDS = (1, 60), (0.2, 3.0)
#: Seconds the solver may take while somebody waits.
_SECONDS = 6.0


def send(request: HttpRequest) -> HttpResponse:
    """Points with their loads, the minutes of every building, and who lives beyond, for one kind of service."""
    known = know(question_of(request), request.access)
    body = json.dumps(tell(known, shared=request.GET.get("load") == "shared"), separators=(",", ":"))
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, no-store"}
    return HttpResponse(gzip.compress(body.encode(), 5), content_type="application/json", headers=headers)


def try_sites(request: HttpRequest) -> JsonResponse:
    """What new points at `at=longitude,latitude;…` would bring."""
    return _fresh({"effect": tell_effect(effect_of(know(question_of(request), request.access), positions_of(request)))})


def find_sites(request: HttpRequest) -> JsonResponse:
    """The best places for the next `k` points, and what they would bring."""
    known = know(question_of(request), request.access)
    if known.demand is None:
        raise NotAllowed(_("您的角色不能查看人口数字，无法选址。"), fix=_("需要时请联系管理员调整任职。"))
    k = read_number(request.GET.get("k")) or 0
    if not 1 <= k <= MOST_SITES:
        raise WanggeError(_("一次可选 1 到 %(most)d 处。") % {"most": MOST_SITES}, fix=_("请改一个数量。"))
    given = positions_of(request) if request.GET.get("at") else None
    best = best_sites(known, k, request.GET.get("aim") == "median", _SECONDS, given)
    return _fresh(tell_best(best) | {"effect": tell_effect(effect_of(known, best.lonlat))})


@reads_no_people
def send_around(request: HttpRequest) -> JsonResponse:
    """The ground within the walk of one position, as GeoJSON."""
    question, at = question_of(request), positions_of(request)[:1]
    ground = ground_of(question.area)
    limit = float(question.walk.limits[int(question.slow)])
    outline = ground_within(ground.network, ground.access(at), limit)
    degrees = shapely.transform(outline, lambda xy: crs.move(xy, ground.system, crs.STORE))
    return _fresh({"outline": json.loads(shapely.to_geojson(shapely.set_precision(degrees, 1e-6)))})


def homes_beyond(request: HttpRequest) -> list[int]:
    """Ids of the buildings from which the walk is farther than the address says; no person is told of."""
    known = know(question_of(request), request.access)
    return known.ground.ids[known.far[:, int(known.question.slow)]].tolist()


def _fresh(content: dict) -> JsonResponse:
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})


def service_settings(access: Access, asked: str) -> dict:
    """What the map page needs to offer this; `asked`: the proposal named in its address."""
    shared = Proposal.objects.inside(access.which("area.read")).filter(uuid=asked).first() if is_uuid(asked) else None
    addresses = ("service", "service-try", "service-best", "service-around", "service-points", "service-proposals")
    needs = names_in("service_need")
    return {
        "urls": {name.removeprefix("service").strip("-") or "all": reverse(name) for name in addresses}
        | {"buildings": reverse("buildings"), "map": reverse("map")},
        "kinds": [_kind(kind, needs) for kind in service_kinds().values()],
        "bands": [{"code": band, "name": band_name(band)} for band in AGE_BANDS],
        "needs": [{"code": f"need:{code}", "name": name} for code, name in needs.items()],
        "speed": SPEED,
        "slow": SLOW_SPEED,
        "mostSites": MOST_SITES,
        "mayEdit": access.may_anywhere("service.write"),
        "mayCount": access.may_anywhere("people.count"),
        "proposal": str(shared.uuid) if shared else None,
    }


def is_uuid(text: str) -> bool:
    plain = text.replace("-", "")
    return len(plain) == 32 and all(sign in "0123456789abcdef" for sign in plain.lower())


def _kind(kind: ServiceKind, needs: dict[str, str]) -> dict:
    return {
        "code": kind.code,
        "name": kind.name,
        "minutes": kind.minutes,
        "bands": [] if kind.need else list(kind.bands),
        "everybody": kind.for_everybody,
        "need": needs.get(kind.need, ""),
        "capacity": kind.usual_capacity,
    }


def question_of(request: HttpRequest) -> Question:
    """The question an address asks. Raises WanggeError for one that cannot be answered."""
    get = request.GET.get
    kind = kind_of(get("beyond") or get("kind", ""))
    walk = Walk(
        _number(get("minutes"), kind.minutes, *_MINUTES),
        _number(get("speed"), SPEED, *_SPEEDS),
        _number(get("slow"), SLOW_SPEED, *_SPEEDS),
    )
    return Question(kind, _area(request), walk, _group(get("group", "")))


def kind_of(code: str) -> ServiceKind:
    kind = service_kinds().get(code)
    if kind is None:
        raise WanggeError(_("没有这种设施。"), fix=_("请从列表中选择。"))
    return kind


def _area(request: HttpRequest) -> Scope:
    asked = request.GET.get("area", "")
    if not asked:
        return request.scope
    chosen = chosen_area(asked, request.scope)
    return Scope.of([chosen] if chosen else [])


def _group(group: str) -> str:
    if group and group not in AGE_BANDS and group.removeprefix("need:") not in names_in("service_need"):
        raise WanggeError(_("没有这个人群。"), fix=_("请从列表中选择。"))
    return group


def _number(text: str | None, usual: float, low: float, high: float) -> float:
    try:
        number = float(text) if text else usual
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise WanggeError(_("步行时间或速度无法识别。"), fix=_("请填 1 到 60 分钟、0.2 到 3 米/秒。"))
    return number


def positions_of(request: HttpRequest) -> np.ndarray:
    """The positions of `at`, n × 2 degrees. Raises WanggeError for none, too many, or what is no position."""
    try:
        pairs = [[float(part) for part in one.split(",")] for one in request.GET.get("at", "").split(";") if one]
        lonlat = np.array(pairs, dtype=float).reshape(-1, 2)
    except ValueError:
        lonlat = np.full((1, 2), np.nan)
    good = np.isfinite(lonlat).all() and (np.abs(lonlat) <= [180, 85]).all()
    if not good or not 1 <= len(lonlat) <= 50:
        raise WanggeError(_("位置无法识别。"), fix=_("请在地图上重新选择位置。"))
    return lonlat
