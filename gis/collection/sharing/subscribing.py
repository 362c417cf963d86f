"""Subscriptions: drafted by a department, decided field by field by the owners, in force, ended.

What may not be shared is refused when it is asked for, in words. What is shared without condition, or belongs to the
department itself, is granted with the request; everything else waits for the department that owns the field, and where
none owns it for whoever approves forms above the area.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.collection.field import Field
from gis.collection.sharing.subscription import SubscribedField, Subscription, SubscriptionStep
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.people.masking import AS_EXPORT, rule_as

_State, _Line = Subscription.State, SubscribedField.State
#: Fields of one subscription.
_MOST = 40
#: About whom a subscription may ask which fields.
ABOUT = {
    Subscription.Subject.PERSON: (Field.Subject.PERSON,),
    Subscription.Subject.HOUSEHOLD: (Field.Subject.HOUSEHOLD,),
    Subscription.Subject.DWELLING: (Field.Subject.DWELLING,),
    Subscription.Subject.ORGANISATION: (Field.Subject.ORGANISATION,),
}


@dataclass(frozen=True)
class Wanted:
    """What a subscription says of itself."""

    name: str
    area: str
    subject: str
    starts: date
    ends: date | None = None


def subscriptions_of(user: User, access: Access):
    """Those the reader has to do with: of their department, with a field it owns, or to be decided above the area."""
    mine = Q(pk__in=[])
    if user.department_id and (held := access.which("share.take")):
        mine |= held.q() & Q(department=user.department_id)
    if user.department_id and (held := access.which("share.decide")):
        mine |= held.q() & Q(lines__field__owner=user.department_id) & ~Q(state=_State.DRAFT)
    if held := access.which("form.approve"):
        mine |= held.q() & ~Q(state=_State.DRAFT)
    return Subscription.objects.filter(mine).distinct().select_related("department", "author")


def subscription_of(uuid, user: User, access: Access) -> Subscription:
    """One of them. Raises OutOfScope for every other: it may or may not exist."""
    found = subscriptions_of(user, access).filter(uuid=uuid).first()
    if found is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return found


def may_take(one: Subscription, user: User, access: Access) -> bool:
    """Whether the reader belongs to the department, and holds the area."""
    return user.department_id == one.department_id and access.may("share.take", one.area)


def may_decide(line: SubscribedField, one: Subscription, user: User, access: Access) -> bool:
    """The owner department of the field; where none owns it, who approves forms there. Never the asking side."""
    if user.department_id == one.department_id or user.pk == one.author_id:
        return False
    if line.field.owner_id is None:
        return access.may("form.approve", one.area)
    return user.department_id == line.field.owner_id and access.may("share.decide", one.area)


@transaction.atomic
def draft(wanted: Wanted, *, by: User, access: Access) -> Subscription:
    """A new one without fields. Raises Refused, or NotAllowed for who may take nothing there."""
    if by.department_id is None:
        raise NotAllowed(_("您的账号没有所属部门。"), fix=_("请管理员在账号里填写部门。"))
    if not access.may("share.take", wanted.area):
        raise NotAllowed(_("您不能为这个辖区订阅数据。"), fix=_("请选择您任职的辖区或其中的一部分。"))
    wrong = {} if wanted.name else {"name": _("请填写。")}
    if wanted.subject not in Subscription.Subject.values:
        wrong["subject"] = _("请从列表中选择。")
    if not Area.objects.filter(code=wanted.area).exists():
        wrong["area"] = _("请从列表中选择。")
    if wanted.ends and wanted.ends <= wanted.starts:
        wrong["ends"] = _("结束日期须晚于开始日期。")
    if wrong:
        raise Refused(_("订阅没有保存。"), fix=_("请改正标出的内容。"), fields=wrong)
    one = Subscription.objects.create(department=by.department, author=by, **wanted.__dict__)
    _note(one, by, _State.DRAFT)
    return one


def why_not(field: Field, department: int) -> str:
    """Why a department may not take a field at all, "" where it may, with or without being asked about."""
    told = {"field": field.shown, "basis": field.basis or "–"}
    if rule_as(AS_EXPORT, field.rule) == "none":
        return _("“%(field)s”按脱敏规则不能导出。") % told
    if field.sharing == Field.Sharing.NONE and field.owner_id != department:
        return _("“%(field)s”不予共享，依据：%(basis)s。") % told
    return ""


@transaction.atomic
def set_lines(one: Subscription, purposes: Mapping[str, str], *, by: User, access: Access) -> None:
    """The fields of a draft, by code, each with its purpose. Raises Refused, by code, for what may not be taken."""
    held = _held(one)
    if not may_take(held, by, access):
        raise NotAllowed(_("只有订阅的部门能改。"), fix=_("需要更改时请联系该部门。"))
    if held.state not in (_State.DRAFT, _State.REFUSED):
        raise Conflict(_("订阅已提交，不能再改。"), fix=_("请另起草一份。"), theirs={"state": held.state})
    fields = Field.objects.filter(code__in=purposes, retired=False, subject__in=ABOUT[held.subject])
    known = {field.code: field for field in fields.select_related("owner")}
    wrong = {code: _("请从列表中选择。") for code in purposes if code not in known}
    for code, field in known.items():
        if said := why_not(field, held.department_id) or (not purposes[code] and _("请写明用途。")):
            wrong[code] = said
    if wrong or len(purposes) > _MOST:
        raise Refused(_("字段没有保存。"), fix=_("请改正标出的内容。"), fields=wrong)
    SubscribedField.objects.filter(subscription=held).delete()
    SubscribedField.objects.bulk_create(
        SubscribedField(subscription=held, field=known[code], purpose=text, basis=known[code].basis, position=place)
        for place, (code, text) in enumerate(purposes.items())
    )


@transaction.atomic
def submit(one: Subscription, *, by: User, access: Access) -> Subscription:
    """Ask for it: what needs no decision is granted at once."""
    held = _held(one)
    if not may_take(held, by, access):
        raise NotAllowed(_("只有订阅的部门能提交。"), fix=_("需要时请联系该部门。"))
    if held.state not in (_State.DRAFT, _State.REFUSED):
        raise Conflict(_("订阅已不在这一步。"), fix=_("请刷新页面，看它现在的状态。"), theirs={"state": held.state})
    lines = list(held.lines.select_related("field"))
    if not lines:
        raise Refused(_("订阅里还没有字段。"), fix=_("请先选择字段。"), fields={"fields": _("请选择字段。")})
    for line in lines:
        if said := why_not(line.field, held.department_id):
            raise Refused(_("订阅没有提交。"), fix=said, fields={line.field.code: said})
        free = line.field.sharing == Field.Sharing.UNCONDITIONAL or line.field.owner_id == held.department_id
        line.state, line.reason = (_Line.GRANTED if free else _Line.ASKED), ""
        line.decided_at = timezone.now() if free else None
        line.decided_by = None
        line.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _into(held, _State.SUBMITTED, by)
    return _settle(held)


@transaction.atomic
def decide(one: Subscription, code: str, to: str, *, by: User, access: Access, reason: str = "") -> Subscription:
    """One field's answer by its owner: granted, refused, or later revoked. Raises NotAllowed, Conflict, Refused."""
    held = _held(one)
    line = held.lines.select_related("field").filter(field__code=code).first()
    if line is None or not may_decide(line, held, by, access):
        raise NotAllowed(_("这一项不由您来定。"), fix=_("字段由它的主管部门决定。"))
    if (line.state, to) not in _MOVES or held.state not in (_State.SUBMITTED, _State.APPROVED):
        raise Conflict(_("这一项已经定过了。"), fix=_("请刷新页面，看它现在的状态。"), theirs={"state": line.state})
    if to != _Line.GRANTED and not reason:
        raise Refused(_("请写明理由。"), fix=_("订阅的部门会看到它。"), fields={"reason": _("请写明理由。")})
    line.state, line.decided_by, line.decided_at, line.reason = to, by, timezone.now(), reason
    line.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _note(held, by, to, line.field, reason)
    return _settle(held)


