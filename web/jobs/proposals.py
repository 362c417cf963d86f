"""Making proposals for plans. Run again after a kill one begins anew; one that has ended stays as it is."""

import time

from django.db import close_old_connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from gis.planning.plan import Plan
from gis.planning.proposals.making import make
from gis.planning.proposals.plan_proposal import AT_WORK, PlanProposal

Stage = PlanProposal.Stage
#: Seconds between two lines of progress: each is a row written.
_BREATH = 0.5


class Stopped(Exception):
    """The proposal was cancelled while it was made."""


def propose(key: int) -> None:
    """Make one proposal."""
    close_old_connections()
    if not PlanProposal.objects.filter(pk=key, stage__in=AT_WORK).update(stage=Stage.WORKING, percent=0):
        return
    proposal = PlanProposal.objects.select_related("owner", "plan").get(pk=key)
    with translation.override(proposal.language or None):
        try:
            if _may(proposal):
                _end(key, Stage.DONE, percent=100, **make(proposal, _Progress(key)))
        except Stopped:
            return
        except WanggeError as refused:
            _fail(key, refused.message, refused.fix)
        except Exception:
            _fail(key, _("计算时出错。"), _("请重新计算；若再次出错，请联系管理员。"))
            raise


def _may(proposal: PlanProposal) -> bool:
    """Whether whoever ordered it may still draw on the plan; if not, it is said."""
    plan = proposal.plan
    if not proposal.owner.access.may("plan.write", plan.area):
        _fail(proposal.pk, _("申请人的任职已不包括这个辖区。"), _("请由现在负责的人重新计算。"))
        return False
    if plan.state not in (Plan.State.DRAFT, Plan.State.REJECTED):
        _fail(proposal.pk, _("方案已不能修改。"), _("请撤回提交，或复制一份再修改。"))
        return False
    return True


class _Progress:
    def __init__(self, key: int) -> None:
        self.key, self.told = key, time.monotonic()

    def __call__(self, share: float) -> None:
        """Tell it, not too often. Raises Stopped when nobody waits for the proposal any more."""
        if time.monotonic() - self.told < _BREATH:
            return
        self.told = time.monotonic()
        mine = PlanProposal.objects.filter(pk=self.key, stage=Stage.WORKING)
        if not mine.update(percent=min(99, int(share * 100))):
            raise Stopped


def _fail(key: int, trouble: str, fix: str) -> None:
    _end(key, Stage.FAILED, trouble=trouble[:200], fix=fix[:200])


def _end(key: int, stage: str, **facts) -> None:
    """Not when it was cancelled meanwhile."""
    mine = PlanProposal.objects.filter(pk=key, stage=Stage.WORKING)
    mine.update(stage=stage, ended_at=timezone.now(), **facts)
