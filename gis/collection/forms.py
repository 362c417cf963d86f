"""Forms: drafted by a department from fields of the catalogue, approved by the level above, in force, retired.

Who asks for a field that exists gets it shared: `supplement` refuses a new field whose meaning is in the catalogue, by
the field it offers instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.collection.catalogue import add_field
from gis.collection.field import Field
from gis.collection.form import Form, FormField, FormStep
from gis.collection.same import Match, matches
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.people.resident import Resident

_State = Form.State
#: What may follow what, and who does it: the author's side or whoever approves.
MOVES = {
    (_State.DRAFT, _State.SUBMITTED): "author",
    (_State.REFUSED, _State.SUBMITTED): "author",
    (_State.SUBMITTED, _State.DRAFT): "author",
    (_State.SUBMITTED, _State.APPROVED): "approver",
    (_State.SUBMITTED, _State.REFUSED): "approver",
    (_State.DRAFT, _State.RETIRED): "author",
    (_State.REFUSED, _State.RETIRED): "author",
    (_State.APPROVED, _State.RETIRED): "either",
}
#: Moves that must say why.
_WITH_REASON = {_State.REFUSED}
#: A form may ask for what is about its subject, and about what its subject is part of.
ABOUT = {
    Field.Subject.PERSON: {Field.Subject.PERSON, Field.Subject.HOUSEHOLD, Field.Subject.DWELLING},
    Field.Subject.HOUSEHOLD: {Field.Subject.HOUSEHOLD, Field.Subject.DWELLING},
    Field.Subject.DWELLING: {Field.Subject.DWELLING},
    Field.Subject.BUILDING: {Field.Subject.BUILDING},
    Field.Subject.ORGANISATION: {Field.Subject.ORGANISATION},
}
#: Digits of a district's code: above it nobody here has a posting, so the district approves its own departments' forms.
_HIGHEST = 6


@dataclass(frozen=True)
class Wanted:
    """What a form says of itself."""

    name: str
    area: str
    subject: str
    purpose: str
    basis: str
    starts: date
    ends: date | None = None
    every_months: int | None = None
    populations: tuple[str, ...] = ()


def form_of(uuid, access: Access) -> Form:
    """The form, where it concerns the reader. Raises OutOfScope for every other: it may or may not exist."""
    found = Form.objects.about(access.which("catalogue.read")).filter(uuid=uuid).select_related("department", "author")
    form = found.first()
    if form is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return form


def may_write(form: Form, user: User, access: Access) -> bool:
    """Whether the reader belongs to the department whose form it is, and holds its area."""
    return user.department_id == form.department_id and access.may("form.write", form.area)


def may_approve(form: Form, user: User, access: Access) -> bool:
    """Somebody posted above the form's area, or at the district's own level, who has not drafted or submitted it."""
    if user.pk == form.author_id:
        return False
    held = access.which("form.approve").areas
    if not any(form.area.startswith(code) and (len(code) < len(form.area) or len(code) <= _HIGHEST) for code in held):
        return False
    return not form.steps.filter(state=_State.SUBMITTED, by=user).exists()


@transaction.atomic
def draft_form(wanted: Wanted, *, by: User, access: Access) -> Form:
    """A new form without fields. Raises Refused, or NotAllowed for who drafts none there."""
    if by.department is None:
        raise NotAllowed(_("您的账号没有所属部门。"), fix=_("请管理员在账号里填写部门，再起草表单。"))
    if not access.may("form.write", wanted.area):
        raise NotAllowed(_("您不能为这个辖区起草表单。"), fix=_("请选择您任职的辖区或其中的一部分。"))
    _judge(wanted)
    form = Form.objects.create(department=by.department, author=by, **_columns(wanted))
    FormStep.objects.create(form=form, by=by, state=form.state, at=timezone.now())
    return form


def _columns(wanted: Wanted) -> dict:
    return {**wanted.__dict__, "populations": list(wanted.populations)}


def _judge(wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    for name in ("name", "purpose", "basis"):
        if not getattr(wanted, name):
            wrong[name] = _("请填写。")
    chosen = {
        "subject": wanted.subject in Field.Subject.values,
        "populations": set(wanted.populations) <= set(Resident.Population.values),
        "area": _is_area(wanted.area),
    }
    wrong |= {name: _("请从列表中选择。") for name, is_offered in chosen.items() if not is_offered}
    if wanted.ends and wanted.ends <= wanted.starts:
        wrong["ends"] = _("结束日期须晚于开始日期。")
    if wanted.every_months is not None and not 1 <= wanted.every_months <= 120:
        wrong["every_months"] = _("请填写 1 到 120。")
    if wrong:
        raise Refused(_("表单没有保存。"), fix=_("请改正标出的内容。"), fields=wrong)


def _is_area(code: str) -> bool:
    return code.isascii() and code.isdigit() and Area.objects.filter(code=code).exists()


@transaction.atomic
def rewrite_form(form: Form, wanted: Wanted, *, by: User, access: Access) -> None:
    """Change what a draft says of itself."""
    held = _open_to(form, by, access)
    _judge(wanted)
    if not access.may("form.write", wanted.area):
        raise NotAllowed(_("您不能为这个辖区起草表单。"), fix=_("请选择您任职的辖区或其中的一部分。"))
    Form.objects.filter(pk=held.pk).update(**_columns(wanted))


@transaction.atomic
def set_fields(form: Form, codes: Sequence[str], *, by: User, access: Access) -> None:
    """The fields of a draft, in this order: all of the catalogue, each once."""
    held = _open_to(form, by, access)
    usable = Field.objects.filter(Q(retired=False) | Q(supplement_of=held))
    known = {field.code: field for field in usable.filter(code__in=codes)}
    if len(set(codes)) != len(codes) or set(codes) - known.keys():
        raise Refused(_("有的字段不在目录里，或出现了两次。"), fix=_("请刷新页面后重新选择。"), fields={"fields": ""})
    astray = [field for field in known.values() if field.subject not in ABOUT[held.subject]]
    if astray:
        told = {"field": astray[0].name, "subject": held.get_subject_display()}
        raise Refused(
            _("“%(field)s”不是关于%(subject)s的字段。") % told,
            fix=_("请去掉它，或另做一张表单。"),
            fields={"fields": ""},
        )
    FormField.objects.filter(form=held).delete()
    FormField.objects.bulk_create(
        FormField(form=held, field=known[code], position=place) for place, code in enumerate(codes)
    )


def offers(form: Form, name: str, subject: str = "") -> list[Match]:
    """Fields of the catalogue that mean the same as a wanted supplement, or sound like it."""
    return matches(name, subject or form.subject, Field.objects.filter(retired=False))


@transaction.atomic
def supplement(form: Form, subject: str, wanted: dict, *, by: User, access: Access, differs: str = "") -> Field:
    """A field that the catalogue lacks, for this form and from then on for everybody; its department owns it.

    Raises Refused where the meaning is there already, and where names are alike and `differs` does not say how it is
    another.
    """
    held = _open_to(form, by, access)
    if subject not in ABOUT[held.subject]:
        raise Refused(_("字段没有保存。"), fix=_("请改正标出的内容。"), fields={"subject": _("请从列表中选择。")})
    alike = offers(held, wanted.get("name", ""), subject)
    if alike and alike[0].is_same:
        told = {"field": alike[0].field.name}
        raise Refused(
            _("目录里已有“%(field)s”，不再另外采集。") % told,
            fix=_("请把它加进表单，已有的内容直接共享。"),
            fields={"name": _("目录里已有“%(field)s”。") % told},
        )
    if alike and not differs:
        told = {"fields": _("、").join(one.field.name for one in alike)}
        raise Refused(
            _("目录里有相近的字段：%(fields)s。") % told,
            fix=_("如果就是其中之一，请直接使用；如果不同，请写明区别。"),
            fields={"differs": _("请写明与相近字段的区别。")},
        )
    made = add_field(subject, wanted | {"owner": held.department_id}, by=by, reason=differs, supplement_of=held)
    FormField.objects.create(form=held, field=made, position=held.lines.count())
    return made


def _open_to(form: Form, by: User, access: Access) -> Form:
    """The form, locked, where its author may still change it."""
    held = Form.objects.select_for_update().get(pk=form.pk)
    if not may_write(held, by, access):
        raise NotAllowed(_("只有起草部门能改这张表单。"), fix=_("需要更改时请联系该部门。"))
    if held.state not in (_State.DRAFT, _State.REFUSED):
        raise Conflict(_("表单已提交，不能再改。"), fix=_("请先撤回，或另起草一张。"), theirs={"state": held.state})
    return held


@transaction.atomic
def move(form: Form, to: str, *, by: User, access: Access, reason: str = "") -> Form:
    """One move of the table. Raises NotAllowed, Conflict where it is late, Refused where it must say why."""
    held = Form.objects.select_for_update().get(pk=form.pk)
    who = MOVES.get((held.state, to))
    if who is None:
        raise Conflict(_("表单已不在这一步。"), fix=_("请刷新页面，看它现在的状态。"), theirs={"state": held.state})
    able = {"author": may_write(held, by, access), "approver": may_approve(held, by, access)}
    if not (able.get(who) or (who == "either" and any(able.values()))):
        raise NotAllowed(_("这一步不由您来做。"), fix=_("起草由部门做，审批由上一级主管做。"))
    if to in _WITH_REASON and not reason:
        raise Refused(_("请写明理由。"), fix=_("起草部门会看到它。"), fields={"reason": _("请写明理由。")})
    if to == _State.SUBMITTED:
        _refuse_unready(held)
    held.state = to
    held.save(update_fields=["state"])
    FormStep.objects.create(form=held, by=by, state=to, reason=reason, at=timezone.now())
    if to in (_State.REFUSED, _State.RETIRED):
        _let_go(held)
    elif to == _State.SUBMITTED:
        held.supplements.filter(pk__in=held.fields.values("pk")).update(retired=False)
    return held


def _refuse_unready(form: Form) -> None:
    if not form.lines.exists():
        raise Refused(_("表单里还没有字段。"), fix=_("请先从目录里选择字段。"), fields={"fields": _("请选择字段。")})
    if form.ends and form.ends <= timezone.localdate():
        raise Refused(_("表单的结束日期已过。"), fix=_("请改正日期后再提交。"), fields={"ends": _("已经过去。")})


def _let_go(form: Form) -> None:
    """Supplements of a form that is no more are asked by nobody, unless another form has taken them up."""
    others = FormField.objects.exclude(form=form).values("field")
    form.supplements.exclude(pk__in=others).update(retired=True)
