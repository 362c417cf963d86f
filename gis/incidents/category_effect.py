"""What a change of a category would touch, said before it is made."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.category import Category, Terms
from gis.incidents.incident import Incident
from gis.incidents.limits import StageLimit
from gis.incidents.routing.rule import RoutingRule, RoutingTable
from gis.incidents.stages import Stage

#: Fields that a clock is counted by.
TIMED = frozenset(("urgent", "accept_within_hours", "dispose_within", "dispose_unit"))


@dataclass(frozen=True)
class Effect:
    """`open`: the reader's open cases of the category, None for who reads none. `rules`: in force, to come or drafted,
    which name it or the major it leaves. `overruled`: stages whose limit stands on the page of limits and wins.
    """

    open: int | None
    rules: tuple[RoutingRule, ...]
    offered: bool
    overruled: tuple[StageLimit, ...]


def effect_of(category: Category, after: Terms, moment: datetime, scope: Scope | None) -> Effect:
    before = category.at(moment)
    cases = Incident.objects.inside(scope).open().filter(category=category).count() if scope else None
    majors = [before.major] if before.major != after.major else []
    return Effect(
        cases,
        tuple(_rules(category.pk, majors)),
        category.kind == Category.Kind.COMMUNITY and not (before.retired and after.retired),
        tuple(_overruled(category, moment)),
    )


def _rules(pk: int, majors: list[str]) -> list[RoutingRule]:
    """Of every desk the table in force, those to come and the draft; by desk and place in the table."""
    now = timezone.now()
    owners = RoutingTable.objects.values_list("owner", flat=True).distinct()
    in_force = [table.pk for owner in owners for table in RoutingTable.objects.in_force(owner, now)]
    living = Q(table__in=in_force) | Q(table__begins__gt=now) | Q(table__begins=None)
    naming = Q(categories__contains=[pk]) | (Q(majors__overlap=majors) if majors else Q())
    found = RoutingRule.objects.filter(living, naming).select_related("table")
    return list(found.order_by("table__owner", "table__begins", "position"))


def _overruled(category: Category, moment: datetime) -> list[StageLimit]:
    day = timezone.localdate(moment)
    newest: dict[str, StageLimit] = {}
    rows = StageLimit.objects.filter(category=category, stage__in=(Stage.ACCEPT, Stage.DISPOSE), starts__lte=day)
    for row in rows.order_by("starts"):
        newest[row.stage] = row
    return list(newest.values())
