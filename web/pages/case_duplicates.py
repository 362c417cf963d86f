"""What may be the same thing as a case, to be merged with it at a click; and what was merged into it."""

from dataclasses import dataclass

from gis.incidents.duplicates.family import family_of
from gis.incidents.incident import Incident
from gis.incidents.similar import Similar, find_similar
from gis.incidents.step import Act
from gis.incidents.workflow import Stand, moves, why_not
from web.pages.case import Case

#: Similar cases offered.
_MOST = 6


@dataclass(frozen=True)
class Offered:
    """A similar open case, and which way it may be merged: it into this one, or this one into it."""

    similar: Similar
    takes: bool
    goes: bool


def same(case: Case) -> dict | None:
    """The section, for whoever may merge; what was merged already is shown to every reader."""
    incident = case.incident
    family = family_of(incident, case.access.which("incident.read"))
    offered = _offered(case) if case.access.may_anywhere("case.accept") else []
    if not offered and not family.merged:
        return None
    return {"offered": offered, "family": family, "taken": [one for one in offered if one.takes]}


def _offered(case: Case) -> list[Offered]:
    incident, scope = case.incident, case.access.which("incident.read")
    goes = _may_merge(incident, case)
    found = find_similar(
        incident.position, incident.category, incident.description, scope, case.now, _MOST, reported=incident
    )
    offered = [Offered(one, incident.merged_into_id is None and _may_merge(one.incident, case), goes) for one in found]
    return [one for one in offered if one.takes or one.goes]


def _may_merge(incident: Incident, case: Case) -> bool:
    return not why_not(moves()[Act.DUPLICATE], Stand(incident, case.user, case.access))
