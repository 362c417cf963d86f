"""What a plan aims at: the load of a cell, how far it may be off, and what counts as load. Changed as a step is."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.plans.drawing import Change
from gis.errors import Refused
from gis.planning.ground_of import LOADS
from gis.planning.keeping import drawing_of, keep
from gis.planning.plan import Plan
from gis.planning.stepping import locked, take

_TARGET, _TOLERANCE, _WEIGHT = (1, 1_000_000), (0.01, 0.5), (0, 1000)


def wish_for(uuid: UUID, wanted: dict, *, user: User, access: Access, seen: int | None) -> Plan:
    """Aim at something else. Raises what `stepping.step` raises, and Refused with the field that is wrong."""
    after = read_wish(wanted)
    with transaction.atomic():
        plan = locked(uuid, access, seen)
        before = plan.wish
        if after == before:
            raise Refused(_("没有什么需要改动。"), fix=_("请先修改目标、允许偏差或权重。"))
        plan.want(after)
        drawing = drawing_of(plan)
        take(plan, "wish", Change(), drawing, user, facts={"before": before, "after": after})
    keep(plan, drawing)
    return plan


def read_wish(wanted: dict) -> dict:
    """A target, a tolerance and weights as they come from a browser."""
    weights = wanted.get("weights")
    if not isinstance(weights, dict) or not set(weights) <= set(LOADS):
        raise Refused(_("读不懂权重。"), fix=_("请刷新页面再试。"), fields={"weights": _("读不懂权重。")})
    each = {name: _number(weights, name, _WEIGHT) for name in LOADS if weights.get(name)}
    if not each:
        message = _("权重不能都是 0。")
        raise Refused(message, fix=_("请至少给一项权重。"), fields={"weights": message})
    target, tolerance = _number(wanted, "target", _TARGET), _number(wanted, "tolerance", _TOLERANCE)
    return {"target": target, "tolerance": tolerance, "weights": each}


def _number(values: dict, name: str, ends: tuple[float, float]) -> float:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not ends[0] <= value <= ends[1]:
        message = _("请填 %(low)s 到 %(high)s 之间的数。") % {"low": ends[0], "high": ends[1]}
        raise Refused(message, fix=_("请改正标出的内容。"), fields={name: message})
    return float(value)
