"""One category: what it says, its history, and the form that changes it from a day on, after a preview."""

import json
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gis.accounts.scope import Scope
from gis.errors import Conflict, OutOfScope, Refused
from gis.incidents.categories import STANDARD_FIELDS, differences
from gis.incidents.category import FIELDS, Category, Terms
from gis.incidents.category_changing import TOO_LATE, add_category, change_category, predecessors, withdraw
from gis.incidents.category_effect import TIMED, effect_of
from gis.incidents.category_history import entries, stretches
from gis.incidents.category_recount import count_recounts, open_cases, recount
from gis.incidents.category_text import free_code, judge_terms, read_code, read_terms
from gis.incidents.resetting import MOST_COUNTED
from gis.models import CategoryChange, User
from gis.written import read_line
from web.pages.category_words import (
    LABELS,
    begins,
    compared,
    judge_editor,
    judge_publicity,
    judge_reader,
    keeps_all,
    may_edit,
    names_of_kind,
    read_day,
    spoken,
)
from web.pages.paging import read_number
from web.tasks import recount_category

#: Open cases counted anew while the editor waits.
_AT_ONCE = 200
_FLAGS = ("urgent", "is_public", "retired")


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    judge_reader(request)
    category = _found(pk)
    if request.method == "POST":
        return _edit(request, category)
    return _page(request, category, _form_of(category, category.at(timezone.now())))


def _found(pk: int) -> Category:
    category = Category.objects.filter(pk=pk).first()
    if category is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return category


def _edit(request: HttpRequest, category: Category) -> HttpResponse:
    """Show what a change would do; with `confirm`, make it."""
    judge_editor(request)
    form = _posted(request)
    try:
        wanted, day = _wanted(category, form), read_day(form["starts"])
        moment = begins(day)
        after = _after(category, wanted, moment)
        judge_publicity(request, wanted)
        judge_terms(category.pk, category.kind, after, Category.objects.filter(kind=category.kind))
        reason = read_line(form["reason"], "reason", 200, needed=True)
        if "confirm" in request.POST:
            change_category(
                category, wanted, user=request.user, starts=day, reason=reason, seen=read_number(form["seen"]) or 0
            )
            return _saved(request, category.pk, form, day)
    except Refused as refused:
        return _page(request, category, form, error=refused, status=422)
    except Conflict as conflict:
        return _conflict(request, category.pk, form, wanted, moment, conflict)
    return _page(request, category, form, preview=_preview(request, category, after, moment, day))


def _saved(request: HttpRequest, pk: int, form: dict, day) -> HttpResponse:
    """With the open cases counted anew, where the editor ticked that under the preview."""
    scope = _recounted(request)
    if form["recount"] and scope and _is_now(day):
        messages.success(request, _count_anew(_found(pk), scope, request.user))
    else:
        messages.success(request, _("已保存。已上报的事件保持原来的规定。"))
    return redirect("category", pk)


def _count_anew(category: Category, scope: Scope, user: User) -> str:
    """Few cases at once, many by the worker; what to say of it."""
    if open_cases(category, scope).count() > _AT_ONCE:
        recount_category.defer(category=category.pk, areas=list(scope.areas), user=user.pk)
        return _("已保存。您辖区内未结事件的时限正在后台重新计算。")
    number = recount(category, scope, user)
    return _("已保存，并重新计算了您辖区内 %(number)d 件未结事件的时限。") % {"number": number}


def _is_now(day) -> bool:
    return day is None or day == timezone.localdate()


def _posted(request: HttpRequest) -> dict:
    body = request.POST
    plain = {name: body.get(name, "").replace("\x00", "")[:500] for name in (*FIELDS, "starts", "reason", "seen")}
    was = body.get("was", "")[:4000]
    return (
        plain
        | {name: "yes" if body.get(name) else "no" for name in _FLAGS}
        | {"was": was, "recount": body.get("recount", "")[:1]}
    )


