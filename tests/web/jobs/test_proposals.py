"""Making proposals on the real queue: told how far they are, stopped, refused, begun again after a kill."""

from functools import partial

import pytest
from procrastinate.contrib.django import app

from gis.areas.plans.alternatives import Asked
from gis.areas.plans.wish import Wish
from gis.models import PlanProposal, Posting, User
from gis.planning.opening import open_plan
from gis.planning.proposals.ordering import cancel, order
from tests.aside import aside
from tests.cast import COMMUNITY
from web.jobs import working
from web.jobs.proposals import propose
from web.tasks import propose_cells


@pytest.fixture(autouse=True)
def _town(own_town):
    pass


def ordered() -> list[PlanProposal]:
    zhao = User.objects.get(username="zhao")
    plan = open_plan(COMMUNITY, "春季调整", user=zhao, access=zhao.access)
    return order(plan.uuid, Asked(Wish(target=40), {"dwellings": 1.0}), user=zhao, access=zhao.access)


def work() -> None:
    """Let a real worker do all that waits."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        aside(partial(working.run_worker, wait=False, install_signal_handlers=False, listen_notify=False))


def test_a_worker_makes_what_waits():
    found = ordered()
    for proposal in found:
        propose_cells.defer(proposal_id=proposal.pk)
    work()
    for proposal in found:
        proposal.refresh_from_db()
        assert (proposal.stage, proposal.percent) == ("done", 100)
        assert proposal.card["cells"] > 1
        assert proposal.sketch["cells"]


def test_one_that_was_cut_off_is_begun_again_and_comes_out_the_same():
    first = ordered()[0]
    propose(first.pk)
    first.refresh_from_db()
    change = bytes(first.change)
    PlanProposal.objects.filter(pk=first.pk).update(stage="working", percent=60)  # its worker was killed
    propose(first.pk)
    first.refresh_from_db()
    assert (first.stage, bytes(first.change)) == ("done", change)


def test_one_that_was_cancelled_is_not_made():
    first = ordered()[0]
    cancel(first.plan)
    propose(first.pk)
    first.refresh_from_db()
    assert (first.stage, first.card) == ("cancelled", None)


def test_one_that_is_cancelled_while_it_is_made_stops(monkeypatch):
    first = ordered()[0]
    monkeypatch.setattr(working, "_BREATH", -1.0)
    heard = []

    class Listening(working.Progress):
        def __call__(self, share: float) -> None:
            heard.append(share)
            cancel(first.plan)
            super().__call__(share)

    monkeypatch.setattr(working, "Progress", Listening)
    propose(first.pk)
    first.refresh_from_db()
    assert (first.stage, first.card) == ("cancelled", None)
    assert len(heard) == 1


def test_nothing_is_made_for_whoever_may_not_draw_there_any_more():
    first = ordered()[0]
    Posting.objects.filter(user__username="zhao").delete()
    propose(first.pk)
    first.refresh_from_db()
    assert first.stage == "failed"
    assert first.fix
