"""What is open nearby already, as anybody may see it: for "that is the one, I have it too"."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.gis.geos import Point
from django.core import signing
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.accounts.scope import Scope
from gis.incidents.category import Category
from gis.incidents.coarse import SIDE, metres_between
from gis.incidents.public_request import middles
from gis.incidents.publication import Publication
from gis.incidents.similar import LEAST, REACH, Similar, around, likeness
from gis.incidents.step import Act, Step
from gis.people.sealing import SealBroken, open_seal, seal

_SALT = "wangge offered"
#: Seconds that an offer holds: as long as a form may lie open.
_LASTS = 24 * 3600
#: Distances that are told, metres: never the exact one.
_ABOUT = (50, 100, 200)


@dataclass(frozen=True)
class Offered:
    """An open case near by. `key` names it to us alone; `voices` is how many have reported it."""

    key: str
    category: str
    near: str
    when: str
    voices: int

    @property
    def said(self) -> str:
        counted = ngettext("%(n)d 人已反映", "%(n)d 人已反映", self.voices) % {"n": self.voices}
        return " · ".join((self.near, self.when, counted))


def may_be_offered(category: Category) -> bool:
    """Whether strangers may hear that something of this kind is open: what lies in the street, not what is at home."""
    return category.is_public


def offer(point: Point, category: Category | None, scope: Scope, now: datetime) -> list[Offered]:
    """The open cases of a community most like a report at a position, in words that give no neighbour away."""
    found = _open_to_all(_alike_from_afar(point, category, scope, now, most=8))
    return [_told(one, voices, now) for one, voices in _counted(found[:3])]


def _alike_from_afar(point: Point, category: Category | None, scope: Scope, now: datetime, most: int) -> list[Similar]:
    """`find_similar` for a stranger, who may ask from a hundred places and with any words: by the square in which each
    incident lies, not by where in it, and not by what was written. So no answer tells more than square, kind and day.
    """
    found = []
    near = list(around(point, scope, now, REACH + SIDE).defer(None))
    places = middles(near)
    for one in near:
        if one.uuid not in places:
            continue  # its community is not drawn, so there are no squares
        metres = metres_between(point, places[one.uuid])
        apart = timedelta(days=(timezone.localdate(now) - timezone.localdate(one.reported_at)).days)
        like = likeness(one.category, category, metres, apart, 0)
        if metres <= REACH and like >= LEAST:
            found.append(Similar(one, metres, (), like))
    return sorted(found, key=lambda one: (-one.likeness, one.incident.uuid))[:most]


def _open_to_all(found: list[Similar]) -> list[Similar]:
    """Those of kinds that strangers may hear of, without what staff have hidden."""
    keys = [one.incident.pk for one in found if may_be_offered(one.incident.category)]
    hidden = set(Publication.objects.filter(incident__in=keys, hidden=True).values_list("incident", flat=True))
    return [one for one in found if one.incident.pk in keys and one.incident.pk not in hidden]


def _counted(found: list[Similar]) -> list[tuple[Similar, int]]:
    again = Step.objects.filter(incident__in=[one.incident for one in found], act=Act.AGAIN, undone_by=None)
    counts = dict(again.order_by().values_list("incident").annotate(number=Count("pk")))
    return [(one, 1 + counts.get(one.incident.pk, 0)) for one in found]


def _told(one: Similar, voices: int, now: datetime) -> Offered:
    metres = next((most for most in _ABOUT if one.metres <= most), _ABOUT[-1])
    days = (timezone.localdate(now) - timezone.localdate(one.incident.reported_at)).days
    when = _("今天") if days <= 0 else _("昨天") if days == 1 else _("%(n)d 天前") % {"n": days}
    # Sealed, not only signed: whoever looks for neighbours' cases is not to learn their numbers.
    key = signing.dumps(seal(one.incident.number).hex(), salt=_SALT)
    return Offered(key, one.incident.terms.name, _("%(metres)d 米以内") % {"metres": metres}, when, voices)


def number_offered(key: str) -> str:
    """The number behind an offer; "" for a key that is none: then it becomes a case of its own, and nothing is lost."""
    try:
        return open_seal(bytes.fromhex(signing.loads(key, salt=_SALT, max_age=_LASTS))) if key else ""
    except (signing.BadSignature, SealBroken, ValueError):
        return ""
