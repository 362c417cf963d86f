"""What becomes of a plan: handed in, approved, sent back, taken back, withdrawn. The rules are the table `RULES`.

Whoever approves stands above the planner: their posting lies above the level the owner plans at, and they have had no
hand in the plan. An approval holds for the revision it was given for; a plan that is to be drawn on again is taken back
first. Every decision is appended as a `PlanNote`.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.unfinished import Unfinished, unfinished
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.planning.basis import basis_of
from gis.planning.concerned import tell_note
from gis.planning.keeping import drawing_of
from gis.planning.levels import is_above, level_of
from gis.planning.plan import Plan, PlanNote
from gis.planning.publishing.redrawing import PublicationOrder
from gis.written import read_words, refuse

State, Kind = Plan.State, PlanNote.Kind
PLANNER, APPROVER = "planner", "approver"
_LONGEST = 500


@dataclass(frozen=True)
class Rule:
    """A decision: from which states, to which, by whom. `dated`: it may set the day; `reason`: it has to say why."""

    act: str
    name: str
    before: frozenset[str]
    after: str
    who: str
    dated: bool = False
    reason: bool = False


def _rule(act: Kind, name, before: set[State], after: State, who: str, **more: bool) -> Rule:
    return Rule(act, name, frozenset(before), after, who, **more)


RULES: dict[str, Rule] = {
    rule.act: rule
    for rule in (
        _rule(
            Kind.SUBMIT, gettext_lazy("提交审批"), {State.DRAFT, State.REJECTED}, State.SUBMITTED, PLANNER, dated=True
        ),
        _rule(Kind.APPROVE, gettext_lazy("批准"), {State.SUBMITTED}, State.APPROVED, APPROVER, dated=True),
        _rule(Kind.REDATE, gettext_lazy("改生效日期"), {State.APPROVED}, State.APPROVED, APPROVER, dated=True),
        # An approval, too, can be thought better of until the day it comes into force.
        _rule(
            Kind.REJECT, gettext_lazy("退回"), {State.SUBMITTED, State.APPROVED}, State.REJECTED, APPROVER, reason=True
        ),
        _rule(
            Kind.TAKE_BACK,
            gettext_lazy("撤回，继续修改"),
            {State.SUBMITTED, State.APPROVED, State.WITHDRAWN},
            State.DRAFT,
            PLANNER,
        ),
        _rule(Kind.WITHDRAW, gettext_lazy("作废"), {State.DRAFT, State.REJECTED}, State.WITHDRAWN, PLANNER),
    )
}


@dataclass(frozen=True)
class Standing:
    """What somebody is to a plan. `level` is where it is planned: the area of the owner's posting as a planner."""

    plans: bool
    approves: bool  # by their posting
    involved: bool  # they own it, drew in it or handed it in
    level: str

    def may(self, rule: Rule) -> bool:
        return self.plans if rule.who == PLANNER else self.approves and not self.involved


def standing_of(plan: Plan, user: User, access: Access) -> Standing:
    level = level_of(plan)
    involved = user.pk == plan.owner_id or plan.steps.filter(user=user).exists()
    involved = involved or plan.notes.filter(user=user, kind=Kind.SUBMIT).exists()
    return Standing(access.may("plan.write", plan.area), is_above(access, level), involved, level)


def offered(plan: Plan, user: User, access: Access) -> list[Rule]:
    """The decisions somebody can make on a plan as it stands."""
    standing = standing_of(plan, user, access)
    return [rule for rule in RULES.values() if plan.state in rule.before and standing.may(rule)]


def awaiting(user: User, access: Access) -> list[Plan]:
    """The plans that wait for somebody's approval, the longest first."""
    mine = Plan.objects.inside(access.which("plan.approve")).filter(state=State.SUBMITTED)
    plans = mine.select_related("owner").order_by("changed_at")
    return [plan for plan in plans if standing_of(plan, user, access).may(RULES[Kind.APPROVE])]


