"""Asking the tables which rule sends a case where."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gis.incidents.incident import Incident
from gis.incidents.routing.fitting import Facts, misses
from gis.incidents.routing.rule import RoutingRule, RoutingTable

#: Digits of the desks that may have a table, the nearest first.
DESKS = (9, 6, 4, 2)


@dataclass(frozen=True)
class Ruling:
    """What the tables say of a case: the rule that fits, if one does, and those asked before it with what did not."""

    rule: RoutingRule | None
    passed: tuple[tuple[RoutingRule, str], ...]


def facts_of(incident: Incident, at: datetime) -> Facts:
    """A case as rules see it, at a moment."""
    local = timezone.localtime(at)
    return Facts(incident.area, incident.category_id, incident.terms.major, incident.urgent, incident.origin, local)


def tables_for(area: str, at: datetime) -> list[RoutingTable]:
    """The tables in force for a place, in the order they are asked."""
    found = [RoutingTable.objects.in_force(area[:digits], at).first() for digits in DESKS]
    return [table for table in found if table]


def rules_of(tables: list[RoutingTable]) -> list[RoutingRule]:
    """The rules of some tables, in the order they are asked."""
    return [rule for table in tables for rule in ordered(table)]


def ordered(table: RoutingTable) -> list[RoutingRule]:
    rules = list(table.rules.select_related("handler").order_by("position"))
    for rule in rules:
        rule.table = table
    return rules


def ask(rules: list[RoutingRule], facts: Facts) -> Ruling:
    """The first of the rules that fits a case."""
    passed = []
    for rule in rules:
        if not (field := misses(rule.conditions, facts)):
            return Ruling(rule, tuple(passed))
        passed.append((rule, field))
    return Ruling(None, tuple(passed))
