"""Public cases as programs ask for them: by service, state and time, and where each was, coarsely.

Whatever can be asked for is a question about what is told and about nothing finer: a filter by the very second of a
report would tell it, to whoever asks often enough, though no answer shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet

from gis import crs
from gis.areas.area import Area
from gis.incidents.category import Category
from gis.incidents.coarse import drawn_side, half_day_begins
from gis.incidents.incident import Incident, State
from gis.incidents.public_case import latest_first, public_cases

_HALF = timedelta(hours=12)


@dataclass(frozen=True)
class Asked:
    """What is asked for; what is left out asks nothing. `first` and `last` are held against the half day that is told
    of a report, both included; `after` is the last one of the page before.
    """

    areas: tuple[str, ...]
    services: frozenset[str] = frozenset()
    closed: bool | None = None
    first: datetime | None = None
    last: datetime | None = None
    after: UUID | None = None


def service_code(category: Category) -> str:
    """What a category is called in an address: its code, behind its system where that is not the community's."""
    return category.code if category.kind == Category.Kind.COMMUNITY else f"{category.kind}-{category.code}"


def find_requests(asked: Asked) -> QuerySet:
    """The public cases that fit, those of the latest half day first: within one the order tells nothing."""
    return latest_first(_fitting(asked))


def some_requests(asked: Asked, start: int, number: int) -> list[Incident]:
    """As many of them, from one on. Only the half days they lie in are put in order, however much else fits."""
    until = start + number
    last = list(_fitting(asked).values_list("reported_at", flat=True)[until - 1 : until])
    found = find_requests(asked)
    if last:
        found = found.filter(reported_at__gte=half_day_begins(last[0]))
    return list(found[start:until])


def _fitting(asked: Asked) -> QuerySet:
    found = public_cases(*asked.areas).select_related("category")
    if asked.services:
        found = found.filter(category__in=[one.pk for one in _categories(asked.services)])
    if asked.closed is not None:
        found = found.filter(state=State.CLOSED) if asked.closed else found.exclude(state=State.CLOSED)
    if asked.first is not None:
        found = found.filter(reported_at__gte=_next_half(asked.first))
    if asked.last is not None:
        found = found.filter(reported_at__lt=half_day_begins(asked.last) + _HALF)
    return _behind(found, asked.after) if asked.after else found


def _categories(codes: frozenset[str]) -> list[Category]:
    return [one for one in Category.objects.only("kind", "code") if service_code(one) in codes]


def _next_half(at: datetime) -> datetime:
    """The first half day that does not begin before a moment."""
    begins = half_day_begins(at)
    return begins if begins == at else begins + _HALF


def _behind(found: QuerySet, uuid: UUID) -> QuerySet:
    """Those behind one in the order of the list, whatever has come in before it meanwhile; nothing behind one that is
    not there."""
    at = Incident.objects.filter(uuid=uuid).values_list("reported_at", flat=True).first()
    if at is None:
        return found.none()
    begins = half_day_begins(at)
    same = Q(reported_at__gte=begins, reported_at__lt=begins + _HALF, uuid__gt=uuid)
    return found.filter(Q(reported_at__lt=begins) | same)


def middles(incidents: Sequence[Incident]) -> dict[UUID, tuple[float, float]]:
    """Longitude and latitude of the middle of the square in which each lies.

    The squares are those of its community's map: a second grid laid over the first would cut it into smaller pieces.
    """
    sides = _sides({one.area[:12] for one in incidents})
    placed = [one for one in incidents if one.area[:12] in sides]
    if not placed:
        return {}
    side = np.array([[sides[one.area[:12]]] for one in placed])
    drawn = np.array([[one.drawing.x, one.drawing.y] for one in placed])
    degrees = crs.move((np.floor(drawn / side) + 0.5) * side, crs.DRAW, crs.STORE)
    return {
        one.uuid: (round(float(x), 5), round(float(y), 5)) for one, (x, y) in zip(placed, degrees, strict=True)
    }  # fmt: skip


def _sides(codes: set[str]) -> dict[str, float]:
    found = Area.objects.filter(code__in=codes, level="community", geometry__isnull=False)
    return {one.code: drawn_side(one.geometry.centroid.y) for one in found.only("code", "geometry")}