def decide(
    uuid: UUID,
    act: str,
    *,
    user: User,
    access: Access,
    seen: int,
    text: str = "",
    starts: date | None = None,
    compared: bool = False,
) -> PlanNote:
    """Make a decision on the revision that was `seen`. `compared`: the planner has held it against what is in force.

    Raises OutOfScope for a plan that may not be read, NotAllowed for somebody whose decision it is not, Conflict with
    what stands now where another was quicker, Refused where something is missing.
    """
    if act not in RULES:
        raise Refused(_("没有这个操作。"), fix=_("请刷新页面再试。"))
    rule = RULES[act]
    with transaction.atomic():
        plan = _locked(uuid, access)
        _judge(rule, plan, standing_of(plan, user, access))
        _compare(rule, plan, seen)
        words = read_words(text, "text", _LONGEST, needed=rule.reason)
        was, day = plan.state, plan.starts
        if rule.dated:
            plan.starts = _day(rule, plan, starts)
        if act == Kind.REDATE and plan.starts == day:
            raise refuse("starts", _("生效日期没有变。"), _("请填写另一个日期。"))
        if act == Kind.SUBMIT:
            _require_finished(drawing_of(plan))
            _require_current(plan, compared)
        plan.state = rule.after
        if plan.state != State.APPROVED:
            PublicationOrder.objects.filter(plan=plan).delete()  # it was for what had been approved
        plan.save(update_fields=["state", "starts", "basis", "changed_at"])
        facts = {"was": was} | ({"starts": plan.starts.isoformat()} if rule.dated and plan.starts else {})
        note = PlanNote.objects.create(plan=plan, kind=act, revision=plan.revision, user=user, text=words, facts=facts)
        tell_note(note)
    return note


def approval_of(plan: Plan) -> PlanNote | None:
    """The approval that holds for a plan as it is, or its new day: of this very revision, and the last decision."""
    last = decisions(plan).last()
    holds = last and last.kind in (Kind.APPROVE, Kind.REDATE) and last.revision == plan.revision
    return last if holds and plan.state == State.APPROVED else None


def decisions(plan: Plan):
    return plan.notes.exclude(kind__in=PlanNote.TALK).select_related("user").order_by("pk")


def hindrance(one: Unfinished) -> str:
    """What keeps a plan from being handed in, in words."""
    words = {
        "nothing": _("方案里还没有网格。"),
        "unassigned": _("还有 %(count)d 个地块没有分给网格。"),
        "empty": _("有 %(count)d 个网格没有地块。"),
        "stray": _("有 %(count)d 处飞地：网格的一部分与主体不相连。"),
    }
    return words[one.kind] % {"count": one.count}


def _locked(uuid: UUID, access: Access) -> Plan:
    rows = Plan.objects.inside(access.which("plan.read")).select_related("owner").select_for_update(of=("self",))
    plan = rows.filter(uuid=uuid).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return plan


def _judge(rule: Rule, plan: Plan, standing: Standing) -> None:
    if standing.may(rule):
        return
    if rule.who == PLANNER:
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))
    if standing.approves:
        raise NotAllowed(_("您参与了这个方案的编制，不能审批。"), fix=_("请由上级的另一位负责人审批。"))
    raise NotAllowed(_("这个方案由编制人的上级审批。"), fix=_("您可以留言提出意见。"))


def _compare(rule: Rule, plan: Plan, seen: int) -> None:
    """Refuse what was decided on another state, or on another revision, than there is."""
    if plan.state not in rule.before:
        last = decisions(plan).last()
        said = {"state": plan.get_state_display(), "who": _who(last)}
        message = _("方案的状态已经是“%(state)s”。") % said
        if last:
            message = _("方案的状态已经是“%(state)s”，由%(who)s决定。") % said
        raise Conflict(message, fix=_("请刷新页面再看。"), theirs={"state": plan.state, "revision": plan.revision})
    if seen != plan.revision:
        raise Conflict(
            _("方案在您查看之后又有改动。"),
            fix=_("请看过第 %(revision)d 版再决定。") % {"revision": plan.revision},
            theirs={"state": plan.state, "revision": plan.revision},
        )


def _who(note: PlanNote | None) -> str:
    return (note.user.name or note.user.username) if note and note.user else ""


def _day(rule: Rule, plan: Plan, starts: date | None) -> date | None:
    day = starts or plan.starts
    if day is None and rule.after == State.APPROVED:
        raise refuse("starts", _("还没有生效日期。"), _("请填写今天或以后的日期。"))
    if day and day < timezone.localdate():
        raise refuse("starts", _("生效日期已经过去。"), _("请填写今天或以后的日期。"))
    return day


def _require_finished(drawing: Drawing) -> None:
    found = unfinished(drawing)
    if found:
        said = "".join(map(hindrance, found))
        raise Refused(_("方案还不能提交。") + said, fix=_("请在方案里改好后再提交。"))


def _require_current(plan: Plan, compared: bool) -> None:
    """A plan that was drawn against other ground is handed in once its planner has compared it with that of today."""
    basis = basis_of(plan)
    if plan.basis != basis and not compared:
        message = _("方案起草以后，这里的现行划分有了变化。")
        raise Refused(message, fix=_("请与现行划分对比，核对后勾选再提交。"), fields={"compared": message})
    plan.basis = basis
