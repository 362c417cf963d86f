"""One rule in a form: a new one, or one of the draft."""

from datetime import date, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import Conflict, Refused
from gis.incidents.category_choice import category_choices
from gis.incidents.incident import Incident, Level
from gis.incidents.routing import drafting
from gis.incidents.routing.rule import RoutingRule, Team
from gis.models import Category, Department, User
from web.pages.choices import area_choices
from web.pages.paging import read_number
from web.pages.routing import seen_of
from web.pages.routing_desks import desk_of
from web.pages.routing_words import WEEKDAYS

#: Category systems a case may be of.
_KINDS = (Category.Kind.COMMUNITY, Category.Kind.CITY, Category.Kind.COMPONENT)


def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a rule; posted, it is kept in the draft."""
    desk = desk_of(request, code)
    drafting.judge_owner(code, request.access)
    rule = _known(code, request.GET.get("key", ""))
    if request.method != "POST":
        return _form(request, desk, rule, None)
    error = None
    try:
        with drafting.changing(code, request.user, seen_of(request)) as draft:
            # The draft may have begun just now: then its rule is another row of the same key.
            rule = draft.rules.filter(key=rule.key).first() or rule if rule.pk else rule
            drafting.keep_rule(draft, _read(rule, request.POST))
    except (Refused, Conflict) as refusal:
        error = refusal
    if error:
        return _form(request, desk, _read(rule, request.POST), error)
    messages.success(request, _("“%(name)s”已存进草稿，发布后生效。") % {"name": rule.name})
    return redirect(f"{reverse('routing-table', args=[code])}#rule-{rule.key}")


def _known(code: str, key: str) -> RoutingRule:
    """The rule of the draft, or of what is in force where there is no draft; a new one where the key names none."""
    table = drafting.draft_of(code) or drafting.in_force_now(code)
    try:
        found = table and table.rules.filter(key=UUID(key)).first()
    except ValueError:
        found = None
    return found or RoutingRule(table=table)


def _read(rule: RoutingRule, body: QueryDict) -> RoutingRule:
    """What was filled in, put into the rule. What cannot be read is left out, and judged with the rest."""
    lead = read_number(body.get("lead"))
    helpers = [pk for pk in dict.fromkeys(map(read_number, body.getlist("helper"))) if pk and pk != lead]
    rule.name, rule.reason = _text(body, "name", 60), _text(body, "reason", 200)
    rule.area = body.get("area", "")[:15]
    rule.categories = [pk for pk in map(read_number, body.getlist("category")) if pk]
    rule.majors = [major[:60].replace("\x00", "") for major in body.getlist("major")]
    rule.urgent = {"yes": True, "no": False}.get(body.get("urgent", ""))
    rule.origins = body.getlist("origin")
    rule.weekdays = [day for day in map(read_number, body.getlist("weekday")) if day]
    rule.since, rule.until = _time(body, "since"), _time(body, "until")
    rule.starts, rule.ends = _date(body, "starts"), _date(body, "ends")
    rule.departments = [lead, *helpers] if lead else helpers
    rule.team = body.get("team", "") if body.get("team") in Team.values else ""
    rule.handler_id = read_number(body.get("handler"))
    level = read_number(body.get("level"))
    rule.level = level if level in Level.values else None
    rule.by_hand = body.get("by_hand") == "yes"
    return rule


def _text(body: QueryDict, name: str, longest: int) -> str:
    return " ".join(body.get(name, "").replace("\x00", "").split())[:longest]


def _time(body: QueryDict, name: str) -> time | None:
    try:
        return parse_time(body.get(name, ""))
    except ValueError:
        return None


def _date(body: QueryDict, name: str) -> date | None:
    try:
        return parse_date(body.get(name, ""))
    except ValueError:
        return None


def _form(request: HttpRequest, desk, rule: RoutingRule, error: Refused | Conflict | None) -> HttpResponse:
    draft = drafting.draft_of(desk.code)
    context = {
        "desk": desk,
        "rule": rule,
        "is_new": rule.pk is None,
        "draft": draft,
        "error": error,
        "fields": getattr(error, "fields", {}),
        "areas": area_choices(Scope((desk.code,)), rule.area or desk.code),
        "majors": _majors(rule),
        "origins": Incident.Source.choices,
        "weekdays": list(enumerate(WEEKDAYS, 1)),
        "departments": Department.objects.all(),
        "lead": rule.departments[0] if rule.departments else None,
        "helpers": rule.departments[1:],
        "teams": Team.choices,
        "levels": [(level.value, level.label) for level in (Level.STREET, Level.DISTRICT)],
        "people": _people(desk.code),
    }
    return render(request, "web/routing/rule.html", context, status=422 if error else 200)


def _majors(rule: RoutingRule) -> list[dict]:
    """The categories by their major, each with whether the rule asks for it."""
    found: dict[str, dict] = {}
    for category in (choice.category for kind in _KINDS for choice in category_choices(kind)):
        group = found.setdefault(category.major, {"name": category.major, "categories": [], "open": False})
        group["categories"].append(category)
        group["open"] |= category.pk in rule.categories or category.major in rule.majors
    return list(found.values())


def _people(owner: str):
    """Whom a rule may name: those of a department, and those who work on this ground."""
    here = User.objects.filter(postings__area__gte=owner, postings__area__lt=owner + ":")
    people = User.objects.exclude(department=None) | here
    return people.filter(is_active=True).select_related("department").distinct().order_by("name", "username")
