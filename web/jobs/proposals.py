"""Making proposals for plans."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gis.errors import NotAllowed, Refused
from gis.planning.plan import Plan
from gis.planning.proposals.making import make
from gis.planning.proposals.plan_proposal import PlanProposal
from web.jobs.working import Progress, carry_out


def propose(key: int) -> None:
    """Make one proposal."""
    carry_out(PlanProposal, key, _made, gettext_noop("计算时出错。"))


def _made(proposal: PlanProposal, tell: Progress) -> dict:
    """Raises NotAllowed, Refused where whoever ordered it may no longer draw on the plan."""
    plan = proposal.plan
    if not proposal.owner.access.may("plan.write", plan.area):
        raise NotAllowed(_("申请人的任职已不包括这个辖区。"), fix=_("请由现在负责的人重新计算。"))
    if plan.state not in (Plan.State.DRAFT, Plan.State.REJECTED):
        raise Refused(_("方案已不能修改。"), fix=_("请撤回提交，或复制一份再修改。"))
    return make(proposal, tell)
