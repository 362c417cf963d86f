"""The table of the loop: what it says, and what follows from it for each of the cast."""

import pytest

from gis.accounts.roles import capabilities
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.step import Act
from gis.incidents.workflow import allowed, moves, waiting
from tests.cast import EVERYONE
from tests.gis.incidents.loop import a_case, brought_to, go

pytestmark = pytest.mark.django_db


def acts_of(cast, name: str, incident: Incident) -> set[str]:
    return {one.act for one in allowed(incident, cast[name], cast[name].access)} - {"comment", "answer"}


def test_every_row_names_what_exists():
    for move in moves().values():
        assert move.sources <= set(State.values)
        assert move.name == Act(move.act).label
        for capability, where in move.who:
            assert move.by_reporter or (capability in capabilities() and where in ("desk", "area", "task"))
        assert set(move.not_by) <= set(Act.values)


def test_every_state_can_be_reached_and_left():
    reached, changed = {"reported"}, True
    while changed:
        before = set(reached)
        reached |= {move.target for move in moves().values() if move.target and move.sources & reached}
        changed = reached != before
    assert reached == set(State.values)
    for state in State.values:
        assert any(state in move.sources and move.target for move in moves().values()), state


def test_whoever_has_disposed_is_kept_from_the_judging_moves():
    judging = {move.act for move in moves().values() if set(move.not_by) >= {"take", "dispose", "part_done"}}
    closing = {move.act for move in moves().values() if move.target == "closed"}
    assert judging >= closing | {"check", "checked", "rework"}


@pytest.mark.parametrize(
    ("state", "name", "acts"),
    [
        ("reported", "zhou", {"verify", "file", "reject", "duplicate", "escalate"}),
        ("reported", "li", {"verify", "file", "reject", "duplicate", "escalate"}),
        ("reported", "wang", set()),
        ("reported", "he", set()),
        ("filed", "zhou", {"reject", "duplicate", "dispatch", "escalate"}),
        ("dispatched", "he", {"assign", "take", "return"}),
        ("in_progress", "he", {"assign", "return", "ask_suspend", "dispose"}),
        ("in_progress", "zhou", {"duplicate", "redirect", "invite", "escalate"}),
        ("disposed", "he", set()),
        ("disposed", "zhou", {"check", "close", "rework", "escalate"}),
        ("checking", "wang", set()),
        ("closed", "zhou", {"reopen"}),
        ("closed", "he", set()),
    ],
)
def test_it_offers_what_the_table_says(cast, state, name, acts):
    incident = brought_to(cast, state)
    if state == "checking":
        go(cast, "wang", incident, "checked")
    assert acts_of(cast, name, incident) == acts


@pytest.mark.parametrize("name", ["chen", "zhao", "admin"])
@pytest.mark.parametrize("state", ["reported", "dispatched", "disposed", "closed"])
def test_others_are_offered_nothing(cast, name, state):
    incident = brought_to(cast, state)
    assert allowed(incident, cast[name], cast[name].access) == []


def test_a_case_that_went_up_is_off_the_community_desk(cast):
    incident = brought_to(cast, "filed")
    go(cast, "zhou", incident, "escalate")
    assert acts_of(cast, "zhou", incident) == set()
    assert "dispatch" in acts_of(cast, "li", incident)
    go(cast, "li", incident, "escalate")
    assert acts_of(cast, "li", incident) == set()
    assert acts_of(cast, "sun", incident) >= {"dispatch", "hand_down"}
    go(cast, "sun", incident, "hand_down")
    go(cast, "li", incident, "hand_down")
    assert "dispatch" in acts_of(cast, "zhou", incident)


def test_waiting_is_allowed_of_what_is_expected(cast):
    made = [brought_to(cast, state) for state in State.values if state not in ("suspended", "verifying", *ENDED)]
    verified = a_case()
    go(cast, "zhou", verified, "verify")
    suspending = brought_to(cast, "in_progress")
    go(cast, "he", suspending, "ask_suspend")
    for name in EVERYONE:
        user = cast[name]
        mine = set(Incident.objects.filter(waiting(user, user.access)).values_list("pk", flat=True))
        for incident in [*made, verified, suspending]:
            expected = [
                one.act
                for one in allowed(incident, user, user.access)
                if one.expected == "yes" or (one.expected == "unasked" and not incident.asked)
            ]
            assert (incident.pk in mine) == bool(expected), (name, incident.state, incident.asked, expected)
