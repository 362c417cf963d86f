"""A plan handed in, approved, sent back; who decides what, and what keeps a decision from being made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.accounts.postings import Posting
from gis.areas.plans.packing import unpack_change
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Plan, PlanNote, User
from gis.planning.deciding import RULES, approval_of, awaiting, decide, offered
from gis.planning.keeping import drawing_of
from gis.planning.levels import level_of
from tests.cast import COMMUNITY, DISTRICT, EVERYONE, STREET
from tests.gis.planning.drafts import a_plan, beside, step

pytestmark = pytest.mark.django_db

State = Plan.State


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def decided(cast, plan: Plan, act: str, by: str = "zhao", *, seen: int | None = None, **more) -> Plan:
    user = cast[by]
    now = Plan.objects.get(pk=plan.pk).revision
    decide(plan.uuid, act, user=user, access=user.access, seen=now if seen is None else seen, **more)
    return Plan.objects.get(pk=plan.pk)


def submitted(cast, **more) -> Plan:
    return decided(cast, a_plan(cast), "submit", starts=tomorrow(), **more)


def person(name: str, role: str, area: str) -> User:
    user = User.objects.create_user(name)
    Posting.objects.create(user=user, role=role, area=area, starts=timezone.localdate())
    return user


SCENARIOS = [
    [("zhao", "submit", State.SUBMITTED), ("sun", "approve", State.APPROVED)],
    [("zhao", "submit", State.SUBMITTED), ("sun", "reject", State.REJECTED), ("zhao", "submit", State.SUBMITTED)],
    [("zhao", "submit", State.SUBMITTED), ("zhao", "take_back", State.DRAFT), ("zhao", "withdraw", State.WITHDRAWN)],
    [("zhao", "withdraw", State.WITHDRAWN), ("zhao", "take_back", State.DRAFT), ("zhao", "submit", State.SUBMITTED)],
    [("zhao", "submit", State.SUBMITTED), ("sun", "approve", State.APPROVED), ("sun", "reject", State.REJECTED)],
    [("zhao", "submit", State.SUBMITTED), ("sun", "approve", State.APPROVED), ("zhao", "take_back", State.DRAFT)],
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_plan_goes_its_way_and_every_decision_is_kept(cast, scenario):
    plan = a_plan(cast)
    for by, act, after in scenario:
        plan = decided(cast, plan, act, by, starts=tomorrow(), text="理由")
        assert plan.state == after
    assert [(one.user.username, one.kind) for one in plan.notes.all()] == [(by, act) for by, act, _ in scenario]


def test_the_day_of_an_approved_plan_is_changed_by_the_level_above(cast):
    plan = decided(cast, submitted(cast), "approve", "sun")
    later = tomorrow() + timedelta(days=3)
    with pytest.raises(Refused, match="生效日期没有变"):
        decided(cast, plan, "redate", "sun", starts=plan.starts)
    with pytest.raises(NotAllowed):
        decided(cast, plan, "redate", "zhao", starts=later)
    plan = decided(cast, plan, "redate", "sun", starts=later)
    assert (plan.state, plan.starts) == (State.APPROVED, later)
    assert approval_of(plan).facts == {"was": State.APPROVED, "starts": later.isoformat()}


@pytest.mark.parametrize("act", RULES)
@pytest.mark.parametrize("state", State.values)
def test_no_decision_is_made_from_another_state(cast, act, state):
    plan = a_plan(cast)
    Plan.objects.filter(pk=plan.pk).update(state=state, starts=tomorrow())
    rule = RULES[act]
    by = "sun" if rule.who == "approver" else "zhao"
    if state in rule.before:
        day = tomorrow() + timedelta(days=1)
        assert decided(cast, plan, act, by, text="理由", starts=day).state == rule.after
    else:
        with pytest.raises(Conflict, match=str(State(state).label)):
            decided(cast, plan, act, by, text="理由")
        assert not plan.notes.exists()


@pytest.mark.parametrize("by", EVERYONE)
def test_only_the_level_above_the_planner_approves(cast, by):
    plan = submitted(cast)
    if by == "sun":
        assert decided(cast, plan, "approve", by).state == State.APPROVED
        return
    with pytest.raises((NotAllowed, OutOfScope)):
        decided(cast, plan, "approve", by)
    with pytest.raises((NotAllowed, OutOfScope)):
        decided(cast, plan, "reject", by, text="不行")
    assert Plan.objects.get(pk=plan.pk).state == State.SUBMITTED


def test_a_community_planner_s_plan_is_approved_by_the_street(cast):
    small = person("qian", "planner", COMMUNITY)
    plan = submitted(cast)
    Plan.objects.filter(pk=plan.pk).update(owner=small)
    plan = Plan.objects.get(pk=plan.pk)
    assert level_of(plan) == COMMUNITY
    plan.notes.all().delete()
    assert [rule.act for rule in offered(plan, cast.li, cast.li.access)] == ["approve", "reject"]
    assert offered(plan, cast.zhou, cast.zhou.access) == []


def test_nobody_approves_what_they_had_a_hand_in(cast):
    both = person("qian", "planner", STREET)
    Posting.objects.create(user=both, role="district_supervisor", area=DISTRICT, starts=timezone.localdate())
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    step(_Cast(cast, qian=both), plan, "paint", name="qian", tiles=[tile], cell=other)
    step(cast, plan, "paint", tiles=[tile], cell=_began(plan))
    plan = decided(cast, plan, "submit", starts=tomorrow())
    with pytest.raises(NotAllowed, match="参与"):
        decided(_Cast(cast, qian=both), plan, "approve", "qian")
    assert awaiting(both, both.access) == []
    assert plan in awaiting(cast.sun, cast.sun.access)


@pytest.mark.parametrize("by", ["li", "zhou"])
def test_those_who_only_read_hand_nothing_in(cast, by):
    plan = a_plan(cast)
    for act in ("submit", "withdraw"):
        with pytest.raises(NotAllowed):
            decided(cast, plan, act, by)


def test_what_hinders_is_named(cast):
    plan = a_plan(cast)
    tile, _cell = beside(drawing_of(plan))
    step(cast, plan, "erase", tiles=[tile])
    step(cast, plan, "add")
    with pytest.raises(Refused) as refusal:
        decided(cast, plan, "submit", starts=tomorrow())
    assert "1 个地块没有分给网格" in refusal.value.message
    assert "1 个网格没有地块" in refusal.value.message
    assert not plan.notes.exists()


def test_a_plan_seen_before_it_changed_is_not_decided_on(cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    step(cast, plan, "paint", tiles=[tile], cell=other)
    with pytest.raises(Conflict) as refusal:
        decided(cast, plan, "submit", seen=0)
    assert refusal.value.theirs == {"state": "draft", "revision": 1}


def test_the_second_of_two_is_told_who_was_first(cast):
    plan = decided(cast, submitted(cast), "approve", "sun")
    with pytest.raises(Conflict, match=cast.sun.name):
        decided(cast, plan, "approve", "sun")


def test_sending_back_needs_a_reason(cast):
    plan = submitted(cast)
    with pytest.raises(Refused) as refusal:
        decided(cast, plan, "reject", "sun", text=" \n ")
    assert list(refusal.value.fields) == ["text"]


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_the_day_is_never_in_the_past(cast, act):
    plan = a_plan(cast) if act == "submit" else submitted(cast)
    with pytest.raises(Refused) as refusal:
        decided(cast, plan, act, "zhao" if act == "submit" else "sun", starts=timezone.localdate() - timedelta(days=1))
    assert list(refusal.value.fields) == ["starts"]
    plan = decided(cast, plan, act, "zhao" if act == "submit" else "sun", starts=timezone.localdate())
    assert plan.starts == timezone.localdate()


def test_an_approval_needs_a_day_that_has_not_passed_meanwhile(cast):
    plan = decided(cast, a_plan(cast), "submit")
    with pytest.raises(Refused, match="生效日期"):
        decided(cast, plan, "approve", "sun")
    Plan.objects.filter(pk=plan.pk).update(starts=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="已经过去"):
        decided(cast, plan, "approve", "sun")
    assert decided(cast, plan, "approve", "sun", starts=tomorrow()).starts == tomorrow()


def test_a_submitted_or_approved_plan_is_not_drawn_on(cast):
    plan = submitted(cast)
    for _ in range(2):
        with pytest.raises(NotAllowed):
            step(cast, plan, "lock", cells=[], locked=True)
        plan = decided(cast, plan, "approve", "sun") if plan.state == State.SUBMITTED else plan
    step(cast, decided(cast, plan, "take_back"), "lock", cells=[], locked=True)


def test_an_approval_holds_for_one_revision(cast):
    plan = decided(cast, submitted(cast), "approve", "sun")
    assert approval_of(plan).user == cast.sun
    Plan.objects.filter(pk=plan.pk).update(revision=plan.revision + 1)
    assert approval_of(Plan.objects.get(pk=plan.pk)) is None
    plan = decided(cast, plan, "take_back")
    assert approval_of(plan) is None
    assert approval_of(decided(cast, plan, "submit")) is None


def test_the_inbox_holds_what_one_can_approve(cast):
    plan = submitted(cast)
    assert plan in awaiting(cast.sun, cast.sun.access)
    for by in ("li", "zhao", "chen", "wang", "zhou", "he", "admin"):
        assert awaiting(cast[by], cast[by].access) == []
    plan = decided(cast, plan, "approve", "sun")
    assert plan not in awaiting(cast.sun, cast.sun.access)


def test_a_note_holds_the_revision_and_the_day(cast):
    plan = submitted(cast, text="请审批")
    note = PlanNote.objects.get(plan=plan)
    assert (note.revision, note.text) == (0, "请审批")
    assert note.facts == {"was": "draft", "starts": tomorrow().isoformat()}


class _Cast:
    """The cast with somebody more."""

    def __init__(self, cast, **more):
        self.cast, self.more = cast, more

    def __getitem__(self, name):
        return self.more.get(name) or self.cast[name]


def _began(plan: Plan) -> int:
    """The cell the first painted tile was in when the plan was opened."""
    first = plan.steps.get(revision=1)
    return int(unpack_change(bytes(first.change)).before[0])
