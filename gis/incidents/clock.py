"""When a case, and its present stage, must be dealt with; and standing still while it is suspended."""

from dataclasses import replace
from datetime import datetime

from django.utils.dateparse import parse_datetime

from gis.incidents.holidays import YearCalendar, calendar_in_force
from gis.incidents.incident import ENDED, Incident
from gis.incidents.limits import limits_of
from gis.incidents.stages import Clock, Clocks, Limit, Reading, Stage, Taken
from gis.incidents.step import Act, Step

COLUMNS = ("pk", "act", "before", "after", "at", "undoes_id")
#: What a pause is measured by where a limit was given without a unit.
_BY_THE_CLOCK = Limit(0, "natural_day")


def set_clock(incident: Incident, act: str, at: datetime) -> None:
    """Set an incident's time limits for what an act at a moment leaves it in; the caller saves it.

    Called once its state is the new one and the step is written, or, with a report, before anything is.
    """
    calendar = calendar_in_force()
    if incident.pk is None:
        reading = _reading(incident, calendar)
        clocks = reading.read(_before_all(incident), [Taken(0, act, "", incident.state, at)])
        clocks = _no_later(clocks, incident.given_due_at, reading)
    else:
        clocks = clocks_of(incident, calendar)
    put(incident, clocks, calendar)


def clocks_of(incident: Incident, calendar: YearCalendar) -> Clocks:
    """The clocks of a case as its steps leave them."""
    rows = Step.objects.filter(incident=incident).order_by("revision", "at", "pk")
    found = list(rows.values_list(*COLUMNS, "facts__was__due_at"))
    return clocks_from(incident, found, _reading(incident, calendar))


def clocks_from(incident: Incident, rows: list[tuple], reading: Reading) -> Clocks:
    """The same from the rows of its steps: `COLUMNS` and the time limit before the step."""
    steps = [Taken(*row[:6]) for row in rows]
    begins = _before_all(incident)
    moves = [(step, row[6]) for step, row in zip(steps, rows, strict=True) if step.before != step.after]
    if not moves or moves[0][0].act != Act.REPORT:
        begins = _taken_over(incident, moves, reading)
    return _no_later(reading.read(begins, steps), incident.given_due_at, reading)


def _no_later(clocks: Clocks, given: datetime | None, reading: Reading) -> Clocks:
    """A limit that came with a case from elsewhere holds where it is stricter than ours, while the clock runs."""
    case = clocks.case
    if given is None or clocks.state in ENDED or clocks.suspended_at:
        return clocks
    if case and (case.since is None or case.due(reading.work) <= given):
        return clocks
    limit = case.limit if case else _BY_THE_CLOCK
    started = case.started if case else clocks.at
    return replace(
        clocks, case=replace(Clock.until(given, limit, case.since if case else started, reading.work), started=started)
    )


def put(incident: Incident, clocks: Clocks, calendar: YearCalendar) -> None:
    """Write into a case how its clocks stand."""
    incident.due_at = clocks.case and clocks.case.due(calendar.work)
    incident.stage_due_at = clocks.stage and clocks.stage.due(calendar.work)
    incident.suspended_at = clocks.suspended_at


def _reading(incident: Incident, calendar: YearCalendar) -> Reading:
    return Reading(limits_of(incident), calendar.work)


def _before_all(incident: Incident) -> Clocks:
    return Clocks("", incident.reported_at)


def _taken_over(incident: Incident, moves: list[tuple[Taken, str | None]], reading: Reading) -> Clocks:
    """A case that came from elsewhere in the middle of its way: its time limit was given, not counted."""
    state = moves[0][0].before if moves else incident.state
    text = moves[0][1] if moves else None
    due = parse_datetime(text) if text else None if moves else incident.due_at
    limit = reading.limits.get(Stage.DISPOSE) or _BY_THE_CLOCK
    case = Clock.until(due, limit, incident.reported_at, reading.work) if due else None
    return Clocks(state, incident.reported_at, case, stage_since=incident.reported_at)
