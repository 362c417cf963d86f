"""Taking a resident's report in: once however often it is sent, and never lost because a thousand come at a time.

The form brings a ticket of its own. The secret of the link is made from it with a key that is not in the database, so
whoever sends the same form again (the answer got lost, the server was killed) gets the same link, and nothing twice.
When one thing is reported by a whole street at once, what comes after the first few joins them.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.errors import Conflict
from gis.incidents.attaching import clean_photos, kept
from gis.incidents.category import Category
from gis.incidents.incident import ENDED, Incident
from gis.incidents.intake import Filed, Told, write_report
from gis.incidents.residents.allowance import spend
from gis.incidents.residents.following import MOST_BY_DIGITS, digits_of
from gis.incidents.residents.ground import community_at
from gis.incidents.residents.offering import may_be_offered
from gis.incidents.residents.reporter import LONGEST_NAME, Follow, Reporter
from gis.people.sealing import seal
from gis.places.building import Building
from gis.written import hashed, read_line, read_phone

#: So many alike, from as near and as short a while ago, are one thing that a whole street reports.
SURGE, SURGE_METRES, SURGE_WHILE = 3, 80, timedelta(minutes=30)
#: Reports that join another are cheap and tell how bad it is: so many times as many may come from one address.
_JOINED = 20
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Sent:
    """A form as it came in. `ticket` is its own identity, `content` the hash of all it says; `told.same_as` the number
    of an open case that was offered. Name and phone are left or not, as one likes.
    """

    ticket: UUID
    content: str
    told: Told
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Receipt:
    """What whoever reported is given. `token` is the secret of their link; `again`: it was here before."""

    number: str
    token: str
    joined: bool
    again: bool = False


def take_report(sent: Sent, photos: Sequence[bytes], *, who: bytes, at: datetime) -> Receipt:
    """Store a resident's report, once.

    Raises Refused, naming the field, for what cannot be stored, TooMany when one visitor sends too many, and Conflict
    when the same form was sent before with other content. Then nothing is stored.
    """
    token = token_of(sent.ticket)
    name, phone = read_line(sent.name, "name", LONGEST_NAME), read_phone(sent.phone)
    scope = community_at(sent.told.point, sent.told.building)
    with applied(scope):
        _wait_for_others(f"ticket {sent.ticket}")
        known = Follow.objects.filter(token=hashed(token)).select_related("incident", "step").first()
        if known:
            return _known(known, sent, token)
        with kept(clean_photos(photos)) as stored:
            told = replace(sent.told, origin=Incident.Source.RESIDENT)
            told = replace(told, same_as=_still_open(told.same_as, scope) or _flooded(told, scope, at))
            filed = write_report(told, stored, scope=scope, user=None, at=at)
            most = settings.RESIDENT_REPORTS_PER_HOUR * (_JOINED if filed.joined else 1)
            spend("join" if filed.joined else "report", who, most, _HOUR, at)
            _remember(filed, sent, token, name, phone)
    return Receipt(filed.incident.number, token, filed.joined)


def token_of(ticket: UUID) -> str:
    """160 bits that nobody can make without our key, the same for the same form."""
    secret = salted_hmac("wangge follow link", str(ticket), algorithm="sha256").digest()[:20]
    return base64.b32encode(secret).decode().lower()


def _known(known: Follow, sent: Sent, token: str) -> Receipt:
    if known.content != sent.content:
        raise Conflict(
            _("这份上报已经收到，编号 %(number)s。") % {"number": known.incident.number},
            fix=_("要反映别的事，请另开一份上报。"),
        )
    return Receipt(known.incident.number, token, bool(known.step.before), again=True)


def _still_open(number: str, scope: Scope) -> str:
    """An offered case that has ended meanwhile is no reason to refuse: the report becomes one of its own."""
    if not number:
        return ""
    found = Incident.objects.inside(scope).filter(number=number).exclude(state__in=ENDED)
    return number if found.exists() else ""


def _flooded(told: Told, scope: Scope, at: datetime) -> str:
    """The number of the case that many report right now from the same spot; "" where there is no flood of them."""
    category = Category.objects.filter(pk=told.category).first()
    point = _point(told)
    if told.same_as or category is None or point is None or not may_be_offered(category):
        return ""
    # One at a time around one spot, so that of two hundred at once only the first few become cases.
    _wait_for_others(f"flood {category.pk} {point.x:.3f} {point.y:.3f}")
    recent = Incident.objects.inside(scope).open().filter(
        category=category, origin=Incident.Source.RESIDENT, reported_at__gt=at - SURGE_WHILE, reported_at__lte=at,
        position__dwithin=(point, SURGE_METRES / 50_000),
    )  # fmt: skip
    near = recent.annotate(metres=Distance("position", point)).filter(metres__lte=D(m=SURGE_METRES))
    numbers = list(near.order_by("reported_at", "pk").values_list("number", flat=True)[:SURGE])
    return numbers[0] if len(numbers) == SURGE else ""


def _point(told: Told) -> Point | None:
    if told.point is not None or told.building is None:
        return told.point
    building = Building.objects.filter(pk=told.building).only("geometry").first()
    return building.geometry.point_on_surface if building else None


def _wait_for_others(what: str) -> None:
    """Whoever does the same at this moment goes one after the other, until the transaction ends."""
    key = int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _remember(filed: Filed, sent: Sent, token: str, name: str, phone: str) -> None:
    incident, step = filed.incident, filed.step
    by_digits = bool(phone) and incident.follows.exclude(digits="").count() < MOST_BY_DIGITS
    Follow.objects.create(
        step=step, incident=incident, token=hashed(token), content=sent.content,
        digits=digits_of(incident.number, phone[-4:]) if by_digits else "",
    )  # fmt: skip
    if name or phone:
        sealed = seal(phone) if phone else None
        Reporter.objects.create(step=step, incident=incident, name=name, phone_sealed=sealed, phone_last4=phone[-4:])
