"""Forms of departments: the list, drafting one from the catalogue, and what is decided about it."""

from collections import defaultdict
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis.collection.coverage import share
from gis.collection.forms import (
    ABOUT,
    MOVES,
    Wanted,
    draft_form,
    form_of,
    may_approve,
    may_write,
    move,
    offers,
    rewrite_form,
    set_fields,
    supplement,
)
from gis.collection.kept_success import kept_coverage
from gis.collection.reading import read_options
from gis.errors import Conflict, Refused
from gis.models import Field, Form, Resident
from gis.written import read_line
from web.collection.catalogue import judge_reader
from web.pages.choices import area_choices, names_of
from web.pages.paging import read_number

#: Other forms named beside a field.
_MOST_OTHERS = 5
_EDITABLE = (Form.State.DRAFT, Form.State.REFUSED)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    judge_reader(request)
    forms = Form.objects.about(request.access.which("catalogue.read")).select_related("department")
    scope, today = request.access.which("people.count"), timezone.localdate()
    rows = [_row(request, form, scope, today) for form in forms.prefetch_related("lines")]
    context = {
        "groups": [(label, [row for row in rows if row["form"].state == value]) for value, label in _IN_ORDER],
        "total": len(rows),
        "names": names_of({row["form"].area for row in rows}),
        "may_draft": request.access.may_anywhere("form.write"),
    }
    return render(request, "web/collection/forms.html", context)


_IN_ORDER = [
    (state.value, state.label)
    for state in (
        Form.State.SUBMITTED, Form.State.APPROVED, Form.State.DRAFT, Form.State.REFUSED, Form.State.RETIRED,
    )
]  # fmt: skip


def _row(request: HttpRequest, form: Form, scope, today: date) -> dict:
    known = kept_coverage(form, scope, today) if form.state != Form.State.RETIRED else []
    new = form.supplements.count()
    return {
        "form": form,
        "fields": form.lines.count(),
        "shared": form.lines.count() - new,
        "share": share(known),
        "decide": form.state == Form.State.SUBMITTED and may_approve(form, request.user, request.access),
    }


@require_safe
def show(request: HttpRequest, uuid) -> HttpResponse:
    judge_reader(request)
    return _page(request, form_of(uuid, request.access))


def _page(request: HttpRequest, form: Form, *, error=None, status: int = 200, **more) -> HttpResponse:
    known = kept_coverage(form, request.access.which("people.count"), timezone.localdate())
    chosen = {row.field.code: place for place, row in enumerate(known)}
    others = _others(request, form)
    edits = may_write(form, request.user, request.access) and form.state in _EDITABLE
    context = {
        "form": form,
        "known": [(row, others[row.field.pk][:_MOST_OTHERS]) for row in known],
        "share": share(known),
        "new": form.supplements.filter(pk__in=form.fields.values("pk")).count(),
        "names": names_of({form.area}),
        "populations": [label for value, label in Resident.Population.choices if value in form.populations],
        "steps": form.steps.select_related("by"),
        "edits": edits,
        "moves": _moves(request, form),
        "offered": _offered(form, chosen) if edits else [],
        "subjects": [choice for choice in Field.Subject.choices if choice[0] in ABOUT[Field.Subject(form.subject)]],
        "kinds": [choice for choice in Field.Kind.choices if choice[0] != Field.Kind.CODE],
        "error": error,
        "fields": getattr(error, "fields", {}),
        "extra": {"source": _("本人申报")},
        "alike": [],
    }
    return render(request, "web/collection/form.html", context | more, status=status)


def _others(request: HttpRequest, form: Form) -> dict[int, list[Form]]:
    """By field, other forms in force that ask the same: it is asked once for all of them."""
    seen = Form.objects.about(request.access.which("catalogue.read")).in_force(timezone.localdate())
    others: dict[int, list[Form]] = defaultdict(list)
    for other in seen.exclude(pk=form.pk).prefetch_related("lines"):
        for line in other.lines.all():
            others[line.field_id].append(other)
    return others


def _moves(request: HttpRequest, form: Form) -> list[dict]:
    able = {
        "author": may_write(form, request.user, request.access),
        "approver": may_approve(form, request.user, request.access),
    }
    able["either"] = any(able.values())
    return [
        {"to": to.value, "word": _words()[start, to]}
        for (start, to), who in MOVES.items()
        if start == form.state and able[who]
    ]


def _words() -> dict:
    state = Form.State
    return {
        (state.DRAFT, state.SUBMITTED): _("提交审批"),
        (state.REFUSED, state.SUBMITTED): _("再次提交"),
        (state.SUBMITTED, state.DRAFT): _("撤回修改"),
        (state.SUBMITTED, state.APPROVED): _("批准"),
        (state.SUBMITTED, state.REFUSED): _("退回"),
        (state.DRAFT, state.RETIRED): _("不再使用"),
        (state.REFUSED, state.RETIRED): _("不再使用"),
        (state.APPROVED, state.RETIRED): _("停用"),
    }


def _offered(form: Form, chosen: dict[str, int]) -> list[tuple]:
    """Fields of the catalogue that the form may ask, those that it does first, in its order."""
    about = Field.objects.filter(subject__in=ABOUT[Field.Subject(form.subject)], retired=False).select_related("owner")
    ordered = sorted(about, key=lambda field: chosen.get(field.code, len(chosen)))
    return [
        (label, [(field, field.code in chosen) for field in ordered if field.subject == value])
        for value, label in Field.Subject.choices
        if any(field.subject == value for field in ordered)
    ]


