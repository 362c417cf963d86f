"""Open incidents that may be the very thing somebody is about to report, each with the reasons why.

Near, of the same kind, recent, described in the same words: a report is compared with what is open around it, and the
likeliest come first. Nothing is decided here; a person says "the same" or "another".
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, exp, radians

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point, Polygon
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Scope
from gis.incidents.category import Category
from gis.incidents.incident import Incident

#: How far one looks, metres, and how far back. What is older and still open is another matter by now.
REACH = 200
AGE = timedelta(days=60)
#: The nearest that are compared. More are open around one place only where a whole street reports one burst pipe,
#: and then the nearest will do.
_MOST_COMPARED = 200
#: Metres and days over which likeness falls to a third.
_METRES, _DAYS = 60, 15
#: What the kind is worth, by how it agrees; and equal words. A stranger two steps away is no match for its place alone.
_SAME, _SAME_MAJOR, _NOT_SAID, _OTHER, _WORDS = 1.0, 0.6, 0.6, 0.1, 0.8
LEAST = 0.12
#: Above what any likeness can be (`_SAME` and all of `_WORDS`): where it stands and when it was said no longer count.
_SAME_COMPONENT = 2.0
#: Share of letter pairs from which texts are called alike.
ALIKE = 0.35


@dataclass(frozen=True)
class Similar:
    """An open incident that may be the same, and why."""

    incident: Incident
    metres: float
    reasons: tuple[str, ...]
    likeness: float


def find_similar(
    point: Point,
    category: Category | None,
    text: str,
    scope: Scope,
    now: datetime,
    most: int = 4,
    reported: Incident | None = None,
    component: int | None = None,
) -> list[Similar]:
    """The open incidents in scope most like a report at a position (degrees), the likeliest first.

    `reported`: the incident that came of the report, where it is stored already; it is not like itself. `component`:
    the one the report points at; a case about the same comes before all that is merely near.
    """
    if reported:
        component = reported.component_id
    at = reported.reported_at if reported else now
    others = (one for one in around(point, scope, now) if one != reported)
    found = [_compared(one, category, pairs_of(text), at, now, component) for one in others]
    kept = sorted((one for one in found if one.likeness >= LEAST), key=lambda one: -one.likeness)
    return kept[:most]


def around(point: Point, scope: Scope, now: datetime, metres: float = REACH):
    """Open and recent ones within reach, nearest first. The window is an index range of `incident_drawing`."""
    centre = point.transform(crs.DRAW, clone=True)
    reach = metres / max(cos(radians(point.y)), 0.01)  # a metre on the ground, in units of the drawing CRS
    window = Polygon.from_bbox((centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach))
    window.srid = crs.DRAW
    near = Incident.objects.inside(scope).open().filter(drawing__bboverlaps=window, reported_at__gte=now - AGE)
    near = near.select_related("category").annotate(metres=Distance("position", point))
    return near.defer("drawing").order_by("metres")[:_MOST_COMPARED]


def _compared(
    incident: Incident, category: Category | None, pairs: Counter, at: datetime, now: datetime, component: int | None
) -> Similar:
    metres, age = incident.metres.m, max(now - incident.reported_at, timedelta(0))
    alike = shared(pairs, pairs_of(incident.description))
    like = likeness(incident.category, category, metres, abs(at - incident.reported_at), alike)
    reasons = _reasons(incident, category, metres, age, alike)
    if component and incident.component_id == component:
        return Similar(incident, metres, (_("同一部件"), *reasons), _SAME_COMPONENT + like)
    return Similar(incident, metres, reasons, like)


def likeness(known: Category, asked: Category | None, metres: float, apart: timedelta, alike: float) -> float:
    """How like two reports are that lie so far apart in space and time and share so much of their words."""
    return (_of_kind(known, asked) + _WORDS * alike) * exp(-metres / _METRES) * exp(-apart / timedelta(days=_DAYS))


def _of_kind(known: Category, asked: Category | None) -> float:
    if asked is None:
        return _NOT_SAID
    if known.pk == asked.pk:
        return _SAME
    return _SAME_MAJOR if known.major == asked.major else _OTHER


def _reasons(
    incident: Incident, asked: Category | None, metres: float, age: timedelta, alike: float
) -> tuple[str, ...]:
    kind = ""
    if asked and incident.category_id == asked.pk:
        kind = _("同类")
    elif asked and incident.category.major == asked.major:
        kind = _("同一大类")
    words = _("文字相近") if alike >= ALIKE else ""
    return tuple(reason for reason in (kind, _("%(metres)d 米") % {"metres": round(metres)}, ago(age), words) if reason)


def ago(age: timedelta) -> str:
    """How long ago, in the coarsest unit that still says something."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d 分钟前") % {"n": max(minutes, 1)}
    if minutes < 48 * 60:
        return _("%(n)d 小时前") % {"n": minutes // 60}
    return _("%(n)d 天前") % {"n": minutes // 1440}


def pairs_of(text: str) -> Counter:
    """The pairs of neighbouring letters of a text, without blanks and signs."""
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))


def shared(one: Counter, other: Counter) -> float:
    """Which share of two texts' pairs they have in common, 0 to 1 (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
