"""What is open nearby already, as anybody may see it: for "that is the one, I have it too"."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.geos import Point
from django.core import signing
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.accounts.scope import Scope
from gis.incidents.category import Category
from gis.incidents.publication import Publication
from gis.incidents.similar import Similar, find_similar
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


def offer(point: Point, category: Category | None, text: str, scope: Scope, now: datetime) -> list[Offered]:
    """The open cases of a community most like a report at a position, in words that give no neighbour away."""
    found = _open_to_all(find_similar(point, category, text, scope, now, most=8))
    return [_told(one, voices, now) for one, voices in _counted(found[:3])]


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
