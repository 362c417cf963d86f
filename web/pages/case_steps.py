"""What was done about a case so far."""

from gis.incidents.incident import ENDED
from web.pages.case import Case
from web.pages.case_facts import is_late


def steps(case: Case) -> dict:
    taken = case.incident.steps.select_related("actor").prefetch_related("attachments")
    return {
        "steps": taken.order_by("at", "pk"),
        "is_open": case.incident.state not in ENDED,
        "late": is_late(case),
    }
