"""A new service request. With an `api_key`, a token of the API, it is a report of that account, counted by the token.

Without one it is a resident's: stored by the same function as their form, under the same limits for the same visitor
(`gis.incidents.residents.reporting`). It is let in because the form is open to everybody as well: a key would keep
honest programs out and no flood, which is what the limits are for. A program that reports for many has one address for
all of them, and so needs a key.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.contrib.gis.geos import Point
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access, applied
from gis.accounts.token import Spent
from gis.accounts.token import spend as spend_token
from gis.collection.submission import Envelope, accept, digest_of
from gis.errors import Refused, TooMany
from gis.incidents.intake import Told, file_report
from gis.incidents.residents.allowance import spend
from gis.incidents.residents.reporting import Sent, take_report
from gis.models import Category, Incident
from web.api.admission import bearer_of
from web.field.told import read_position
from web.open311.answering import Unfit
from web.open311.offered import service_named
from web.residents.places import places_named
from web.uploads import photos_of
from web.whence import who

_FIELDS = (
    "service_code", "lat", "long", "address_string", "description", "first_name", "last_name", "phone", "media_url",
)  # fmt: skip
_LONGEST = 20_000
#: Requests of one visitor that are looked at, for each new case they may report: as for the residents' form.
_TRIES, _HOUR = 40, timedelta(hours=1)
_LONGEST_KEY = 200
#: Under which the keys of senders without a token become tickets.
_KEYS = UUID("5f0a5d5a-0d1c-4a5e-9b8e-3a1b4b0f3110")


@dataclass(frozen=True)
class Taken:
    """What became of a report, and what whoever sent it is told."""

    number: str
    notice: str


def report(request: HttpRequest) -> dict:
    """Store a report, and say what the standard says of one. Raises what is to be refused; then nothing is stored."""
    key = request.POST.get("api_key", "").strip() or bearer_of(request)
    if not key:
        # Counted before anything is looked at and outside of what is undone with a refused report.
        spend("try", who(request), settings.RESIDENT_REPORTS_PER_HOUR * _TRIES, _HOUR)
    spent = _spent(key) if key else None
    body = {name: request.POST.get(name, "").replace("\x00", "")[:_LONGEST] for name in _FIELDS}
    told, photos = _told(request, body), photos_of(request)
    content = digest_of("open311", body, [[photo] for photo in photos])
    taken = (
        _by_token(request, spent, told, photos, content)
        if spent
        else _by_resident(request, body, told, photos, content)
    )
    notice = taken.notice
    if body["media_url"]:
        notice += " " + _("media_url 里的照片没有取；照片请以 multipart 的 photo 字段发送。")
    uuid = Incident.objects.values_list("uuid", flat=True).get(number=taken.number)
    return {"service_request_id": str(uuid), "service_notice": notice, "account_id": None}


def _told(request: HttpRequest, body: dict) -> Told:
    category = _category(body["service_code"])
    point, building = _place(request, body)
    return Told(
        category=category.pk, point=point, building=building, text=body["description"], place=body["address_string"],
        origin=Incident.Source.DEPARTMENT,
    )  # fmt: skip


def _category(code: str) -> Category:
    if not code:
        raise Unfit(400, _("没有 service_code。"), _("请以表单（application/x-www-form-urlencoded）发送。"))
    return service_named(code)


def _place(request: HttpRequest, body: dict) -> tuple[Point | None, int | None]:
    """The position that was sent; without one the only place that fits the address."""
    try:
        point = read_position({"lat": body["lat"], "lon": body["long"]})
    except Refused:
        raise Unfit(400, _("lat 和 long 不是一个位置。"), _("请一起给出，写成 EPSG:4326 的度数。")) from None
    if point is not None:
        return point, None
    if not body["address_string"].strip():
        raise Unfit(400, _("没有位置。"), _("请给出 lat 和 long，或 address_string。"))
    spend("search", who(request), 60, timedelta(minutes=1))
    found, _trouble = places_named(body["address_string"])
    if len(found) != 1:
        raise Unfit(400, _("address_string 对不上唯一的地点。"), _("请给出 lat 和 long。"))
    place = found[0]
    return (None, place.building) if place.building else (Point(place.lon, place.lat, srid=crs.STORE), None)


def _spent(key: str) -> Spent:
    spent = spend_token(key)
    if spent is None:
        raise Unfit(403, _("api_key 无效、已过期或已吊销。"), _("请用管理员签发的接口令牌，或不带 api_key。"))
    if spent.is_too_many:
        raise TooMany(
            _("这一分钟的请求超过了 %(n)s 次。") % {"n": spent.token.per_minute},
            fix=_("请 %(seconds)s 秒后再试。") % {"seconds": spent.seconds},
        )
    return spent


def _by_token(request: HttpRequest, spent: Spent, told: Told, photos: list[bytes], content: str) -> Taken:
    token, access, now = spent.token, spent.token.access(), timezone.now()
    uuid = uuid5(token.uuid, f"open311 {key}") if (key := _key_of(request)) else uuid4()
    envelope = Envelope(uuid=uuid, kind="open311", user=token.user, access=access, at=now)
    with applied(access.which("area.read")):
        accepted = accept(envelope, content, lambda: _file(told, photos, envelope))
    return Taken(accepted.outcome["number"], _("已收到，编号 %(number)s。") % accepted.outcome)


def _file(told: Told, photos: list[bytes], envelope: Envelope) -> dict:
    access: Access = envelope.access
    filed = file_report(told, photos, user=envelope.user, access=access, at=envelope.at, uuid=envelope.uuid)
    return {"number": filed.incident.number}


def _by_resident(request: HttpRequest, body: dict, told: Told, photos: list[bytes], content: str) -> Taken:
    visitor = who(request)
    ticket = uuid5(_KEYS, f"{visitor.hex()} {key}") if (key := _key_of(request)) else uuid4()
    sent = Sent(ticket, content, told, _name(body), body["phone"])
    receipt = take_report(sent, photos, who=visitor, at=timezone.now())
    link = request.build_absolute_uri(reverse("resident-case", args=[receipt.token]))
    notice = _("已收到，编号 %(number)s。请保存这个只属于您的链接，用来查看进展和评价：%(link)s")
    return Taken(receipt.number, notice % {"number": receipt.number, "link": link})


def _name(body: dict) -> str:
    """A name in its usual order: family name first, without a blank, where it is not in Latin letters."""
    first, last = body["first_name"].strip(), body["last_name"].strip()
    return f"{first} {last}".strip() if (first + last).isascii() else last + first


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        raise Unfit(400, _("Idempotency-Key 太长。"), _("请用不超过 200 个字符的随机编号。"))
    return key
