"""Sending a filed case on by the rules in force, in the transaction of the step that filed it."""

from datetime import datetime

from gis.incidents.decisions import Wish
from gis.incidents.incident import Incident
from gis.incidents.routing.asking import ask, facts_of, rules_of, tables_for
from gis.incidents.routing.rule import RoutingRule
from gis.incidents.routing.target import possible, target_of
from gis.incidents.step import Act, Step
from gis.incidents.taking import move_by_rule


def route(incident: Incident, step: Step) -> list[Step]:
    """What the rules do about a case that was just filed: the steps they took, none where no rule fits.

    A case that comes back, returned or reopened, is for a person: the rule that sent it would send it there again.
    """
    return send(incident, step.at) if step.act == Act.FILE else []


def send(incident: Incident, at: datetime) -> list[Step]:
    """Send a filed case as the rules in force say. `incident` is locked and current."""
    facts = facts_of(incident, at)
    rule = ask(rules_of(tables_for(incident.area, at)), facts).rule
    if rule is None:
        return []
    why = {"rule": _why(rule) | {"case": facts.told()}}
    target = possible(target_of(rule, incident.area), incident)
    wishes = [Wish(Act.ESCALATE)] * _desks_up(incident.level, target.level)
    if target.wish:
        wishes.append(target.wish)
    elif not wishes:
        wishes = [Wish(Act.COMMENT, note=rule.reason or rule.name)]
    return [move_by_rule(incident, wish, why, at) for wish in wishes]


def _why(rule: RoutingRule) -> dict:
    """What a step keeps of the rule that made it: the published table never changes, its name is for the reader."""
    table = rule.table
    return {
        "table": table.pk,
        "owner": table.owner,
        "number": table.number,
        "key": str(rule.key),
        "name": rule.name,
        "reason": rule.reason,
    }


def _desks_up(level: int, wanted: int | None) -> int:
    """How many desks a case goes up: from community (12) to street (9) to district (6)."""
    return (level - wanted) // 3 if wanted else 0
