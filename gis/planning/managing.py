"""A plan as a whole: copied, renamed, deleted."""

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import NotAllowed
from gis.planning.keeping import drawing_of, forget
from gis.planning.opening import copy_plan
from gis.planning.plan import Plan
from gis.planning.stepping import require_open
from gis.written import read_line

LONGEST_NAME = 60


def copy(plan: Plan, name: str, *, user: User, access: Access) -> Plan:
    """Somebody's own plan that starts where another one is, whatever state that is in."""
    _require_planner(plan, access)
    return copy_plan(plan, _name(name), user=user, drawing=drawing_of(plan))


def rename(plan: Plan, name: str, *, access: Access) -> None:
    """Give a plan that can still be drawn on another name. What was handed in is decided on as it is called."""
    _require_planner(plan, access)
    called = _name(name)
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        require_open(plan)
        plan.name = called
        plan.save(update_fields=["name", "changed_at"])


def may_delete(plan: Plan, user: User, access: Access) -> bool:
    """A draft nobody else was shown leaves no gap in any record; everything else is withdrawn instead."""
    mine = plan.owner_id == user.pk and access.may("plan.write", plan.area)
    return mine and plan.state == Plan.State.DRAFT and not plan.notes.exists()


def delete(plan: Plan, *, user: User, access: Access) -> None:
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if not may_delete(plan, user, access):
            raise NotAllowed(_("只能删除自己的、从未提交也没有留言的草稿。"), fix=_("不再需要的方案可以作废。"))
        plan.delete()
    forget(plan)


def _require_planner(plan: Plan, access: Access) -> None:
    if not access.may("plan.write", plan.area):
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))


def _name(text: str) -> str:
    return read_line(text, "name", LONGEST_NAME, needed=True)
