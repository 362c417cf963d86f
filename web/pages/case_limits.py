"""How a case stands against its time limits, in a word for lists."""

from datetime import datetime, timedelta

from gis.incidents.incident import ENDED, Incident

#: Within this time a limit is called near.
_NEAR = timedelta(hours=4)


def stand_of(incident: Incident, now: datetime) -> tuple[str, datetime | None]:
    """ "late", "near", "runs", "stands" or "" where there is no limit; and the limit that comes first."""
    if incident.state in ENDED:
        return "", None
    due = min((when for when in (incident.stage_due_at, incident.due_at) if when), default=None)
    if due is None:
        return ("stands" if incident.suspended_at else ""), None
    return ("late" if due < now else "near" if due - now < _NEAR else "runs"), due
