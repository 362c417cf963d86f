"""Who has a case to deal with: the one that leads, and those who help."""

from dataclasses import dataclass

from gis.models import Assignment
from web.pages.case import Case
from web.pages.case_moves import holder_of


@dataclass(frozen=True)
class Task:
    held: Assignment
    whose: str
    mine: bool


def tasks(case: Case) -> dict | None:
    """Those that have it now; nothing before it is dispatched and after it is taken back."""
    held = case.incident.assignments.filter(ended=None).select_related("department", "handler", "since", "done")
    found = [Task(one, holder_of(one), one.is_of(case.user, case.access)) for one in held]
    return {"tasks": found} if found else None
