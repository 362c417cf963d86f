"""The field catalogue: the list, one field with its forms and history, and the form that changes or adds one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gis.codes.loading import table_names
from gis.collection.catalogue import ONLY, add_field, change_field
from gis.collection.reading import choices_of, read_options, write_options
from gis.collection.same import one_spelling
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Department, Field, Form
from gis.people.masking import fields as rules
from gis.written import read_line
from web.administration.in_scope import holds_all
from web.collection.words import LABELS, RULES, said
from web.pages.paging import read_number

_TEXTS = ("name", "name_en", "synonyms", "kind", "table", "source", "sharing", "basis", "rule")
_LONGEST = {"name": 60, "name_en": 80, "synonyms": 400, "source": 80, "basis": 200}


def may_edit(request: HttpRequest) -> bool:
    """The catalogue is one for all: it is changed by who holds `catalogue.write` for every area there is."""
    return holds_all(request.access.which("catalogue.write"))


def judge_reader(request: HttpRequest) -> None:
    if not request.access.may_anywhere("catalogue.read"):
        raise NotAllowed(_("您的角色看不到字段目录。"), fix=_("需要时请联系管理员调整任职。"))


def _judge_editor(request: HttpRequest) -> None:
    judge_reader(request)
    if not may_edit(request):
        raise NotAllowed(_("字段目录由管理全部辖区的人维护。"), fix=_("需要更改时请告诉区级主管或管理员。"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    judge_reader(request)
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:40]
    subject = request.GET.get("subject", "")
    owner = request.GET.get("owner", "")
    found = [field for field in _every() if _is_found(field, words)]
    shown = [
        field
        for field in found
        if (not subject or field.subject == subject) and (not owner or (field.owner and field.owner.code == owner))
    ]
    context = {
        "groups": [(label, [one for one in shown if one.subject == value]) for value, label in Field.Subject.choices],
        "subjects": [
            (value, label, sum(one.subject == value for one in found)) for value, label in Field.Subject.choices
        ],
        "departments": Department.objects.filter(field__isnull=False).distinct(),
        "words": words,
        "subject": subject,
        "owner": owner,
        "total": len(found),
        "shown": len(shown),
        "may_edit": may_edit(request),
    }
    return render(request, "web/collection/catalogue.html", context)


def _every():
    return Field.objects.select_related("owner").prefetch_related("forms").order_by("retired", "subject", "pk")


def _is_found(field: Field, words: str) -> bool:
    keys = " ".join((field.code, field.name, field.name_en, field.synonyms, one_spelling(field.name))).lower()
    return all(word in keys for word in words.lower().split())


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    judge_reader(request)
    field = _found(pk)
    if request.method != "POST":
        return _page(request, field, form_of(field))
    _judge_editor(request)
    form = _posted(request)
    try:
        reason = read_line(form["reason"], "reason", 200, needed=True)
        change_field(pk, _wanted(form), by=request.user, reason=reason, seen=read_number(form["seen"]) or 0)
    except Refused as refused:
        return _page(request, field, form, error=refused, status=422)
    except Conflict as conflict:
        form["seen"] = str(conflict.theirs["revision"])
        return _page(request, _found(pk), form, error=conflict, status=409)
    messages.success(request, _("已保存。"))
    return redirect("catalogue-field", pk)


def _found(pk: int) -> Field:
    field = Field.objects.select_related("owner", "supplement_of").filter(pk=pk).first()
    if field is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return field


def _posted(request: HttpRequest) -> dict:
    body = request.POST
    names = (*_TEXTS, "options", "owner", "retention_months", "from_age", "reason", "seen", "subject")
    plain = {name: body.get(name, "").replace("\x00", "")[:2000] for name in names}
    flags = {name: "yes" if body.get(name) else "" for name in ("sealed", "retired")}
    return plain | flags | {"only": body.getlist("only")[:20]}


def form_of(field: Field) -> dict:
    """A field as its form shows it."""
    told = {name: getattr(field, name) for name in _TEXTS}
    numbers = {name: "" if getattr(field, name) is None else getattr(field, name) for name in _NUMBERS}
    return told | numbers | {
        "options": write_options(field.options),
        "owner": field.owner.code if field.owner else "",
        "sealed": "yes" if field.sealed else "",
        "retired": "yes" if field.retired else "",
        "only": field.only,
        "subject": field.subject,
        "seen": str(field.revision),
        "reason": "",
    }  # fmt: skip


_NUMBERS = {"retention_months": 1200, "from_age": 100}


def _wanted(form: dict) -> dict:
    """What was written, as `change_field` and `add_field` take it. Raises Refused."""
    texts = {name: read_line(form[name], name, _LONGEST.get(name, 40)) for name in _TEXTS}
    owner = Department.objects.filter(code=form["owner"]).first() if form["owner"] else None
    numbers = {name: _number(form[name], name, most) for name, most in _NUMBERS.items()}
    return texts | numbers | {
        "options": read_options(form["options"]) if form["kind"] == Field.Kind.CHOICE else [],
        "owner": owner.pk if owner else None,
        "sealed": bool(form["sealed"]),
        "retired": bool(form["retired"]),
        "only": form["only"],
    }  # fmt: skip


def _number(text: str, name: str, most: int) -> int | None:
    if not text.strip():
        return None
    number = read_number(text.strip())
    if number is None or not 0 < number <= most:
        told = _("请填写 1 到 %(most)d 的整数，或留空。") % {"most": most}
        raise Refused(_("字段没有保存。"), fix=_("请改正标出的内容。"), fields={name: told})
    return number


def _page(request: HttpRequest, field: Field, form: dict, *, error=None, status: int = 200) -> HttpResponse:
    concerned = Form.objects.about(request.access.which("catalogue.read")).filter(fields=field)
    context = {
        "field": field,
        "facts": [(label, said(name, getattr(field, name), field)) for name, label in LABELS.items()],
        "choices": choices_of(field),
        "forms": concerned.select_related("department"),
        "history": [_change(change, field) for change in field.changes.select_related("by")],
        "may_edit": may_edit(request),
    }
    return render(request, "web/collection/field.html", context | _offered(form, field.subject, error), status=status)


def _change(change, field: Field) -> dict:
    sets = [
        (str(LABELS[name]), said(name, before, field), said(name, after, field))
        for name, (before, after) in change.sets.items()
        if name in LABELS
    ]
    return {"change": change, "sets": sets}


def _offered(form: dict, subject: str, error) -> dict:
    """What the form of a field offers to choose from."""
    only = ONLY.get(Field.Subject(subject)) if subject in Field.Subject.values else None
    return {
        "form": form,
        "error": error,
        "fields": getattr(error, "fields", {}),
        "kinds": Field.Kind.choices,
        "sharings": Field.Sharing.choices,
        "rules": [(name, RULES[name]) for name in rules()],
        "tables": table_names(),
        "departments": Department.objects.all(),
        "onlies": only.choices if only else [],
        "subjects": Field.Subject.choices,
    }


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A field of one's own."""
    _judge_editor(request)
    subject = request.GET.get("subject", "")
    if request.method != "POST":
        blank = form_of(Field(subject=subject if subject in Field.Subject.values else Field.Subject.PERSON))
        return _new_page(request, blank)
    form = _posted(request)
    try:
        reason = read_line(form["reason"], "reason", 200, needed=True)
        made = add_field(form["subject"], _wanted(form), by=request.user, reason=reason)
    except Refused as refused:
        return _new_page(request, form, refused)
    messages.success(request, _("已添加“%(name)s”。") % {"name": made.name})
    return redirect("catalogue-field", made.pk)


def _new_page(request: HttpRequest, form: dict, error: Refused | None = None) -> HttpResponse:
    context = _offered(form, form["subject"], error) | {"is_new": True}
    return render(request, "web/collection/field_new.html", context, status=422 if error else 200)
