"""Open cases put on what their category says now, where an editor asks for it: never by itself, and each case is told.

A case is timed by the moment of its report; whoever has it counted anew moves that moment to now (`Incident.timed_at`),
so that every later move counts by the same limits. A limit that is not what we counted stays as it is.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.incidents.category import Category, Terms
from gis.incidents.clock import clocks_from
from gis.incidents.holidays import YearCalendar, calendar_in_force
from gis.incidents.incident import Incident
from gis.incidents.limits import StageLimit, limits_from, timed_at
from gis.incidents.reminders.alarm import alarms_of, set_alarms
from gis.incidents.reminders.rule import rules
from gis.incidents.resetting import MOST_COUNTED, Shift, moved, steps_of
from gis.incidents.stages import Clocks, Reading
from gis.incidents.step import Act, Step

_BATCH = 500


def open_cases(category: Category, scope: Scope) -> QuerySet:
    return Incident.objects.inside(scope).open().filter(category=category)


def count_recounts(category: Category, terms: Terms, scope: Scope) -> int:
    """How many open cases in a scope would get other limits; one more than MOST_COUNTED where it is more."""
    moving = _shifts(open_cases(category, scope), terms)
    return sum(1 for _shift, _number in zip(moving, range(MOST_COUNTED + 1), strict=False))


def recount(category: Category, scope: Scope, user: User) -> int:
    """Give the open cases in a scope the limits their category has now, each under its lock. Returns how many moved."""
    terms = category.at(timezone.now())
    keys = [shift.incident.pk for shift in _shifts(open_cases(category, scope), terms)]
    return sum(_recount_one(pk, terms, user) for pk in keys)


def _shifts(cases: QuerySet, terms: Terms) -> Iterator[Shift]:
    calendar, limits, last, now = calendar_in_force(), list(StageLimit.objects.all()), 0, timezone.now()
    while batch := list(cases.filter(pk__gt=last).select_related("category").order_by("pk")[:_BATCH]):
        last = batch[-1].pk
        steps = steps_of(batch)
        shifts = (_shift(one, steps[one.pk], limits, terms, calendar, now) for one in batch)
        yield from (shift for shift in shifts if shift.moves or shift.incident.urgent != terms.urgent)


def _shift(
    incident: Incident, rows: list[tuple], limits: list[StageLimit], terms: Terms, calendar: YearCalendar, now: datetime
) -> Shift:
    held_at = timed_at(incident)
    before = _clocks(incident, rows, incident.category.at(held_at), incident.urgent, limits, held_at, calendar)
    after = _clocks(incident, rows, terms, terms.urgent, limits, now, calendar)
    return Shift(
        incident, after,
        moved(incident.due_at, before.case, after.case, calendar, calendar),
        moved(incident.stage_due_at, before.stage, after.stage, calendar, calendar),
    )  # fmt: skip


def _clocks(incident, rows, terms: Terms, urgent: bool, limits: list[StageLimit], at: datetime, calendar) -> Clocks:
    day = timezone.localdate(at)
    held = limits_from(terms, urgent, [row for row in limits if row.starts <= day])
    return clocks_from(incident, rows, Reading(held, calendar.work))


def _recount_one(pk: int, terms: Terms, user: User) -> bool:
    with transaction.atomic():
        cases = Incident.objects.open().filter(pk=pk).select_for_update(of=("self",))
        shift = next(_shifts(cases, terms), None)
        if shift is None:
            return False
        incident, now, calendar = shift.incident, timezone.now(), calendar_in_force()
        due = incident.due_at
        incident.due_at, incident.stage_due_at = shift.case, shift.stage
        incident.urgent, incident.timed_at = terms.urgent, now
        incident.revision += 1
        incident.save(update_fields=["due_at", "stage_due_at", "urgent", "timed_at", "revision"])
        Step.objects.create(
            incident=incident, at=now, before=incident.state, after=incident.state, actor=user, act=Act.COMMENT,
            note=_said(due, shift.case), revision=incident.revision,
        )  # fmt: skip
        set_alarms([incident], alarms_of(incident, shift.clocks, calendar, rules(), now))
    return True


def _said(before: datetime | None, after: datetime | None) -> str:
    """What was done to the case, in its own list of steps."""
    told = [timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "–" for at in (before, after)]
    return _("按类别的新规定重新计算了时限：%(before)s → %(after)s") % {"before": told[0], "after": told[1]}
