"""Setting up, moving, changing and closing service points on the map."""

import json

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis import crs
from gis.accounts.scope import Access
from gis.errors import NotAllowed, OutOfScope, WanggeError
from gis.models import ServicePoint
from gis.places.service.keeping import area_at
from gis.written import read_line
from web.pages.service import kind_of
from web.scope import reads_no_people

_FIELDS = ("name", "capacity", "opening")


@reads_no_people
@require_POST
def save(request: HttpRequest) -> JsonResponse:
    """Store one point: a new one without `id`; `closed` closes it today, or opens a closed one again."""
    told = body_of(request)
    point = _point(told.get("id"), request.access)
    if "kind" in told and not point.pk:
        point.kind = kind_of(str(told["kind"])).code
    for name in _FIELDS:
        if name in told:
            setattr(point, name, _plain(told[name], name) if name != "capacity" else told[name])
    if "at" in told:
        _place(point, told["at"], request.access)
    if "closed" in told:
        point.ends = max(timezone.localdate(), point.starts) if told["closed"] else None
    _store(point)
    return JsonResponse({"id": point.pk, "area": point.area}, headers={"Cache-Control": "no-store"})


def body_of(request: HttpRequest) -> dict:
    """The JSON object a page posted. Raises WanggeError for anything else."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise WanggeError(_("请求无法识别。"), fix=_("请刷新页面后再试。"))
    return told


def _point(pk: object, access: Access) -> ServicePoint:
    """The point to change, or a new one. Raises OutOfScope, or NotAllowed where it may only be seen."""
    if pk is None:
        if not access.may_anywhere("service.write"):
            raise NotAllowed(_("您的角色不能修改设施。"), fix=_("请找规划员或管理员。"))
        return ServicePoint()
    seen = ServicePoint.objects.inside(access.which("area.read"))
    point = seen.filter(pk=pk).first() if isinstance(pk, int) and 0 < pk < 2**62 else None
    if point is None:
        raise OutOfScope("There is no such point.")
    if not access.may("service.write", point.area):
        raise NotAllowed(_("您的角色不能修改设施。"), fix=_("请找规划员或管理员。"))
    return point


def _plain(value: object, name: str) -> str:
    return "" if value is None else read_line(str(value), name, 500)


def _place(point: ServicePoint, at: object, access: Access) -> None:
    lonlat = position_of(at)
    point.position = Point(*lonlat, srid=crs.STORE)
    point.area = area_at(point.position, access.which("service.write"))
    if not point.area:
        raise WanggeError(_("该位置不在您的辖区内。"), fix=_("请在您的辖区内选一个位置。"))


def position_of(at: object) -> tuple[float, float]:
    """Longitude and latitude of a JSON pair. Raises WanggeError for what is no position."""
    if isinstance(at, list) and len(at) == 2 and all(isinstance(part, int | float) for part in at):
        longitude, latitude = at
        if abs(longitude) <= 180 and abs(latitude) <= 85:  # before float(), which a number of 400 digits overflows
            return float(longitude), float(latitude)
    raise WanggeError(_("位置无法识别。"), fix=_("请在地图上重新选择位置。"))


def _store(point: ServicePoint) -> None:
    try:
        point.full_clean()
    except ValidationError as error:
        names = {field.name: str(field.verbose_name) for field in ServicePoint._meta.concrete_fields}
        said = "；".join(f"{names.get(name, name)}：{' '.join(texts)}" for name, texts in error.message_dict.items())
        raise WanggeError(said, fix=_("请改正后再保存。")) from None
    point.save()
