"""Why a case was sent where it is, and who has it now."""

from gis.incidents.incident import State
from gis.incidents.routing.explaining import Why, ruling_now, why_sent
from web.pages.case import Case
from web.pages.choices import names_of
from web.pages.routing_words import FIELDS, Names, conditions_in_words, target_in_words


def why(case: Case) -> dict | None:
    """The rule, or the person, that sent it; for a filed case that nobody has, why no rule did."""
    found = why_sent(case.incident)
    if found is None and case.incident.state != State.FILED:
        return None
    owner = found.rule["owner"] if found and found.rule else ""
    return {
        "why": found,
        "owner": owner,
        "desk": names_of({owner}).get(owner, owner) if owner else "",
        "asked": _asked(found),
        "nobody": case.incident.state == State.FILED and case.incident.department_id is None,
        "may_open": bool(owner) and case.access.which("case.dispatch").touches(owner),
        "may_dispatch": case.access.may("case.dispatch", case.incident.area[:12]),
    } | _now(case)


def _asked(found: Why | None) -> dict | None:
    """The rules asked in their order, the last of them the one that decided."""
    if found is None or found.ruling is None:
        return None
    rule, passed = found.ruling.rule, found.ruling.passed
    names = Names((rule, *(one for one, _field in passed)))
    return {
        "fits": conditions_in_words(rule, names),
        "target": target_in_words(rule, names),
        "passed": [(one.name, FIELDS[field]) for one, field in passed],
    }


def _now(case: Case) -> dict:
    """What the rules would say today of a case that waits for somebody to send it."""
    if case.incident.state != State.FILED:
        return {}
    ruling = ruling_now(case.incident)
    if ruling.rule is None:
        return {"unfit": [(one.name, FIELDS[field]) for one, field in ruling.passed]}
    return {"suggested": ruling.rule, "suggestion": target_in_words(ruling.rule, Names((ruling.rule,)))}
