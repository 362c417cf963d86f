"""Finding incidents: every filter of the list, the map, the dashboard and an export, as one value."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.words import about

#: A case that was merged into another is that other one: it is found by asking for its state or its number, and counted
#: nowhere else, so that what two hundred people reported counts once.
MERGED = State.DUPLICATE
#: States by their group. A filter may name either.
OPEN, ENDED_ALL = "open", "ended"
GROUPS = {OPEN: frozenset(State.values) - frozenset(ENDED), ENDED_ALL: frozenset(ENDED) - {MERGED}}
#: In `Wanted.departments`: no department has it yet.
NO_DEPARTMENT = 0


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field asks nothing, and all that are filled must hold.

    Of a field with several values any one will do; `categories` (primary keys) and `majors` are one such field.
    `states` are of `State` or `GROUPS`; where none is asked for, all will do but `MERGED`. Days are local, both
    included; `days` counts back from today, which is one of them, and goes before `first` and `last`.
    """

    text: str = ""
    area: str = ""
    building: int | None = None
    categories: frozenset[int] = frozenset()
    majors: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    late: bool = False
    departments: frozenset[int] = frozenset()
    origins: frozenset[str] = frozenset()
    days: int | None = None
    first: date | None = None
    last: date | None = None

    def every_state(self) -> frozenset[str]:
        """The states asked for with the groups written out; none where all will do."""
        return frozenset(str(one) for name in self.states for one in GROUPS.get(name, {name}))

    def period(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """From the first moment asked for to the first one after it; None where that side is open."""
        first, last = self.first, self.last
        if self.days:
            last = timezone.localdate(now)
            first = first_of(self.days, last)
        return first and midnight(first), last and midnight(last + timedelta(days=1))


def first_of(days: int, last: date) -> date:
    """The first of so many days of which the last is known."""
    return last - timedelta(days=days - 1)


def midnight(day: date) -> datetime:
    """The moment a local day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def this_second() -> datetime:
    """Now, cut to the second: what is late is judged by whole seconds, in memory and in the database alike."""
    return timezone.now().replace(microsecond=0)


def find_incidents(wanted: Wanted, scope: Scope, now: datetime | None = None, *, merged: bool = False):
    """The incidents in scope that fit, newest first. `now` decides what is late and which days are the last ones.

    `merged`: those that were merged into another are among them, whatever states are asked for.
    """
    now = (now or this_second()).replace(microsecond=0)
    found = _of_field(_of_kind(Incident.objects.inside(scope), wanted), wanted)
    if not wanted.states and not merged:
        found = found.exclude(state=MERGED)
    if wanted.area:
        found = found.filter(area__gte=wanted.area, area__lt=wanted.area + ":")
    if wanted.building:
        found = found.filter(building=wanted.building)
    if wanted.text:
        found = found.filter(about(wanted.text))
    first, end = wanted.period(now)
    if first:
        found = found.filter(reported_at__gte=first)
    if end:
        found = found.filter(reported_at__lt=end)
    return (found.late(now) if wanted.late else found).order_by("-reported_at", "-pk")


def find_by_number(text: str, scope: Scope, most: int) -> list[Incident]:
    """Incidents whose number begins as typed, newest first."""
    return list(Incident.objects.inside(scope).filter(number__startswith=text).order_by("-reported_at")[:most])


def _of_kind(found, wanted: Wanted):
    if wanted.categories or wanted.majors:
        found = found.filter(Q(category__in=wanted.categories) | Q(category__major__in=wanted.majors))
    return found.filter(state__in=wanted.every_state()) if wanted.states else found


def _of_field(found, wanted: Wanted):
    if wanted.origins:
        found = found.filter(origin__in=wanted.origins)
    if wanted.departments:
        nobody = Q(department=None) if NO_DEPARTMENT in wanted.departments else Q()
        found = found.filter(Q(department__in=wanted.departments) | nobody)
    return found
