"""A draft laid over the last cases: what would change if it were in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gis.incidents.routing import drafting
from gis.incidents.routing.asking import ordered
from gis.incidents.routing.trying import Trial, last_cases, try_draft
from gis.models import RoutingTable
from web.pages.paging import read_number
from web.pages.routing_desks import desk_of
from web.pages.routing_words import Names, place_in_words

#: Cases that may be tried at once.
NUMBERS = (100, 500, 2000, 5000)
#: Changed cases that are listed one by one.
_LISTED = 100


def show(request: HttpRequest, code: str) -> HttpResponse:
    """What the draft, or the table in force where there is none, does with the last cases of the desk's ground."""
    desk = desk_of(request, code)
    wanted = read_number(request.GET.get("n"))
    most = wanted if wanted in NUMBERS else NUMBERS[1]
    draft = drafting.draft_of(code)
    table = draft or drafting.in_force_now(code)
    context = {"desk": desk, "draft": draft, "table": table, "numbers": NUMBERS, "most": most}
    if table:
        cases = last_cases(code, request.access.which("case.dispatch"), most)
        context |= _told(table, try_draft(table, cases))
    return render(request, "web/routing/trial.html", context)


def _told(table: RoutingTable, trial: Trial) -> dict:
    rules = ordered(table)
    names = Names(tuple(rules))
    changed = trial.changed
    return {
        "total": len(trial.cases),
        "oldest": min((one.incident.reported_at for one in trial.cases), default=None),
        "changed": len(changed),
        "unmatched": {when: trial.unmatched(when) for when in ("before", "after")},
        "agreed": {when: trial.agreed(when) for when in ("before", "after")},
        "hits": [(rule, trial.hits[str(rule.key)]) for rule in rules],
        "flows": [(place_in_words(a, names), place_in_words(b, names), number) for a, b, number in trial.flows],
        "listed": [
            (one, place_in_words(one.before, names), place_in_words(one.after, names)) for one in changed[:_LISTED]
        ],
        "left_off": max(0, len(changed) - _LISTED),
        "departments": names,
    }