def _form_of(category: Category, terms: Terms) -> dict:
    """A category as its form shows it."""
    codes = dict(Category.objects.filter(pk__in=terms.successors).values_list("pk", "code"))
    told = {name: "" if (value := getattr(terms, name)) is None else str(value) for name in FIELDS}
    told |= {name: "yes" if getattr(terms, name) else "no" for name in _FLAGS}
    told["successors"] = " ".join(codes[pk] for pk in terms.successors if pk in codes)
    was = {name: told[name] for name in FIELDS}
    return told | {"starts": "", "reason": "", "seen": str(category.revision), "was": json.dumps(was), "recount": ""}


def _wanted(category: Category, form: dict) -> dict:
    """What the editor changed in the form: what was left alone stays whatever others make of it. Raises Refused."""
    codes = dict(Category.objects.filter(kind=category.kind).values_list("code", "pk"))
    try:
        was = json.loads(form["was"])
    except ValueError:
        was = {}
    was = was if isinstance(was, dict) else {}
    touched = {name for name in FIELDS if form[name] != was.get(name)}
    if touched & {"dispose_within", "dispose_unit"}:
        touched |= {"dispose_within", "dispose_unit"}
    return read_terms({name: form[name] for name in touched}, category.kind, codes)


def _after(category: Category, wanted: dict, moment: datetime) -> Terms:
    return replace(category.at(moment), **_plain(wanted))


def _plain(wanted: dict) -> dict:
    return wanted | ({"successors": tuple(wanted["successors"])} if "successors" in wanted else {})


def _preview(request: HttpRequest, category: Category, after: Terms, moment: datetime, day) -> dict:
    names, before = names_of_kind(category.kind), category.at(moment)
    rows = compared(before, after, names)
    timed, scope = any(getattr(before, name) != getattr(after, name) for name in TIMED), _recounted(request)
    moving = count_recounts(category, after, scope) if timed and scope and _is_now(day) else 0
    return {
        "rows": rows,
        "starts": None if _is_now(day) else day,
        "effect": effect_of(category, after, moment, request.access.which("incident.read")),
        "moving": f"{MOST_COUNTED}+" if moving > MOST_COUNTED else moving,
    }


def _recounted(request: HttpRequest):
    """Where whoever changes a category may have open cases counted anew."""
    return request.access.which("case.rules")


def _conflict(request, pk: int, form: dict, wanted: dict, moment: datetime, conflict: Conflict) -> HttpResponse:
    """What the other made of it, beside what was about to be saved; the next confirmation knows of it."""
    category = _found(pk)
    theirs = CategoryChange.objects.filter(pk=conflict.theirs["change"]).first()
    form = form | {"seen": str(conflict.theirs["revision"])}
    after = _after(category, wanted, max(moment, timezone.now()))
    preview = _preview(request, category, after, max(moment, timezone.now()), read_day(form["starts"]))
    labels = [str(LABELS[name]) for name in (theirs.sets if theirs else ()) if name in LABELS]
    return _page(request, category, form, error=conflict, preview=preview, theirs=labels, status=409)


def _page(request, category: Category, form: dict, *, error=None, preview=None, theirs=(), status=200) -> HttpResponse:
    now, names = timezone.now(), names_of_kind(category.kind)
    terms = category.at(now)
    context = {
        "category": category,
        "facts": [(label, spoken(name, terms, names)) for name, label in LABELS.items()],
        "bar": stretches(category, now),
        "stretches": _told_stretches(category, now, names),
        "entries": [_entry(change, category, names, now) for change in entries(category)],
        "differs": _differs(category, terms, names),
        "line": _line(category) if request.access.may_anywhere("incident.read") else None,
        "form": form,
        "fields": getattr(error, "fields", {}),
        "error": error,
        "preview": preview,
        "theirs": theirs,
        "units": Category.Unit.choices,
        "majors": list(
            Category.objects.filter(kind=category.kind).values_list("major", flat=True).distinct().order_by()
        ),
        "choices": [(one.code, one.name) for one in Category.objects.filter(kind=category.kind, retired=False)],
        "may_edit": may_edit(request) and category.kind != Category.Kind.IMPORTED,
        "may_publish": keeps_all(request),
        "today": timezone.localdate(),
    }
    return render(request, "web/categories/page.html", context, status=status)


