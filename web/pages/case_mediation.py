"""That a case is a dispute and how far its mediation has come, without a word of what was said or by whom."""

from django.utils import timezone

from gis.codes.naming import names_in
from gis.incidents.mediation.opening import DISPUTES, may_open, opened, record_of
from web.pages.case import Case


def mediation(case: Case) -> dict | None:
    """Nothing for whoever does not handle the case, and where it is no dispute."""
    incident = case.incident
    if not may_open(incident, case.user, case.access):
        return None
    with opened(incident, case.user, case.access):
        dispute = record_of(incident)
        meetings = dispute.meetings.count() if dispute else 0
    if dispute is None and incident.terms.major != DISPUTES:
        return None
    kind = names_in("dispute").get(dispute.kind, dispute.kind) if dispute else ""
    late = bool(dispute and dispute.review_on and not dispute.review and dispute.review_on < timezone.localdate())
    return {"dispute": dispute, "kind": kind, "meetings": meetings, "late": late}
