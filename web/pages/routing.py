"""The rules of a desk: what holds now, the draft of what will, in its order; and the versions so far."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gis.errors import NotAllowed, Refused
from gis.incidents.finding import midnight
from gis.incidents.routing import drafting
from gis.incidents.routing.asking import ordered, tables_for
from gis.incidents.routing.queue import unmatched
from gis.incidents.routing.trying import never_reached
from gis.models import RoutingRule, RoutingTable, User
from gis.written import refuse
from web.pages.paging import read_number
from web.pages.routing_desks import Desk, desk_of, desks_of
from web.pages.routing_words import Names, conditions_in_words, target_in_words

#: Versions listed; older ones are there, and nobody goes back so far.
_VERSIONS = 20


@dataclass(frozen=True)
class Line:
    """A rule as it is listed, with what is doubtful about it."""

    rule: RoutingRule
    conditions: list[tuple[str, str, str]]
    target: str
    doubts: list[str]


def index(request: HttpRequest) -> HttpResponse:
    """The way to the reader's own rules."""
    desks = desks_of(request)
    if not desks:
        raise NotAllowed(_("您的角色看不到派遣规则。"), fix=_("需要时请联系管理员调整任职。"))
    return redirect("routing-table", code=desks[0].code)


def show(request: HttpRequest, code: str) -> HttpResponse:
    """A desk's draft where there is one, what is in force otherwise. Posted: one act on the draft or a version."""
    desk = desk_of(request, code)
    if request.method == "POST":
        return _act(request, desk)
    draft, now = drafting.draft_of(code), drafting.in_force_now(code)
    table = draft or now
    scope = request.access.which("case.dispatch").within(code)
    context = {
        "desk": desk,
        "desks": desks_of(request),
        "draft": draft,
        "now": now,
        "lines": lines_of(ordered(table)) if table else [],
        "below": [one for one in tables_for(code, timezone.now()) if len(one.owner) < len(code)],
        "versions": _versions(code),
        "moment": timezone.now(),
        "waiting": unmatched(scope).count(),
    }
    return render(request, "web/routing/table.html", context)


def lines_of(rules: list[RoutingRule]) -> list[Line]:
    names, covered = Names(tuple(rules)), never_reached(rules)
    manned = set(User.objects.filter(is_active=True).exclude(department=None).values_list("department", flat=True))
    return [
        Line(
            rule, conditions_in_words(rule, names), target_in_words(rule, names), _doubts(rule, names, covered, manned)
        )
        for rule in rules
    ]


def _doubts(rule: RoutingRule, names: Names, covered: dict[str, RoutingRule], manned: set[int]) -> list[str]:
    doubts = []
    if above := covered.get(str(rule.key)):
        doubts.append(_("前面的“%(name)s”已经包括了它，永远轮不到。") % {"name": above.name})
    if rule.ends and rule.ends < timezone.localdate():
        doubts.append(_("已经过了结束日期。"))
    if rule.handler and not rule.handler.is_active:
        doubts.append(_("指定的经办人已停用，将派给部门或队伍。"))
    for pk in rule.departments:
        if pk not in names.departments:
            doubts.append(_("有一个部门已经撤销。"))
        elif pk not in manned:
            doubts.append(_("%(department)s还没有人有账号，派去没有人看见。") % {"department": names.department(pk)})
    return doubts


def _versions(code: str):
    return RoutingTable.objects.published().filter(owner=code).select_related("published_by")[:_VERSIONS]


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    drafting.judge_owner(desk.code, request.access)
    try:
        act = _ACTS[request.POST.get("act", "")]
    except KeyError:
        raise Refused(_("没有这个动作。"), fix=_("请刷新页面再试。")) from None
    mark = act(request, desk.code)
    return redirect(reverse("routing-table", args=[desk.code]) + mark)


def seen_of(request: HttpRequest) -> int:
    """The revision of the draft that somebody looked at; 0 where there was no draft yet."""
    return read_number(request.POST.get("seen")) or 0


def _order(request: HttpRequest, code: str) -> str:
    keys = [key for key in request.POST.get("order", "").split(",") if key]
    with drafting.changing(code, request.user, seen_of(request)) as draft:
        drafting.put_in_order(draft, keys)
    return _mark(request.POST.get("key", ""))


def _shift(request: HttpRequest, code: str) -> str:
    """One place up or down, for whoever drags nothing."""
    key, by = request.POST.get("key", ""), -1 if request.POST.get("to") == "up" else 1
    with drafting.changing(code, request.user, seen_of(request)) as draft:
        keys = [str(rule.key) for rule in draft.rules.order_by("position")]
        if key in keys:
            place = keys.index(key)
            keys.insert(min(max(place + by, 0), len(keys) - 1), keys.pop(place))
        drafting.put_in_order(draft, keys)
    return _mark(key)


def _mark(key: str) -> str:
    """The part of an address that leads to a rule on the page."""
    try:
        return f"#rule-{UUID(key)}"
    except ValueError:
        return ""


def _drop(request: HttpRequest, code: str) -> str:
    with drafting.changing(code, request.user, seen_of(request)) as draft:
        rule = draft.rules.filter(key=_uuid(request.POST.get("key", ""))).first()
        if rule:
            drafting.drop_rule(draft, str(rule.key))
            messages.success(request, _("已从草稿删除“%(name)s”。") % {"name": rule.name})
    return ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _discard(request: HttpRequest, code: str) -> str:
    drafting.discard(code, seen_of(request))
    messages.success(request, _("草稿已丢弃，现行规则不变。"))
    return ""


def _publish(request: HttpRequest, code: str) -> str:
    note, begins = request.POST.get("note", "").replace("\x00", "").strip(), _begins(request.POST.get("begins", ""))
    table = drafting.publish(code, request.user, seen=seen_of(request), note=note, begins=begins)
    messages.success(request, _("第 %(number)d 版已发布。") % {"number": table.number})
    return ""


def _begins(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise refuse("begins", _("看不懂这个日期。"), _("请写成 2026-03-01 的样子。"))
    return midnight(day)


def _restore(request: HttpRequest, code: str) -> str:
    drafting.restore(_version(request, code), request.user, seen_of(request))
    messages.success(request, _("已把那一版的规则放进草稿，发布后生效。"))
    return ""


def _withdraw(request: HttpRequest, code: str) -> str:
    drafting.withdraw(_version(request, code))
    messages.success(request, _("已撤回，现行规则不变。"))
    return ""


def _version(request: HttpRequest, code: str) -> RoutingTable:
    published = RoutingTable.objects.published().filter(owner=code)
    return get_object_or_404(published, number=read_number(request.POST.get("number")) or 0)


_ACTS = {
    "order": _order,
    "shift": _shift,
    "drop": _drop,
    "discard": _discard,
    "publish": _publish,
    "restore": _restore,
    "withdraw": _withdraw,
}
