"""Incidents that wait for somebody to go there and look."""

from gis.accounts.scope import Scope
from gis.incidents.incident import Asked, Incident, State

#: In these states the next step is taken on the spot: is it so (核实), and is it done (核查)?
IN_THE_FIELD = (State.VERIFYING, State.CHECKING)
#: A worker's own cells have a handful; a scope with more than this is no round on foot.
_MOST = 500


def find_tasks(scope: Scope) -> list[Incident]:
    """The incidents of an area that wait for a look, the first to fall due first."""
    waiting = Incident.objects.inside(scope).filter(state__in=IN_THE_FIELD, asked=Asked.LOOK).select_related("category")
    return list(waiting.order_by("due_at", "pk")[:_MOST])
