"""What a case is about, where it lies, and until when it must be dealt with."""

from dataclasses import dataclass
from datetime import datetime

from gis.incidents.incident import ENDED
from layers.sketch import sketch_cell
from web.pages.case import Case
from web.pages.choices import names_of


def facts(case: Case) -> dict:
    incident, building = case.incident, case.incident.building
    return {
        "names": names_of({incident.area}),
        "building": building if building and case.scope.covers(building.area) else None,
        "target": target_of(case),
    }


def target_of(case: Case):
    """The case it was merged into, where the reader may read it."""
    target = case.incident.merged_into
    return target if target and case.access.may("incident.read", target.area) else None


def where(case: Case) -> dict | None:
    """The cell with the place in it; nothing where the case lies in no cell."""
    incident = case.incident
    drawn = sketch_cell(incident.cell_id, case.scope, point=incident.position) if incident.cell_id else None
    return {"sketch": drawn} if drawn else None


@dataclass(frozen=True)
class Limit:
    """A time limit that runs: how much of it is spent, 0 to 100."""

    due: datetime
    late: bool
    percent: int


def limits(case: Case) -> dict | None:
    """The clock of the whole case and that of its present stage; one that stands says since when."""
    incident = case.incident
    if incident.state in ENDED or not (incident.due_at or incident.stage_due_at or incident.suspended_at):
        return None
    last = case.incident.steps.order_by("-at").values_list("at", flat=True).first() or incident.reported_at
    return {
        "total": _limit(incident.reported_at, incident.due_at, case.now),
        "stage": _limit(last, incident.stage_due_at, case.now),
        "stands": incident.suspended_at,
    }


def _limit(start: datetime, due: datetime | None, now: datetime) -> Limit | None:
    if due is None:
        return None
    whole = max((due - start).total_seconds(), 1)
    return Limit(due, due < now, min(100, max(0, round(100 * (now - start).total_seconds() / whole))))


def is_late(case: Case) -> bool:
    due = case.incident.due_at
    return case.incident.state not in ENDED and due is not None and due < case.now
