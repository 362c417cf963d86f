"""Every minute: what has come due is told, and what stays undone goes up a level.

Each alarm is rung in a transaction of its own under the case's lock, the one moves take too, and marked as rung in it.
So a worker that is killed halfway, or two at once, leave nothing out and do nothing twice.
"""

import logging
from datetime import datetime

from django.db import transaction

from gis.incidents.clock import clocks_of
from gis.incidents.consequences import follow
from gis.incidents.decisions import Wish
from gis.incidents.holidays import calendar_in_force
from gis.incidents.incident import ENDED, Incident, Level, State
from gis.incidents.reminders.alarm import Alarm
from gis.incidents.reminders.rule import Of, ReminderRule, rules
from gis.incidents.reminders.telling import tell
from gis.incidents.step import Act
from gis.incidents.taking import move_by_rule

logger = logging.getLogger(__name__)
#: Alarms rung in one go; more wait for the next minute.
_MOST = 2000


def ring(now: datetime) -> int:
    """Ring what has come. Returns how many alarms were rung."""
    known = {rule.code: rule for rule in rules()}
    waiting = Alarm.objects.filter(rung_at=None, at__lte=now).order_by("at", "pk")
    return sum(_ring(pk, known, now) for pk in list(waiting.values_list("pk", flat=True)[:_MOST]))


def _ring(pk: int, known: dict[str, ReminderRule], now: datetime) -> bool:
    """Ring one alarm. False when it is gone, or its case is being moved just now: then the next minute sees."""
    with transaction.atomic():
        cases = Incident.objects.select_related("category").select_for_update(of=("self",), skip_locked=True)
        incident = cases.filter(alarms=pk).first()
        alarm = incident and Alarm.objects.filter(pk=pk, rung_at=None, at__lte=now).first()
        if not alarm:
            return False
        Alarm.objects.filter(pk=pk).update(rung_at=now)
        rule = known.get(alarm.rule)
        if rule and incident.state not in ENDED:
            _apply(rule, alarm, incident, now)
    return True


def _apply(rule: ReminderRule, alarm: Alarm, incident: Incident, now: datetime) -> None:
    calendar = calendar_in_force()
    clocks = clocks_of(incident, calendar)
    clock = clocks.stage if rule.of == Of.STAGE else clocks.case
    due = clock and clock.due(calendar.work)
    stage = clocks.stage_name if rule.of == Of.STAGE else ""
    facts = {"stage": stage or "", "due": due.isoformat() if due else ""}
    key = f"{rule.code}:{alarm.started.isoformat()}"
    tell(incident, rule.code, key, rule.to, at=alarm.at, late=rule.share == 100, facts=facts)
    if rule.escalates and incident.level != Level.DISTRICT and incident.state != State.SUSPENDED:
        step = move_by_rule(incident, Wish(Act.ESCALATE, note=rule.name), {"reminder": rule.code}, now)
        follow(incident, step)
        logger.info("escalated", extra={"incident": incident.number, "rule": rule.code})
