"""Finding incidents: every filter a list has, as one value."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.incident import Incident, State

OPEN, ENDED_ALL = "open", "ended"


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field asks nothing. Days are local, both included."""

    text: str = ""
    area: str = ""
    building: int | None = None
    category: int | None = None
    major: str = ""
    state: str = ""  # one of State, `open` or `ended`
    late: bool = False
    first: date | None = None
    last: date | None = None


def find_incidents(wanted: Wanted, scope: Scope):
    """The incidents in scope that fit, newest first."""
    found = Incident.objects.inside(scope)
    if wanted.area:
        found = found.filter(area__gte=wanted.area, area__lt=wanted.area + ":")
    if wanted.building:
        found = found.filter(building=wanted.building)
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.major:
        found = found.filter(category__major=wanted.major)
    if wanted.text:
        found = found.filter(_about(wanted.text))
    found = _reported(_in_state(found, wanted.state), wanted.first, wanted.last)
    return (found.late(timezone.now()) if wanted.late else found).order_by("-reported_at", "-pk")


def find_by_number(text: str, scope: Scope, most: int) -> list[Incident]:
    """Incidents whose number begins as typed, newest first."""
    return list(Incident.objects.inside(scope).filter(number__startswith=text).order_by("-reported_at")[:most])


def _in_state(found, state: str):
    if state == OPEN:
        return found.open()
    if state == ENDED_ALL:
        return found.ended()
    return found.filter(state=state) if state in State.values else found


def _reported(found, first: date | None, last: date | None):
    if first:
        found = found.filter(reported_at__gte=_midnight(first))
    return found.filter(reported_at__lt=_midnight(last + timedelta(days=1))) if last else found


def _about(text: str) -> Q:
    return Q(number__startswith=text) | Q(place__contains=text) | Q(description__contains=text)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