@require_POST
def fields(request: HttpRequest, uuid) -> HttpResponse:
    """The fields of a draft, as ticked."""
    judge_reader(request)
    form = form_of(uuid, request.access)
    try:
        set_fields(form, request.POST.getlist("field")[:200], by=request.user, access=request.access)
    except (Refused, Conflict) as error:
        return _page(request, form, error=error, status=422)
    messages.success(request, _("已保存。"))
    return redirect("form", uuid)


@require_POST
def extra(request: HttpRequest, uuid) -> HttpResponse:
    """A supplement; refused where the catalogue has it, with what to take instead."""
    judge_reader(request)
    form = form_of(uuid, request.access)
    names = ("name", "subject", "kind", "options", "source", "basis", "differs")
    told = {name: request.POST.get(name, "").replace("\x00", "")[:1000] for name in names}
    try:
        made = supplement(
            form, told["subject"], _wanted_extra(told), by=request.user, access=request.access,
            differs=read_line(told["differs"], "differs", 200),
        )  # fmt: skip
    except (Refused, Conflict) as error:
        alike = offers(form, told["name"], told["subject"])
        return _page(request, form, error=error, status=422, extra=told, alike=alike)
    messages.success(request, _("已添加“%(name)s”。") % {"name": made.name})
    return redirect(reverse("form", args=[uuid]) + "#fields")


def _wanted_extra(told: dict) -> dict:
    """What somebody wrote of a supplement. It is shared on conditions, until who keeps the catalogue says otherwise."""
    return {
        "name": read_line(told["name"], "name", 60, needed=True),
        "kind": told["kind"],
        "options": read_options(told["options"]) if told["kind"] == Field.Kind.CHOICE else [],
        "source": read_line(told["source"], "source", 80),
        "basis": read_line(told["basis"], "basis", 200, needed=True),
    }


@require_POST
def decide(request: HttpRequest, uuid) -> HttpResponse:
    """One move of a form."""
    judge_reader(request)
    form = form_of(uuid, request.access)
    try:
        reason = read_line(request.POST.get("reason", ""), "reason", 200)
        move(form, request.POST.get("to", ""), by=request.user, access=request.access, reason=reason)
    except (Refused, Conflict) as error:
        return _page(request, form_of(uuid, request.access), error=error, status=422)
    messages.success(request, _("已保存。"))
    return redirect("form", uuid)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """What a new form says of itself; `form` in the address: of a draft that is written anew."""
    judge_reader(request)
    old = form_of(request.GET["form"], request.access) if _is_uuid(request.GET.get("form", "")) else None
    if request.method != "POST":
        return _draft_page(request, _told(old), old)
    told = {name: request.POST.get(name, "").replace("\x00", "")[:500] for name in _told(None)}
    told["populations"] = request.POST.getlist("populations")[:10]
    try:
        wanted = _wanted(told)
        if old:
            rewrite_form(old, wanted, by=request.user, access=request.access)
        else:
            old = draft_form(wanted, by=request.user, access=request.access)
    except (Refused, Conflict) as error:
        return _draft_page(request, told, old, error)
    messages.success(request, _("已保存。请选择字段。"))
    return redirect("form", old.uuid)


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and all(sign in "0123456789abcdef-" for sign in text) and text.count("-") == 4


def _told(form: Form | None) -> dict:
    """A form as the page that writes it shows it."""
    if form is None:
        blank = dict.fromkeys(("name", "area", "purpose", "basis", "ends", "every_months"), "")
        today = timezone.localdate().isoformat()
        return blank | {"subject": Field.Subject.PERSON, "starts": today, "populations": []}
    told = {name: getattr(form, name) for name in ("name", "area", "purpose", "basis", "subject", "populations")}
    dates = {name: getattr(form, name).isoformat() if getattr(form, name) else "" for name in ("starts", "ends")}
    return told | dates | {"every_months": form.every_months or ""}


def _wanted(told: dict) -> Wanted:
    return Wanted(
        name=read_line(told["name"], "name", 60),
        area=told["area"],
        subject=told["subject"],
        purpose=read_line(told["purpose"], "purpose", 200),
        basis=read_line(told["basis"], "basis", 200),
        starts=_day(told["starts"], "starts") or timezone.localdate(),
        ends=_day(told["ends"], "ends"),
        every_months=read_number(told["every_months"].strip()) if told["every_months"].strip() else None,
        populations=tuple(told["populations"]),
    )


def _day(text: str, name: str) -> date | None:
    try:
        day = parse_date(text.strip()) if text.strip() else None
    except ValueError:
        day = None
    if text.strip() and (day is None or not 2000 <= day.year <= 2100):
        told = _("请按 2026-05-20 的样子填写日期。")
        raise Refused(_("表单没有保存。"), fix=_("请改正标出的内容。"), fields={name: told})
    return day


def _draft_page(request: HttpRequest, told: dict, old: Form | None, error=None) -> HttpResponse:
    context = {
        "told": told,
        "old": old,
        "error": error,
        "fields": getattr(error, "fields", {}),
        "areas": area_choices(request.access.which("form.write"), told["area"]),
        "subjects": [choice for choice in Field.Subject.choices if choice[0] not in ("building", "organisation")],
        "all_populations": Resident.Population.choices,
        "may_draft": request.access.may_anywhere("form.write"),
    }
    return render(request, "web/collection/form_new.html", context, status=422 if error else 200)
