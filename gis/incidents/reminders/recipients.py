"""Who is told about a case: whoever has it to deal with, the desk that has it, the desk above.

A desk is whoever is posted to its very area and may do what the case waits for. Where nobody is, the next desk up is
meant: a case never waits in a room without people.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from gis.accounts.postings import Posting
from gis.accounts.roles import roles
from gis.accounts.users import User
from gis.incidents.decisions import readers
from gis.incidents.incident import Incident, Level
from gis.incidents.reminders.rule import To
from gis.incidents.stages import STAGE_OF, Stage

#: What the desk must be able to do, by stage.
_NEEDS = {
    Stage.ACCEPT: "case.accept",
    Stage.DISPATCH: "case.dispatch",
    Stage.DISPOSE: "case.dispatch",
    Stage.CHECK: "case.close",
}
#: Digits of the codes of desks, from the lowest up; a district may lie under a city that is posted to as one.
_DESKS = (*sorted(Level.values, reverse=True), 4, 2)


def recipients(incident: Incident, to: Iterable[str]) -> set[int]:
    """The users (ids) a rule or a step tells, of those who may read the case."""
    found: set[int] = set()
    if To.HOLDER in to:
        found |= _holders(incident)
    if To.DESK in to:
        found |= _desk(incident, incident.level)
    if To.ABOVE in to:
        found |= _desk(incident, next((level for level in _DESKS if level < incident.level), incident.level))
    return found & _readers(incident, found)


def _holders(incident: Incident) -> set[int]:
    if STAGE_OF.get(incident.state) != Stage.DISPOSE:
        return _desk(incident, incident.level)
    held: set[int] = set()
    for part in incident.assignments.filter(ended=None, done=None):
        if part.handler_id:
            held.add(part.handler_id)
        elif part.department_id:
            held |= set(User.objects.filter(department=part.department_id).values_list("pk", flat=True))
        else:
            held |= _team(part.team)
    return held


def _team(code: str) -> set[int]:
    """Those who deal with what lies in a team's area: posted inside it, or where that is a part of theirs."""
    above = [code[:length] for length in (6, 9, 12) if length < len(code)]
    near = Q(area__gte=code, area__lt=code + ":") | Q(area__in=above)
    return _users(_posted("case.dispose").filter(near))


def _desk(incident: Incident, level: int) -> set[int]:
    needs = _NEEDS.get(STAGE_OF.get(incident.state), "case.close")
    for length in (one for one in _DESKS if one <= level):
        if found := _users(_posted(needs).filter(area=incident.area[:length])):
            return found
    return set()


def _posted(capability: str) -> QuerySet:
    able = [role.code for role in roles().values() if capability in role.capabilities]
    return Posting.objects.on(timezone.localdate()).filter(role__in=able, user__is_active=True)


def _users(postings: QuerySet) -> set[int]:
    return set(postings.values_list("user", flat=True))


def _readers(incident: Incident, users: set[int]) -> set[int]:
    return set(readers(User.objects.filter(pk__in=users, is_active=True), incident).values_list("pk", flat=True))
