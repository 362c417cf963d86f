"""The moments at which cases are to be looked at: set anew by every step, so that a minute asks one index.

An alarm is only a moment. When it has come, the case is looked at as it is then (`ringing`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from gis.incidents.clock import clocks_of, put
from gis.incidents.holidays import YearCalendar, calendar_in_force
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.reminders.rule import Of, ReminderRule, rules
from gis.incidents.stages import Clock, Clocks
from gis.incidents.step import Act, Step
from gis.incidents.working_time import WorkCalendar, later, seconds_of_one

#: What should have rung longer ago than this is not made up for: it would be a flood of old news.
_STALE = timedelta(days=1)
#: Steps that say something and move no clock.
_WORDS = (Act.AGAIN, Act.COMMENT, Act.ANSWER, Act.RATE)
#: When on its day a pause is over.
_MORNING = time(9)


class Alarm(models.Model):
    """The moment at which a rule is to be applied to a case. `started` is that of the clock's run: in each run it rings
    once, and an alarm that has rung stays to say so.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="alarms", verbose_name=_("事件"))
    rule = models.CharField(_("规则"), max_length=40)
    started = models.DateTimeField()
    at = models.DateTimeField(_("时间"))
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("提醒时刻")
        verbose_name_plural = _("提醒时刻")
        constraints = [models.UniqueConstraint(fields=["incident", "rule"], name="alarm_once_per_rule")]
        # which have come, every minute
        indexes = [models.Index(fields=["at"], condition=models.Q(rung_at=None), name="alarm_by_time")]

    def __str__(self) -> str:
        return f"alarm {self.pk}"


@dataclass(frozen=True)
class Run:
    """One run of a clock that a rule looks at: when it began, and the moment the rule names; None while it stands."""

    started: datetime
    at: datetime | None


def follow_clock(incident: Incident, step: Step) -> None:
    """After a step: set the alarms of the case anew; after one taken back also its limits, by today's calendar."""
    if step.act in _WORDS:
        return
    calendar = calendar_in_force()
    clocks = clocks_of(incident, calendar)
    if step.act == Act.UNDO:
        put(incident, clocks, calendar)
        incident.save(update_fields=["due_at", "stage_due_at", "suspended_at"])
    set_alarms([incident], alarms_of(incident, clocks, calendar, rules(), timezone.now()))


def set_anew(incident: Incident) -> None:
    """Set the alarms of a case anew, after a limit that came with it was moved."""
    calendar = calendar_in_force()
    clocks = clocks_of(incident, calendar)
    set_alarms([incident], alarms_of(incident, clocks, calendar, rules(), timezone.now()))


def set_alarms(incidents: list[Incident], alarms: list[Alarm]) -> None:
    """Let some cases have these alarms and no others; what has rung in this run of the clock has rung."""
    held = {(one.incident_id, one.rule): one for one in Alarm.objects.filter(incident__in=incidents)}
    rung = {key for key, one in held.items() if one.rung_at}
    wanted = {(one.incident_id, one.rule): one for one in alarms}
    stays = {key for key in rung if key in wanted and wanted[key].started == held[key].started}
    Alarm.objects.filter(pk__in=[one.pk for key, one in held.items() if key not in stays]).delete()
    Alarm.objects.bulk_create([one for key, one in wanted.items() if key not in stays])


def alarms_of(
    incident: Incident, clocks: Clocks, calendar: YearCalendar, among: Iterable[ReminderRule], now: datetime
) -> list[Alarm]:
    """The alarms a case should have."""
    if incident.state in ENDED:
        return []
    found = []
    for rule in among:
        run = run_of(rule, incident, clocks, calendar.work) if rule.fits(incident.urgent) else None
        if run and run.at and run.at > now - _STALE:
            found.append(Alarm(incident=incident, rule=rule.code, started=run.started, at=run.at))
    return found


def run_of(rule: ReminderRule, incident: Incident, clocks: Clocks, work: WorkCalendar) -> Run | None:
    """The run of the clock a rule looks at, and when in it the rule applies."""
    if rule.of == Of.PAUSE:
        return _pause(incident)
    clock = clocks.stage if rule.of == Of.STAGE else clocks.case
    return clock and Run(clock.started, _moment(rule, clock, work))


def _moment(rule: ReminderRule, clock: Clock, work: WorkCalendar) -> datetime | None:
    if clock.since is None:
        return None
    whole = seconds_of_one(clock.limit.amount, clock.limit.unit, work)
    at = later(clock.since, clock.left - round(whole * (100 - rule.share) / 100), clock.limit.unit, work)
    if rule.after is None:
        return at
    return later(at, seconds_of_one(rule.after.amount, rule.after.unit, work), rule.after.unit, work)


def _pause(incident: Incident) -> Run | None:
    """The day until which a suspended case was to wait."""
    if incident.state != State.SUSPENDED or incident.suspended_at is None:
        return None
    asked = Step.objects.filter(incident=incident, act=Act.ASK_SUSPEND).order_by("-revision")
    until = parse_date(asked.values_list("facts__until", flat=True).first() or "")
    return until and Run(incident.suspended_at, timezone.make_aware(datetime.combine(until, _MORNING)))
