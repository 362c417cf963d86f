"""Ordering proposals, several at once that differ in one thing each, and stopping them."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.plans.alternatives import Asked, divided
from gis.areas.plans.drawing import Drawing
from gis.errors import Refused
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.proposals.plan_proposal import AT_WORK, PlanProposal, written
from gis.planning.stepping import locked

#: Proposals kept for a plan: the oldest go.
_KEPT = 12
#: How much a cell's shape counts where evenness comes first, and where roundness does, as a share of what is usual.
_EVENER, _ROUNDER = 0.4, 2.2
Variant, Stage = PlanProposal.Variant, PlanProposal.Stage


@transaction.atomic
def order(plan_uuid: uuid.UUID, asked: Asked, *, user: User, access: Access) -> list[PlanProposal]:
    """New proposals that wait to be made.

    Raises OutOfScope and NotAllowed as a step does, Refused while others of the plan are being made, where all is
    locked, and where there is nothing to share out.
    """
    plan = locked(plan_uuid, access, None)
    if plan.kind != Plan.Kind.CELLS:
        raise Refused(_("社区边界方案不自动划分网格。"), fix=_("请在网格方案里使用。"))
    if plan.proposals.filter(stage__in=AT_WORK).exists():
        raise Refused(_("上一批备选方案还没有算完。"), fix=_("请等它们完成，或先取消。"))
    drawing = drawing_of(plan)
    require_divisible(drawing, asked)
    batch = uuid.uuid4()
    made = [
        PlanProposal.objects.create(
            plan=plan, owner=user, order=batch, variant=name, asked=written(one), language=get_language() or "",
            revision=plan.revision,
        )
        for name, one in variants(drawing, asked)
    ]  # fmt: skip
    kept = plan.proposals.order_by("-ordered_at", "-pk").values_list("pk", flat=True)[:_KEPT]
    plan.proposals.exclude(pk__in=list(kept)).delete()
    return made


def require_divisible(drawing: Drawing, asked: Asked) -> None:
    """Raises Refused where nothing is left to divide, where it holds nothing, and for a target smaller than tiles."""
    chosen = divided(drawing, asked)
    if not chosen.any():
        raise Refused(_("没有可以划分的地方：都已锁定，或没有选中网格。"), fix=_("请先解锁，或另选范围。"))
    load = drawing.load(asked.weights)[chosen]
    if load.sum() == 0:
        raise Refused(_("选中的范围里没有计入工作量的对象。"), fix=_("请调整工作量的权重。"))
    if load.sum() / asked.wish.target > len(load):
        raise Refused(
            _("目标太小：网格会比地块还多。"), fix=_("请把目标调大，或检查权重。"), fields={"target": _("太小")}
        )


def variants(drawing: Drawing, asked: Asked) -> list[tuple[str, Asked]]:
    """Four ways to look at the same wish."""
    wish = asked.wish

    def with_(**facts) -> Asked:
        return replace(asked, wish=replace(wish, **facts))

    found = [
        (Variant.BALANCED, asked),
        (Variant.EVEN, with_(roundness=wish.roundness * _EVENER)),
        (Variant.ROUND, with_(roundness=wish.roundness * _ROUNDER)),
    ]
    if asked.compounds and (drawing.compound[divided(drawing, asked)] != 0).any():
        return [*found, (Variant.APART, replace(asked, compounds=False))]
    return [*found, (Variant.OTHER, with_(seed=wish.seed + 1))]


def cancel(plan: Plan) -> int:
    """Stop what is not finished. Returns how many."""
    waiting = plan.proposals.filter(stage__in=AT_WORK)
    return waiting.update(stage=Stage.CANCELLED, ended_at=timezone.now())
