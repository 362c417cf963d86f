"""Cases that nobody has wait where they can be seen, and go when a rule is made for them."""

import pytest

from gis.errors import NotAllowed
from gis.incidents.routing.queue import returned, send_by_rules, unmatched
from gis.models import Incident
from tests.gis.incidents.loop import a_case, brought_to, civil, go
from tests.gis.incidents.routing.tables import in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast) -> Incident:
    Incident.objects.filter(state="filed").update(state="closed")
    incident = a_case()
    go(cast, "zhou", incident, "file")
    return incident


def scope(cast):
    return cast.li.access.which("incident.read")


def test_a_case_without_a_rule_waits_in_the_queue(cast, waiting):
    assert list(unmatched(scope(cast))) == [waiting]
    assert not unmatched(cast.chen.access.which("incident.read"))


def test_a_returned_case_waits_for_a_person_beside_it(cast, waiting):
    incident = brought_to(cast, "dispatched")
    go(cast, "he", incident, "return")
    assert list(returned(scope(cast))) == [incident]
    assert list(unmatched(scope(cast))) == [waiting]


def test_a_rule_made_later_sends_what_waits(cast, waiting):
    in_force(cast.li, {"departments": [civil().pk]})
    assert send_by_rules([waiting.number, "没有这个号"], cast.zhou.access) == ([waiting.number], ["没有这个号"])
    waiting.refresh_from_db()
    assert (waiting.state, waiting.department) == ("dispatched", civil())
    assert not unmatched(scope(cast))


def test_a_case_on_a_higher_desk_is_not_sent_from_below(cast, waiting):
    in_force(cast.li, {"departments": [civil().pk]})
    Incident.objects.filter(pk=waiting.pk).update(level=9)
    assert send_by_rules([waiting.number], cast.zhou.access)[0] == []
    assert send_by_rules([waiting.number], cast.li.access)[0] == [waiting.number]


def test_a_rule_that_leaves_it_to_a_person_sends_nothing(cast, waiting):
    in_force(cast.li, {"by_hand": True})
    steps = waiting.steps.count()
    assert send_by_rules([waiting.number], cast.li.access)[0] == []
    assert waiting.steps.count() == steps


def test_who_dispatches_nothing_sends_nothing(cast, waiting):
    with pytest.raises(NotAllowed):
        send_by_rules([waiting.number], cast.wang.access)
