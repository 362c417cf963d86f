"""Trying rules on cases of the past before they decide: what each would have done, and what would be different."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.category import Category
from gis.incidents.incident import Incident
from gis.incidents.routing.asking import ask, facts_of, rules_of, tables_for
from gis.incidents.routing.fitting import covers
from gis.incidents.routing.rule import RoutingRule, RoutingTable
from gis.incidents.routing.target import Target, target_of
from gis.incidents.step import Act, Step

#: What a person did with a case stands for nobody where nobody has dispatched it.
NOBODY = Target()


@dataclass(frozen=True)
class Tried:
    """One case: where the rules in force would send it, where the draft would, and to which department it did go."""

    incident: Incident
    before: Target | None
    after: Target | None
    rule: RoutingRule | None
    went: int | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass
class Trial:
    """What came of trying a draft. `hits`: cases by the draft's rule key, `unmatched` those that no rule fits, before
    and after. `agreed` of `judged`: cases that rules would lead to the department that people sent them to.
    """

    cases: list[Tried] = field(default_factory=list)
    hits: Counter = field(default_factory=Counter)

    @property
    def changed(self) -> list[Tried]:
        return [one for one in self.cases if one.differs]

    def unmatched(self, when: str) -> int:
        return sum(getattr(one, when) is None for one in self.cases)

    def agreed(self, when: str) -> tuple[int, int]:
        judged = [one for one in self.cases if one.went and getattr(one, when) and getattr(one, when).departments]
        return sum(getattr(one, when).departments[0] == one.went for one in judged), len(judged)

    @property
    def flows(self) -> list[tuple[Target | None, Target | None, int]]:
        """From where to where the changed cases go, the most first."""
        counted = Counter((one.before, one.after) for one in self.changed)
        return [(before, after, number) for (before, after), number in counted.most_common()]


def last_cases(owner: str, scope: Scope, most: int):
    """The last cases of a desk's ground that were filed, or came in where filing was not recorded, the newest first."""
    first = Step.objects.filter(incident=OuterRef("pk"))
    inside = Incident.objects.inside(scope.within(owner)).exclude(state__in=("rejected", "duplicate"))
    marked = inside.annotate(
        filed_at=Subquery(first.filter(act=Act.FILE).order_by("at").values("at")[:1]),
        went=Subquery(first.filter(act=Act.DISPATCH).order_by("at").values("department")[:1]),
    )
    return marked.select_related("category").defer("drawing").order_by("-reported_at", "-pk")[:most]


def try_draft(draft: RoutingTable, cases: Iterable[Incident]) -> Trial:
    """Lay a draft over cases of the past, each at the moment it was filed. Nothing is stored.

    The other desks' tables are those in force today: the question is what changes if this one does.
    """
    asking = _Tables(draft)
    trial = Trial()
    for incident in cases:
        facts = facts_of(incident, incident.filed_at or incident.reported_at)
        before, after = (ask(rules, facts).rule for rules in asking.of(incident.area))
        trial.cases.append(Tried(incident, _to(before, incident), _to(after, incident), after, incident.went))
        if after:
            trial.hits[str(after.key)] += 1
    return trial


def _to(rule: RoutingRule | None, incident: Incident) -> Target | None:
    return target_of(rule, incident.area) if rule else None


class _Tables:
    """The rules asked for each street, in force and with the draft in its place, read once."""

    def __init__(self, draft: RoutingTable) -> None:
        self.draft, self.now = draft, timezone.now()
        self.known: dict[str, tuple[list[RoutingRule], list[RoutingRule]]] = {}

    def of(self, area: str) -> tuple[list[RoutingRule], list[RoutingRule]]:
        street = area[:9]
        if street not in self.known:
            now = tables_for(street, self.now)
            others = [table for table in now if table.owner != self.draft.owner]
            planned = sorted([*others, self.draft], key=lambda table: -len(table.owner))
            self.known[street] = rules_of(now), rules_of(planned)
        return self.known[street]


def never_reached(rules: list[RoutingRule]) -> dict[str, RoutingRule]:
    """The rules of a table that an earlier one leaves nothing to: key → the first that does."""
    found = {}
    wanted = {pk for rule in rules for pk in rule.categories}
    majors = dict(Category.objects.filter(pk__in=wanted).values_list("pk", "major"))
    for place, rule in enumerate(rules):
        above = next((one for one in rules[:place] if covers(one.conditions, rule.conditions, majors)), None)
        if above:
            found[str(rule.key)] = above
    return found
