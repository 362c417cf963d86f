"""Changing the rules of a desk: in a draft that decides nothing, until it is published as a whole."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.incidents.routing.judging import judge_rule
from gis.incidents.routing.rule import RoutingRule, RoutingTable, copy_rules
from gis.written import refuse

#: Rules of one table: more than a person can keep in mind are a sign of a wrong order.
MOST_RULES = 100


def judge_owner(owner: str, access: Access) -> None:
    """Raises NotAllowed for a desk whose rules are not somebody's to change, OutOfScope for ground not theirs."""
    if not access.may("area.read", owner):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if not access.may("case.rules", owner):
        raise NotAllowed(_("您的角色不能修改派遣规则。"), fix=_("需要时请联系街道或区级主管。"))


def in_force_now(owner: str) -> RoutingTable | None:
    return RoutingTable.objects.in_force(owner, timezone.now()).first()


def draft_of(owner: str) -> RoutingTable | None:
    return RoutingTable.objects.filter(owner=owner, begins=None).select_related("made_by").first()


@contextmanager
def changing(owner: str, user: User, seen: int | None):
    """The draft of a desk, locked, to be changed; begun from what is in force where there is none.

    `seen`: its revision when its editor last looked, 0 where there was none, None for a program. Raises Conflict where
    somebody else has begun or changed it since.
    """
    with transaction.atomic():
        draft = RoutingTable.objects.select_for_update().filter(owner=owner, begins=None).first()
        if draft is None:
            draft = _begun(owner, user)
        _judge_seen(draft, seen)
        yield draft
        draft.revision += 1
        draft.save(update_fields=["revision"])


def _judge_seen(draft: RoutingTable, seen: int | None) -> None:
    if seen not in (None, draft.revision):
        raise Conflict(_("别人刚才改了这份草稿。"), fix=_("请看看现在的规则，再改一次。"))


def _begun(owner: str, user: User) -> RoutingTable:
    draft, made = RoutingTable.objects.get_or_create(owner=owner, begins=None, defaults={"made_by": user})
    source = in_force_now(owner)
    if made and source:
        copy_rules(source, draft)
    return draft


def keep_rule(draft: RoutingTable, rule: RoutingRule) -> RoutingRule:
    """Store a rule of a draft; a new one goes to the end. Raises Refused, by field, for one that cannot be."""
    judge_rule(rule, draft.owner)
    if rule.pk is None:
        if draft.rules.count() >= MOST_RULES:
            raise Refused(_("一张表最多 %(most)d 条规则。") % {"most": MOST_RULES}, fix=_("请合并或删除不用的规则。"))
        rule.position = (draft.rules.aggregate(last=Max("position"))["last"] or 0) + 1
    rule.table = draft
    rule.save()
    return rule


def put_in_order(draft: RoutingTable, keys: Sequence[str]) -> None:
    """Give the rules of a draft the order of their keys. Raises Conflict where those are not exactly its rules."""
    rules = {str(rule.key): rule for rule in draft.rules.all()}
    if sorted(rules) != sorted(keys):
        raise Conflict(_("别人刚才改了这份草稿。"), fix=_("请看看现在的规则，再改一次。"))
    for position, key in enumerate(keys, 1):
        rules[key].position = position
    RoutingRule.objects.bulk_update(rules.values(), ["position"])


def drop_rule(draft: RoutingTable, key: str) -> None:
    draft.rules.filter(key=key).delete()


@transaction.atomic
def discard(owner: str, seen: int | None = None) -> None:
    """Throw a draft away; what is in force stays. Raises Conflict where it is another one than was seen."""
    draft = RoutingTable.objects.select_for_update().filter(owner=owner, begins=None).first()
    if draft:
        _judge_seen(draft, seen)
        draft.delete()


def restore(table: RoutingTable, user: User, seen: int | None = None) -> RoutingTable:
    """A draft with the rules of an earlier version, in place of the draft that was seen."""
    with transaction.atomic():
        discard(table.owner, seen)
        draft = RoutingTable.objects.create(owner=table.owner, made_by=user, revision=1)
        copy_rules(table, draft)
    return draft


def publish(owner: str, user: User, *, seen: int, note: str = "", begins: datetime | None = None) -> RoutingTable:
    """Let a draft hold from a moment on, from now where none is said.

    Raises Refused where there is none or for a moment that has passed, Conflict where it is no longer as seen.
    """
    now = timezone.now()
    if begins and begins <= now:
        raise refuse("begins", _("生效时间已经过去。"), _("请选择以后的日期，或不填，立即生效。"))
    with transaction.atomic():
        draft = RoutingTable.objects.select_for_update().filter(owner=owner, begins=None).first()
        if draft is None:
            raise Refused(_("没有草稿可以发布。"), fix=_("请先修改规则。"))
        if draft.revision != seen:
            raise Conflict(_("别人刚才改了这份草稿。"), fix=_("请看看现在的规则，再发布。"))
        last = RoutingTable.objects.filter(owner=owner).aggregate(last=Max("number"))["last"] or 0
        draft.number, draft.begins, draft.published_by, draft.published_at = last + 1, begins or now, user, now
        draft.note = note[:200]
        draft.save()
    return draft


def withdraw(table: RoutingTable) -> None:
    """Take back a published table that has not begun yet. Raises Refused for one that has decided something."""
    if table.begins is None or table.begins <= timezone.now():
        raise Refused(_("这一版已经生效，不能撤回。"), fix=_("请恢复上一版再发布。"))
    table.delete()
