"""Why a case is where it is: the rule that sent it, the rules asked before it, and what of the case they asked."""

from dataclasses import dataclass

from django.utils import timezone

from gis.incidents.incident import Incident
from gis.incidents.routing.asking import Ruling, ask, facts_of, rules_of, tables_for
from gis.incidents.routing.fitting import Facts
from gis.incidents.step import Act, Step

#: Acts after which somebody else has the case.
SENDING = frozenset({Act.DISPATCH, Act.REDIRECT, Act.INVITE, Act.ASSIGN, Act.ESCALATE, Act.HAND_DOWN, Act.RETURN})


@dataclass(frozen=True)
class Why:
    """Why a step sent a case on. `rule` is what the step kept of a rule, None where a person decided; `ruling` is how
    the tables came to it, None where they are no longer there.
    """

    step: Step
    rule: dict | None
    ruling: Ruling | None


def why_sent(incident: Incident) -> Why | None:
    """The last step that sent a case on, and why; None where nobody has yet. What was taken back does not count."""
    steps = list(incident.steps.select_related("actor", "department", "undone_by").order_by("revision", "pk"))
    step = next((one for one in reversed(standing(steps)) if one.act in SENDING), None)
    if step is None:
        return None
    rule = step.facts.get("rule")
    return Why(step, rule, _asked_then(rule) if rule else None)


def standing(steps: list[Step]) -> list[Step]:
    """Of a case's steps in their order those that hold: neither taken back, nor by a rule because of one that was."""
    kept, gone_until = [], 0
    for step in steps:
        undone = getattr(step, "undone_by", None)
        if undone:
            gone_until = max(gone_until, undone.revision)
        elif not (step.revision < gone_until and "rule" in step.facts):
            kept.append(step)
    return kept


def _asked_then(rule: dict) -> Ruling | None:
    """How the tables in force then came to their rule: they are never changed, and the step kept what the case was."""
    facts = Facts.of_told(rule["case"])
    ruling = ask(rules_of(tables_for(facts.area, facts.at)), facts)
    if ruling.rule is None or str(ruling.rule.key) != rule["key"]:
        return None
    return ruling


def ruling_now(incident: Incident) -> Ruling:
    """What the tables in force say of a case as it is now."""
    now = timezone.now()
    return ask(rules_of(tables_for(incident.area, now)), facts_of(incident, now))
