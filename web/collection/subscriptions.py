"""Subscriptions of departments: the list, asking for fields, what their owners decide, files and the feed."""

import io
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import get_valid_filename
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis.collection.sharing.exporting import KEPT_DAYS, content_of, order_export, take
from gis.collection.sharing.subscribing import (
    ABOUT,
    Wanted,
    decide,
    draft,
    end,
    may_decide,
    may_take,
    set_lines,
    submit,
    subscription_of,
    subscriptions_of,
    why_not,
)
from gis.collection.sharing.taking import as_counts
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Export, Field, SubscribedField, Subscription
from gis.written import read_line
from web.collection.catalogue import judge_reader
from web.pages.choices import area_choices, names_of
from web.tasks import make_shared_file

_EDITABLE = (Subscription.State.DRAFT, Subscription.State.REFUSED)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the reader's department takes, and what others want of its fields."""
    judge_reader(request)
    listed = list(subscriptions_of(request.user, request.access).prefetch_related("lines__field"))
    rows = [_row(request, one) for one in listed]
    context = {
        "groups": [
            (_("等您决定的"), [row for row in rows if row["waiting"]]),
            (_("我部门订阅的"), [row for row in rows if row["ours"] and not row["waiting"]]),
            (_("取用我部门字段的"), [row for row in rows if not row["ours"] and not row["waiting"]]),
        ],
        "total": len(rows),
        "names": names_of({one.area for one in listed}),
        "may_draft": request.access.may_anywhere("share.take"),
    }
    return render(request, "web/sharing/list.html", context)


def _row(request: HttpRequest, one: Subscription) -> dict:
    lines = list(one.lines.all())
    asked = [line for line in lines if line.state == SubscribedField.State.ASKED]
    waiting = one.state == Subscription.State.SUBMITTED and any(
        may_decide(line, one, request.user, request.access) for line in asked
    )
    ours = one.department_id == request.user.department_id
    return {"one": one, "fields": len(lines), "asked": len(asked), "waiting": waiting, "ours": ours}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    judge_reader(request)
    if not request.access.may_anywhere("share.take"):
        raise NotAllowed(_("数据由部门专员订阅。"), fix=_("需要时请联系管理员调整任职。"))
    error = None
    if request.method == "POST":
        try:
            one = draft(_wanted(request), by=request.user, access=request.access)
        except Refused as refused:
            error = refused
        else:
            return redirect(reverse("subscription", args=[one.uuid]) + "#fields")
    context = {
        "areas": [place for place in area_choices(request.access.which("share.take"), "") if place.depth < 15],
        "subjects": Subscription.Subject.choices,
        "told": request.POST or {"starts": timezone.localdate().isoformat()},
        "error": error,
        "fields": getattr(error, "fields", {}),
    }
    return render(request, "web/sharing/new.html", context, status=422 if error else 200)


def _wanted(request: HttpRequest) -> Wanted:
    body = request.POST
    starts, ends = _day(body.get("starts", ""), "starts", needed=True), _day(body.get("ends", ""), "ends")
    name = read_line(body.get("name", ""), "name", 60)
    return Wanted(name, body.get("area", "")[:12].replace("\x00", ""), body.get("subject", ""), starts, ends)


def _day(text: str, name: str, *, needed: bool = False):
    try:
        day = parse_date(text.strip()) if text.strip() else None
    except ValueError:
        day = None
    if day is None and (needed or text.strip()):
        told = {name: _("请按 2026-05-20 的样子填写日期。")}
        raise Refused(_("订阅没有保存。"), fix=_("请改正标出的内容。"), fields=told)
    return day


@require_safe
def show(request: HttpRequest, uuid) -> HttpResponse:
    judge_reader(request)
    return _page(request, subscription_of(uuid, request.user, request.access))


def _page(request: HttpRequest, one: Subscription, *, error=None, status: int = 200, typed=None) -> HttpResponse:
    lines = list(one.lines.select_related("field__owner", "decided_by"))
    ours = may_take(one, request.user, request.access)
    today = timezone.localdate()
    edits = ours and one.state in _EDITABLE
    context = {
        "one": one,
        "names": names_of({one.area}),
        "lines": [_line(request, one, line) for line in lines],
        "counted": {field.pk for field in as_counts(line.field for line in lines)},
        "steps": one.steps.select_related("by", "field"),
        "states": dict(Subscription.State.choices) | dict(SubscribedField.State.choices),
        "ours": ours,
        "edits": edits,
        "offered": _offered(one, lines, typed or {}) if edits else [],
        "takes": ours and one.is_in_force(today),
        "exports": one.exports.filter(owner=request.user)[:20] if ours else [],
        "kinds": Export.Kind.choices,
        "days": KEPT_DAYS,
        "feed": request.build_absolute_uri(reverse("api:changes", args=[one.uuid])),
        "error": error,
        "fields": getattr(error, "fields", {}),
    }
    return render(request, "web/sharing/one.html", context, status=status)


