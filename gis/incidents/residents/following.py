"""Coming back to one's report: by the secret link, or by its number and the last four digits of the phone one left.

Four digits are soon guessed, so tries are counted by visitor and by number; a number that does not exist and digits
that do not fit are one look-up with one answer, and neither can be told from the other by words or by time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext as _

from gis.errors import OutOfScope, Refused
from gis.incidents.incident import Incident
from gis.incidents.residents.allowance import spend
from gis.incidents.residents.reporter import Follow
from gis.people.keyring import Key
from gis.people.sealing import blind_index, blind_indexes, index_by
from gis.written import hashed

_SALT = "wangge case pass"
#: Seconds for which number and digits open a case before one is asked again.
_PASS_LASTS = 3600
#: Tries of one visitor in a quarter of an hour, and of all visitors at one number in a day: 20 of 10,000.
_BY_VISITOR, _BY_NUMBER = 10, 20
#: Of those who reported one case so many can come back by digits: were it a whole street, one guess in fifty would open
#: it. The others have their link.
MOST_BY_DIGITS = 8
#: Merged into one that was merged: so often one follows.
_MOST_HOPS = 5
#: Signs of a number that count.
_LONGEST = 40


@dataclass(frozen=True)
class Opened:
    """A case as whoever reported it may see it. `by_link`: they hold the secret, so they see what they sent as well.

    `incident` is where it is dealt with: the kept one, where it was merged.
    """

    follow: Follow
    incident: Incident
    by_link: bool


def digits_of(number: str, last4: str) -> str:
    """A case's number and four digits as one thing to look up; nobody without our key can try them on a copy."""
    return blind_index(_as_one(number, last4)).hex()


def digits_by(key: Key, number: str, last4: str) -> str:
    """The same under one key of the two that are known while keys are changed."""
    return index_by(key, _as_one(number, last4)).hex()


def _as_one(number: str, last4: str) -> str:
    return f"follow {number} x {last4}"


def plain_number(number: str) -> str:
    """A number as it is looked up, ours or that of a work order, however it was typed."""
    return "".join(sign for sign in number.upper() if sign.isalnum() and sign.isascii())[:_LONGEST]


def open_case(key: str) -> Opened:
    """The case behind what stands in a link: a secret, or a pass. Raises OutOfScope, whatever is wrong with it."""
    follows = Follow.objects.select_related("incident__category", "step")
    if ":" in key:
        follow = follows.filter(pk=_of_pass(key)).first()
    else:
        follow = follows.filter(token=hashed(key.lower())).first()
    if follow is None:
        raise OutOfScope(_("这个链接打不开任何上报。"), fix=_("请核对链接，或用编号和电话后四位查询。"))
    return Opened(follow, _kept(follow.incident), ":" not in key)


def _of_pass(key: str) -> int | None:
    try:
        return int(signing.TimestampSigner(salt=_SALT).unsign(key, max_age=_PASS_LASTS))
    except (signing.BadSignature, ValueError):
        return None


def _kept(incident: Incident) -> Incident:
    for _hop in range(_MOST_HOPS):
        if incident.merged_into_id is None:
            break
        incident = Incident.objects.select_related("category").get(pk=incident.merged_into_id)
    return incident


def pass_for(number: str, last4: str, *, who: bytes, at: datetime) -> str:
    """A pass to a case, by its number and four digits. Raises TooMany, and Refused, the same for all that is wrong."""
    number = plain_number(number)
    last4 = "".join(str(int(sign)) for sign in last4 if sign.isdecimal())[:5]
    spend("guess", who, _BY_VISITOR, timedelta(minutes=15), at)
    spend("number", blind_index(f"number {number}"), _BY_NUMBER, timedelta(days=1), at)
    digits = [index.hex() for index in blind_indexes(_as_one(number, last4))]
    both = Follow.objects.filter(Q(digits__in=digits) | Q(other_digits__in=digits))
    found = both.order_by("-pk").values_list("pk", flat=True).first()
    if found is None:
        raise Refused(
            _("编号和电话后四位对不上。"),
            fix=_("请核对收据上的编号，和上报时留的电话；没有留电话的，或同一件事上报的人很多时，请用当时的链接查询。"),
        )
    return signing.TimestampSigner(salt=_SALT).sign(str(found))