_MOVES = {(_Line.ASKED, _Line.GRANTED), (_Line.ASKED, _Line.REFUSED), (_Line.GRANTED, _Line.REVOKED)}


@transaction.atomic
def end(one: Subscription, *, by: User, access: Access, reason: str = "") -> Subscription:
    """Nothing is taken by it any more."""
    held = _held(one)
    if not may_take(held, by, access):
        raise NotAllowed(_("只有订阅的部门能停用。"), fix=_("需要收回字段时，请在字段旁收回。"))
    if held.state == _State.ENDED:
        raise Conflict(_("订阅已不在这一步。"), fix=_("请刷新页面，看它现在的状态。"), theirs={"state": held.state})
    return _into(held, _State.ENDED, by, reason)


def granted(one: Subscription) -> list[Field]:
    """The fields that may be taken now, in order: granted, and still such as may be shared at all."""
    lines = one.lines.filter(state=_Line.GRANTED, field__retired=False).select_related("field__owner")
    return [line.field for line in lines if not why_not(line.field, one.department_id)]


def refuse_unless_in_force(one: Subscription, user: User, access: Access, day: date) -> None:
    """Raises NotAllowed for who may take nothing by it, Conflict while it is not in force."""
    if not may_take(one, user, access):
        raise NotAllowed(_("只有订阅的部门能取用。"), fix=_("需要这些数据时，请用本部门的订阅。"))
    if not one.is_in_force(day) or not granted(one):
        raise Conflict(_("订阅现在不生效。"), fix=_("请看它的状态和日期。"), theirs={"state": one.state})


def _held(one: Subscription) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=one.pk)


def _settle(one: Subscription) -> Subscription:
    """What becomes of the whole when nothing is left to decide."""
    states = set(one.lines.values_list("state", flat=True))
    if one.state == _State.SUBMITTED and _Line.ASKED not in states:
        return _into(one, _State.APPROVED if _Line.GRANTED in states else _State.REFUSED, None)
    return one


def _into(one: Subscription, state: str, by: User | None, reason: str = "") -> Subscription:
    one.state = state
    one.save(update_fields=["state"])
    _note(one, by, state, None, reason)
    return one


def _note(one: Subscription, by: User | None, what: str, field: Field | None = None, reason: str = "") -> None:
    SubscriptionStep.objects.create(subscription=one, by=by, what=what, field=field, reason=reason, at=timezone.now())