def _told_stretches(category: Category, now: datetime, names: dict) -> list[dict]:
    found, before = [], None
    for stretch in stretches(category, now):
        rows = compared(before, stretch.terms, names) if before else []
        found.append({"stretch": stretch, "rows": rows})
        before = stretch.terms
    return found


def _entry(change: CategoryChange, category: Category, names: dict, now: datetime) -> dict:
    held = Terms(category.pk) if change.sets.keys() >= {"name"} else category.at(change.since)
    terms = replace(held, **{name: value for name, value in _plain(change.sets).items() if name in FIELDS})
    return {
        "change": change,
        "sets": [(str(LABELS[name]), spoken(name, terms, names)) for name in LABELS if name in change.sets],
        "may_withdraw": change.withdrawn_at is None and change.since > now + TOO_LATE,
        "planned": change.withdrawn_at is None and change.since > now,
    }


def _differs(category: Category, terms: Terms, names: dict) -> list[tuple[str, str, str, str]]:
    """Where a category says otherwise than its standard: field, word, the standard, here."""
    if not differences(category):
        return []
    standard = replace(
        terms, **{name: category.standard[name] for name in STANDARD_FIELDS if name in category.standard}
    )
    return compared(standard, terms, names)


def _line(category: Category) -> dict:
    """What it came from and what follows it, and the filter that finds all of its cases under whatever name."""
    merged = predecessors([category.pk])
    return {
        "before": Category.objects.filter(pk__in=merged - {category.pk}),
        "split_from": Category.objects.filter(successors__contains=[category.pk]).exclude(pk__in=merged),
        "after": Category.objects.filter(pk__in=category.successors),
        "query": urlencode([("category", pk) for pk in sorted(merged)]),
    }


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a change before it begins."""
    judge_editor(request)
    found = CategoryChange.objects.filter(category=_found(pk), pk=read_number(request.POST.get("change"))).first()
    if found is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    withdraw(found, request.user)
    messages.success(request, _("已撤回，不会生效。"))
    return redirect("category", pk)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A category of one's own."""
    judge_editor(request)
    kind = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    kind = kind if kind in ("community", "city", "component") else "community"
    form = _form_of(Category(), Terms(0)) | {"code": free_code(kind)}
    if request.method != "POST":
        return _new_page(request, kind, form)
    form = _posted(request) | {"code": request.POST.get("code", "").replace("\x00", "")[:40]}
    try:
        made = _add(request, kind, form)
    except Refused as refused:
        return _new_page(request, kind, form, refused)
    messages.success(request, _("已添加“%(name)s”。") % {"name": made.name})
    return redirect("category", made.pk)


def _add(request: HttpRequest, kind: str, form: dict) -> Category:
    codes = dict(Category.objects.filter(kind=kind).values_list("code", "pk"))
    terms = read_terms({name: form[name] for name in FIELDS if name not in ("retired", "successors")}, kind, codes)
    judge_publicity(request, {name: value for name, value in terms.items() if value})
    judge_terms(None, kind, Terms(0, **terms), Category.objects.filter(kind=kind))
    reason = read_line(form["reason"], "reason", 200, needed=True)
    code, day = read_code(kind, form["code"]), read_day(form["starts"])
    return add_category(kind, code, terms, user=request.user, starts=day, reason=reason)


def _new_page(request: HttpRequest, kind: str, form: dict, error: Refused | None = None) -> HttpResponse:
    context = {
        "kind": kind,
        "kinds": [choice for choice in Category.Kind.choices if choice[0] != Category.Kind.IMPORTED],
        "form": form,
        "error": error,
        "fields": error.fields if error else {},
        "units": Category.Unit.choices,
        "majors": list(Category.objects.filter(kind=kind).values_list("major", flat=True).distinct().order_by()),
        "may_publish": keeps_all(request),
        "today": timezone.localdate(),
        "is_new": True,
    }
    return render(request, "web/categories/new.html", context, status=422 if error else 200)
