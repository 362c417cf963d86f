"""The filed cases that nobody has: those no rule fits, and those that came back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.incidents.incident import Incident
from gis.incidents.routing.asking import ask, facts_of, rules_of, tables_for
from gis.incidents.routing.queue import returned, send_by_rules, unmatched
from gis.incidents.routing.rule import RoutingRule
from web.pages.choices import names_of
from web.pages.routing_desks import desk_of
from web.pages.routing_words import Names, target_in_words

#: Cases shown of each kind; the longest waiting come first.
_MOST = 200


def show(request: HttpRequest, code: str) -> HttpResponse:
    """What waits, with what the rules in force say of it now. Posted: what was ticked is sent as they say."""
    desk = desk_of(request, code)
    if request.method == "POST":
        went, stayed = send_by_rules(request.POST.getlist("number")[:_MOST], request.access)
        _say(request, len(went), len(stayed))
        return redirect("routing-waiting", code=code)
    scope = request.access.which("case.dispatch").within(code)
    waiting = list(unmatched(scope).select_related("category").defer("drawing")[: _MOST + 1])
    back = list(returned(scope).select_related("category").defer("drawing")[:_MOST])
    context = {
        "desk": desk,
        "rows": _ruled(waiting[:_MOST]),
        "more": len(waiting) > _MOST,
        "returned": back,
        "names": names_of({incident.area for incident in [*waiting, *back]}),
        "now": timezone.now(),
    }
    return render(request, "web/routing/waiting.html", context)


def _say(request: HttpRequest, went: int, stayed: int) -> None:
    if went:
        messages.success(request, _("已按规则派出 %(n)d 件。") % {"n": went})
    if stayed:
        messages.warning(request, _("%(n)d 件没有派出：没有规则，或不在您的层级。") % {"n": stayed})
    if not went and not stayed:
        messages.warning(request, _("没有选中事件。"))


def _ruled(waiting: list[Incident]) -> list[tuple[Incident, RoutingRule | None, str]]:
    """Each with the rule that fits it now, and where that sends it."""
    now = timezone.now()
    known: dict[str, list[RoutingRule]] = {}
    found = []
    for incident in waiting:
        street = incident.area[:9]
        if street not in known:
            known[street] = rules_of(tables_for(street, now))
        rule = ask(known[street], facts_of(incident, now)).rule
        found.append((incident, rule if rule and not rule.by_hand else None))
    names = Names(tuple({rule.pk: rule for _incident, rule in found if rule}.values()))
    return [(incident, rule, target_in_words(rule, names) if rule else "") for incident, rule in found]
