"""Open cases put on another calendar: how many time limits would move, and moving them with their alarms.

Only what we counted ourselves is counted anew: a limit that came with an imported case, or that is not what the steps
and the old calendar give, stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gis.incidents.clock import COLUMNS, clocks_from, put
from gis.incidents.finding import midnight
from gis.incidents.holidays import YearCalendar, calendar_in_force
from gis.incidents.incident import Incident
from gis.incidents.limits import StageLimit, limits_from, timed_at
from gis.incidents.reminders.alarm import alarms_of, set_alarms
from gis.incidents.reminders.rule import rules
from gis.incidents.stages import Clocks, Reading
from gis.incidents.step import Step
from gis.incidents.working_time import WorkCalendar

#: Cases read at a time.
_BATCH = 500
#: A preview counts no further: it says "more than".
MOST_COUNTED = 5000


@dataclass(frozen=True)
class Shift:
    """The limits of one case, of the whole and of its stage, as they are and as they would be."""

    incident: Incident
    clocks: Clocks
    case: datetime | None
    stage: datetime | None

    @property
    def moves(self) -> bool:
        return (self.incident.due_at, self.incident.stage_due_at) != (self.case, self.stage)


def changed_days(old: WorkCalendar, new: WorkCalendar) -> list[date]:
    """The days worked in one calendar and not in the other; every day where the hours differ."""
    if old.sessions != new.sessions:
        return [date.min]
    marked = old.off | old.on | new.off | new.on
    return sorted(day for day in marked if old.is_worked(day) != new.is_worked(day))


def touched(days: list[date]) -> QuerySet:
    """The open cases whose limits may depend on those days: what ends before the first of them does not."""
    if not days:
        return Incident.objects.none()
    first = midnight(max(days[0], date(1970, 1, 2)))
    return Incident.objects.open().filter(Q(due_at__gte=first) | Q(stage_due_at__gte=first))


def shifts(cases: QuerySet, old: YearCalendar, new: YearCalendar) -> Iterator[Shift]:
    """Every case whose limits would move from one calendar to the other, a batch at a time."""
    last = 0
    while batch := list(cases.filter(pk__gt=last).select_related("category").order_by("pk")[:_BATCH]):
        last = batch[-1].pk
        yield from (shift for shift in _read(batch, old, new) if shift.moves)


def _read(batch: list[Incident], old: YearCalendar, new: YearCalendar) -> Iterator[Shift]:
    steps, limits = steps_of(batch), list(StageLimit.objects.all())
    for incident in batch:
        moment = timed_at(incident)
        rows = [row for row in limits if row.starts <= timezone.localdate(moment)]
        held = limits_from(incident.category.at(moment), incident.urgent, rows)
        before = clocks_from(incident, steps[incident.pk], Reading(held, old.work))
        after = clocks_from(incident, steps[incident.pk], Reading(held, new.work))
        yield Shift(
            incident, after,
            moved(incident.due_at, before.case, after.case, old, new),
            moved(incident.stage_due_at, before.stage, after.stage, old, new),
        )  # fmt: skip


def moved(held: datetime | None, before, after, old: YearCalendar, new: YearCalendar) -> datetime | None:
    """The limit in the new calendar, where the one that is kept is what the old one gives."""
    counted = before and before.due(old.work)
    return after.due(new.work) if held and held == counted and after else held


def steps_of(batch: list[Incident]) -> dict[int, list[tuple]]:
    """The steps of some cases, as `clocks_from` reads them."""
    found: dict[int, list[tuple]] = defaultdict(list)
    rows = Step.objects.filter(incident__in=batch).order_by("incident", "revision", "at", "pk")
    for incident, *row in rows.values_list("incident_id", *COLUMNS, "facts__was__due_at"):
        found[incident].append(tuple(row))
    return found


def count_shifts(old: YearCalendar, new: YearCalendar) -> int:
    """How many open cases a new calendar would give other limits; one more than MOST_COUNTED where it is more."""
    moving = shifts(touched(changed_days(old.work, new.work)), old, new)
    return sum(1 for _shift, _number in zip(moving, range(MOST_COUNTED + 1), strict=False))


def put_on(old: YearCalendar) -> int:
    """Count the limits of open cases anew by the calendar in force, which was `old` before. Returns how many moved.

    Each case under its lock; run again after a kill, what has moved already is what the new calendar gives.
    """
    new = calendar_in_force()
    moved = [shift.incident.pk for shift in shifts(touched(changed_days(old.work, new.work)), old, new)]
    return sum(_put(pk, old, new) for pk in moved)


def _put(pk: int, old: YearCalendar, new: YearCalendar) -> bool:
    with transaction.atomic():
        cases = Incident.objects.select_for_update(of=("self",)).select_related("category").filter(pk=pk)
        shift = next(_read(list(cases), old, new), None)
        if shift is None or not shift.moves:
            return False
        incident = shift.incident
        incident.due_at, incident.stage_due_at = shift.case, shift.stage
        incident.save(update_fields=["due_at", "stage_due_at"])
        set_alarms([incident], alarms_of(incident, shift.clocks, new, rules(), timezone.now()))
    return True


def set_all_alarms() -> int:
    """Give every open case the alarms the rules in force ask for, and its limits where it is older than the clocks.

    Returns how many cases were looked at.
    """
    calendar, last, count = calendar_in_force(), 0, 0
    among, now = rules(), timezone.now()
    cases = Incident.objects.open().select_related("category").order_by("pk")
    while batch := list(cases.filter(pk__gt=last)[:_BATCH]):
        last, count = batch[-1].pk, count + len(batch)
        alarms = []
        for shift in _read(batch, calendar, calendar):
            alarms += alarms_of(shift.incident, shift.clocks, calendar, among, now)
            if shift.clocks.stage and shift.incident.stage_due_at is None:
                _put_first(shift, calendar)
        with transaction.atomic():
            set_alarms(batch, alarms)
    return count


def _put_first(shift: Shift, calendar: YearCalendar) -> None:
    """The limits of a case from before the stages had any; not of one that is being moved, which gets them by that."""
    incident = shift.incident
    put(incident, shift.clocks, calendar)
    same = Incident.objects.filter(pk=incident.pk, revision=incident.revision, stage_due_at=None)
    same.update(due_at=incident.due_at, stage_due_at=incident.stage_due_at, suspended_at=incident.suspended_at)
