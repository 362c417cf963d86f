"""When a case, and its present stage, must be dealt with; and standing still while it is suspended."""

from datetime import datetime

from gis.incidents.incident import Incident, State
from gis.incidents.step import Act
from gis.incidents.working_time import due_at


def set_clock(incident: Incident, act: str, at: datetime) -> None:
    """Set an incident's time limits for what an act at a moment leaves it in; the caller saves it.

    Called once its state is the new one. A case filed anew begins anew; a suspended one has no limit until it goes on,
    and then as much time as it had left.
    """
    if act in (Act.REPORT, Act.REOPEN, Act.APPEAL):
        incident.due_at = due_at(incident.category, at)
    if incident.state == State.SUSPENDED and incident.suspended_at is None:
        incident.suspended_at = at
    elif incident.state != State.SUSPENDED and incident.suspended_at is not None:
        if incident.due_at is not None:
            incident.due_at += at - incident.suspended_at
        incident.suspended_at = None