def _line(request: HttpRequest, one: Subscription, line: SubscribedField) -> dict:
    mine = may_decide(line, one, request.user, request.access)
    open_to = one.state in (Subscription.State.SUBMITTED, Subscription.State.APPROVED)
    return {
        "line": line,
        "decides": mine and open_to and line.state == SubscribedField.State.ASKED,
        "revokes": mine and open_to and line.state == SubscribedField.State.GRANTED,
    }


def _offered(one: Subscription, lines: list[SubscribedField], typed: dict[str, str]) -> list[dict]:
    """The fields there are about its subject: ticked or not, with what for, or why they cannot be had."""
    chosen = {line.field.code: line.purpose for line in lines} | typed
    fields = Field.objects.filter(subject__in=ABOUT[Subscription.Subject(one.subject)], retired=False)
    return [
        {
            "field": field,
            "ticked": field.code in chosen,
            "purpose": chosen.get(field.code, ""),
            "never": why_not(field, one.department_id),
        }
        for field in fields.select_related("owner")
    ]


def _acting(act: Callable) -> Callable:
    """A view that changes a subscription, and shows its page again with what was wrong."""

    @require_POST
    @wraps(act)
    def acted(request: HttpRequest, uuid) -> HttpResponse:
        judge_reader(request)
        one = subscription_of(uuid, request.user, request.access)
        try:
            act(request, one)
        except Refused as refused:
            return _page(request, one, error=refused, status=422, typed=_typed(request))
        except Conflict as conflict:
            return _page(request, one, error=conflict, status=409)
        return redirect("subscription", uuid)

    return acted


def _typed(request: HttpRequest) -> dict[str, str]:
    """Code of each field that is ticked → what for."""
    codes = [code for code in request.POST.getlist("field")[:200] if len(code) <= 40]
    return {code: request.POST.get(f"purpose:{code}", "").replace("\x00", "").strip() for code in codes}


@_acting
def fields(request: HttpRequest, one: Subscription) -> None:
    purposes = {code: read_line(text, code, 200) for code, text in _typed(request).items()}
    set_lines(one, purposes, by=request.user, access=request.access)
    messages.success(request, _("已保存。"))


@_acting
def send(request: HttpRequest, one: Subscription) -> None:
    after = submit(one, by=request.user, access=request.access)
    said = _("已生效。") if after.state == Subscription.State.APPROVED else _("已提交，等字段的主管部门决定。")
    messages.success(request, said)


@_acting
def answer(request: HttpRequest, one: Subscription) -> None:
    reason = read_line(request.POST.get("reason", ""), "reason", 200)
    code, to = request.POST.get("field", "")[:40].replace("\x00", ""), request.POST.get("to", "")
    decide(one, code, to, by=request.user, access=request.access, reason=reason)
    messages.success(request, _("已记录。"))


@_acting
def stop(request: HttpRequest, one: Subscription) -> None:
    reason = read_line(request.POST.get("reason", ""), "reason", 200)
    end(one, by=request.user, access=request.access, reason=reason)
    messages.success(request, _("已停用。"))


@_acting
def export(request: HttpRequest, one: Subscription) -> None:
    order = order_export(
        one, request.POST.get("kind", ""), request.POST.get("purpose", ""), by=request.user, access=request.access,
        language=get_language(),
    )  # fmt: skip
    make_shared_file.defer(export_id=order.pk)
    messages.success(request, _("已开始制作，完成后可在下面下载。"))


@require_safe
def file(request: HttpRequest, uuid) -> HttpResponse:
    """A finished file, to whoever ordered it."""
    judge_reader(request)
    order = Export.objects.select_related("subscription").filter(uuid=uuid, owner=request.user).first()
    if order is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    order = take(order, by=request.user, access=request.access)
    day = timezone.localdate(order.ordered_at).strftime("%Y%m%d")
    name = get_valid_filename(f"{order.subscription.name} {day}.{order.kind}")
    answer = FileResponse(io.BytesIO(content_of(order)), as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    return answer
