"""Ordering proposals for a plan, making them, and taking one over as a step."""

import pytest

from gis.areas.plans.alternatives import Asked
from gis.areas.plans.drawing import NO_CELL, Change, apply
from gis.areas.plans.packing import pack_change, unpack_change
from gis.areas.plans.weak_points import card_of
from gis.areas.plans.wish import Wish
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.models import PlanProposal
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.proposals import making
from gis.planning.proposals.ordering import cancel, order
from gis.planning.proposals.plan_proposal import read, written
from gis.planning.proposals.taking import Fit, fit_of, take_over
from gis.planning.stepping import undo
from tests.gis.planning.drafts import a_plan, beside, step

pytestmark = pytest.mark.django_db
ASKED = Asked(Wish(target=40, seed=3), {"households": 1.0, "incidents": 0.5}, compounds=False)


def ordered(cast, plan: Plan, asked: Asked = ASKED, name: str = "zhao") -> list[PlanProposal]:
    return order(plan.uuid, asked, user=cast[name], access=cast[name].access)


def made(cast, plan: Plan, asked: Asked = ASKED) -> PlanProposal:
    """The first of an order, done; the rest cancelled."""
    first = ordered(cast, plan, asked)[0]
    facts = making.make(first, lambda share: None)
    PlanProposal.objects.filter(pk=first.pk).update(stage="done", **facts)
    cancel(plan)
    first.refresh_from_db()
    return first


def take(cast, plan: Plan, proposal: PlanProposal, name: str = "zhao") -> Plan:
    return take_over(plan.uuid, proposal.uuid, user=cast[name], access=cast[name].access)


def test_what_was_asked_for_is_written_and_read_back(cast):
    asked = Asked(Wish(50, 0.2, 9, strict=True), {"people": 1.5}, (2, 3), "110101001001", False)
    assert read(written(asked)) == asked


def test_an_order_is_four_proposals_that_differ_in_one_thing(cast):
    plan = a_plan(cast)
    found = ordered(cast, plan)
    assert [one.variant for one in found] == ["balanced", "even", "round", "other"]
    assert len({one.order for one in found}) == 1
    assert len({str(one.asked) for one in found}) == 4


def test_no_second_order_while_one_is_being_made(cast):
    plan = a_plan(cast)
    ordered(cast, plan)
    with pytest.raises(Refused, match="还没有算完"):
        ordered(cast, plan)
    assert cancel(plan) == 4
    assert len(ordered(cast, plan)) == 4


def test_only_the_latest_are_kept(cast):
    plan = a_plan(cast)
    for _ in range(4):
        last = ordered(cast, plan)
        cancel(plan)
    assert plan.proposals.count() == 12
    assert plan.proposals.filter(order=last[0].order).count() == 4


def test_who_may_not_draw_may_not_order(cast):
    plan = a_plan(cast)
    with pytest.raises(NotAllowed):
        ordered(cast, plan, name="li")
    with pytest.raises(OutOfScope):
        ordered(cast, plan, name="wang")


def test_nothing_to_divide_or_to_count_is_refused(cast):
    plan = a_plan(cast)
    with pytest.raises(Refused, match="没有计入工作量"):
        ordered(cast, plan, Asked(Wish(), {}))
    with pytest.raises(Refused, match="目标太小"):
        ordered(cast, plan, Asked(Wish(target=0.001)))
    step(cast, plan, "lock", cells=[], locked=True)
    with pytest.raises(Refused, match="锁定"):
        ordered(cast, plan)


def test_one_taken_over_is_a_step_that_can_be_undone(cast):
    plan = a_plan(cast)
    before = drawing_of(plan)
    proposal = made(cast, plan)
    assert proposal.card == pytest.approx(proposal.card | _figures(plan, proposal))
    taken = take(cast, plan, proposal)
    after = drawing_of(taken)
    assert taken.revision == 1
    assert len(set(after.cell.tolist()) - {NO_CELL}) == proposal.card["cells"]  # ground of no community has none
    assert set(after.cells) != set(before.cells)
    proposal.refresh_from_db()
    assert proposal.stage == "taken"
    back = drawing_of(undo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=1))
    assert back.cell.tolist() == before.cell.tolist()
    assert back.cells == before.cells


def _figures(plan: Plan, proposal: PlanProposal) -> dict:
    after = apply(drawing_of(plan), unpack_change(bytes(proposal.change)))
    card = card_of(after, ASKED.weights, ASKED.wish)
    return {"cells": card.cells, "worst": card.worst, "compact_mean": card.compact_mean}


def test_one_that_is_as_the_plan_is_now_is_not_called_outdated(cast):
    plan = a_plan(cast)
    proposal = made(cast, plan)
    proposal.change = pack_change(Change())
    assert fit_of(proposal, drawing_of(plan), plan) == Fit.SAME


def test_one_that_no_longer_fits_is_refused_and_says_so(cast):
    plan = a_plan(cast)
    proposal = made(cast, plan)
    assert fit_of(proposal, drawing_of(plan), plan) == Fit.TAKES
    tile, other = beside(drawing_of(plan))
    plan = step(cast, plan, "paint", tiles=[tile], cell=other)
    assert fit_of(proposal, drawing_of(plan), plan) == Fit.OUTDATED
    with pytest.raises(Refused, match="有了改动"):
        take(cast, plan, proposal)


def test_a_name_given_meanwhile_does_not_end_it(cast):
    plan = a_plan(cast)
    proposal = made(cast, plan)
    number = next(iter(drawing_of(plan).cells))
    plan = stepping.step(
        plan.uuid, "rename", {"cell": number, "name": "新名字"}, user=cast.zhao, access=cast.zhao.access, seen=0
    )
    assert take(cast, plan, proposal).revision == 2


def test_nobody_takes_over_what_lies_outside_their_area_or_role(cast):
    plan = a_plan(cast)
    proposal = made(cast, plan)
    for name in ("wang", "chen"):
        with pytest.raises(OutOfScope):
            take(cast, plan, proposal, name)
    with pytest.raises(NotAllowed):
        take(cast, plan, proposal, "li")


def test_a_proposal_of_another_plan_is_not_found(cast):
    plan, other = a_plan(cast), a_plan(cast)
    proposal = made(cast, plan)
    with pytest.raises(OutOfScope):
        take(cast, other, proposal)
