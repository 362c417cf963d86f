"""What a case is about, and where it lies."""

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


def is_late(case: Case) -> bool:
    due = case.incident.due_at
    return case.incident.state not in ENDED and due is not None and due < case.now
