"""Incidents that wait for somebody to go there: to see whether it is so, to deal with it, to see whether it is done."""

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.incidents.incident import Incident
from gis.incidents.step import Act
from gis.incidents.workflow import ON_FOOT, Move, allowed, waiting

#: A worker's own cells have a handful; a scope with more than this is no round on foot.
_MOST = 200


def find_tasks(user: User, access: Access, scope: Scope) -> list[Incident]:
    """The incidents of an area whose next move is somebody's on the spot, the first to fall due first."""
    mine = Incident.objects.inside(scope).filter(waiting(user, access, ON_FOOT)).select_related("category")
    return list(mine.order_by("stage_due_at", "due_at", "pk")[:_MOST])


def moves_on_foot(incident: Incident, user: User, access: Access) -> list[Move]:
    """What can be done about it on the spot, with nothing but a word and a photo: what is expected first."""
    offered = [move for move in allowed(incident, user, access) if _is_on_foot(move)]
    return sorted(offered, key=lambda move: not move.expected)


def _is_on_foot(move: Move) -> bool:
    places = {where for _capability, where in move.who}
    return bool(places & set(ON_FOOT)) and move.needs <= {"note"} and move.act != Act.ANSWER
