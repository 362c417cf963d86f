"""Taking a proposal over into its plan: one step, which can be undone."""

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.editing import Edit
from gis.areas.plans.packing import unpack_change
from gis.areas.plans.rebasing import Basis, rebased
from gis.errors import OutOfScope, Refused
from gis.planning.plan import Plan
from gis.planning.proposals.plan_proposal import PlanProposal
from gis.planning.stepping import make


def take_over(plan_uuid: UUID, proposal_uuid: UUID, *, user: User, access: Access) -> Plan:
    """Raises as a step does; Refused where what the proposal divided has changed since."""
    wanted = PlanProposal.objects.filter(plan__uuid=plan_uuid, uuid=proposal_uuid)
    proposal = wanted.filter(plan__area__in=_areas(wanted, access)).first()
    if proposal is None or not proposal.is_done:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))

    def operation(drawing: Drawing, plan: Plan) -> Edit:
        return taken(proposal, drawing, plan)

    plan = make(plan_uuid, "automatic", operation, user, access, None)
    PlanProposal.objects.filter(pk=proposal.pk).update(stage=PlanProposal.Stage.TAKEN)
    return plan


def _areas(wanted, access: Access) -> list[str]:
    scope = access.which("plan.read")
    return [area for area in wanted.values_list("plan__area", flat=True) if scope.covers(area)]


def taken(proposal: PlanProposal, drawing: Drawing, plan: Plan) -> Edit:
    """The step on the drawing of today. Raises Refused where the proposal no longer fits."""
    basis = Basis.unpack(bytes(proposal.basis))
    change = rebased(drawing, unpack_change(bytes(proposal.change)), basis, plan.next_cell)
    if change is None:
        raise Refused(
            _("这个备选方案划分的地方后来有了改动（它依据第 %(number)s 步）。") % {"number": proposal.revision},
            fix=_("请按现在的方案重新计算。"),
        )
    return Edit(change, {"tiles": len(change.tiles), "cells": proposal.card["cells"], "variant": proposal.variant})


class Fit(StrEnum):
    """How a proposal stands to the plan of today."""

    TAKES = "takes"  # could be taken over
    SAME = "same"  # the plan is so already
    OUTDATED = "outdated"  # what it divided has changed since


def fit_of(proposal: PlanProposal, drawing: Drawing, plan: Plan) -> Fit:
    try:
        return Fit.TAKES if taken(proposal, drawing, plan).change else Fit.SAME
    except Refused:
        return Fit.OUTDATED
