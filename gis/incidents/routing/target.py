"""Where a rule sends a case: the rule's words turned into departments, a team and a person of this very place."""

from dataclasses import dataclass, replace

from django.utils import timezone

from gis.accounts.departments import Department
from gis.accounts.postings import Posting
from gis.incidents.decisions import Wish, people_of, readers
from gis.incidents.incident import Incident, Level
from gis.incidents.routing.rule import RoutingRule, Team
from gis.incidents.step import Act

_DIGITS = {Team.CELL: 15, Team.COMMUNITY: Level.COMMUNITY, Team.STREET: Level.STREET}


@dataclass(frozen=True)
class Target:
    """Departments (ids, the first leads), the area of a team, a person's id, the digits of a desk's area."""

    departments: tuple[int, ...] = ()
    team: str = ""
    handler: int | None = None
    level: int | None = None

    @property
    def wish(self) -> Wish | None:
        """The dispatch it means; None where it names nobody."""
        if not self.departments and not self.team:
            return None
        return Wish(Act.DISPATCH, departments=self.departments, team=self.team, handler=self.handler)


def target_of(rule: RoutingRule, area: str) -> Target:
    """What a rule says of a case in an area, taken at its word."""
    if rule.by_hand:
        return Target()
    team = area[: _DIGITS[rule.team]] if rule.team else ""
    return Target(tuple(rule.departments), team, rule.handler_id, rule.level)


def possible(target: Target, incident: Incident) -> Target:
    """The part of it that can be done today: a cell without a worker is looked after by its community, and a person who
    has left, or works elsewhere now, is not asked. Who is gone is left out rather than the case left lying.
    """
    known = set(Department.objects.filter(pk__in=target.departments).values_list("pk", flat=True))
    departments = tuple(pk for pk in target.departments if pk in known)
    team = target.team
    if len(team) == _DIGITS[Team.CELL] and not _has_worker(team):
        team = team[: Level.COMMUNITY]
    handler = target.handler
    if handler and not readers(people_of(departments, team), incident).filter(pk=handler).exists():
        handler = None
    level = target.level if target.level and target.level < incident.level else None
    return replace(target, departments=departments, team=team, handler=handler, level=level)


def _has_worker(cell: str) -> bool:
    return Posting.objects.on(timezone.localdate()).filter(area=cell, user__is_active=True).exists()
