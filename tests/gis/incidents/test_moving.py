"""Moves: what each leaves behind, what is refused, and that nothing is half done."""

import random
from datetime import timedelta

import pytest
from django.db.utils import ProgrammingError
from django.utils import timezone

from gis.accounts.scope import Access, applied
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused, WanggeError
from gis.incidents.decisions import Wish, people_for
from gis.incidents.duplicates.family import inside_of
from gis.incidents.incident import ENDED
from gis.incidents.moving import move, move_for_reporter
from gis.incidents.taking_back import can_undo, undo
from gis.incidents.workflow import allowed, moves
from gis.models import Assignment, Attachment, Department, Incident, Posting, User
from tests.cast import COMMUNITY, EVERYONE
from tests.gis.incidents.loop import WAY, a_case, brought_to, civil, go
from tests.gis.incidents.photos import a_jpeg

pytestmark = pytest.mark.django_db


def test_the_usual_way_leads_to_the_end(cast):
    incident = brought_to(cast, "closed")
    assert [step.act for step in incident.steps.all()] == [act for _name, act in WAY]
    assert [step.revision for step in incident.steps.all()] == list(range(1, len(WAY) + 1))
    assert incident.closed_at
    assert incident.department == civil()


def test_a_photo_comes_with_the_step(cast):
    incident = brought_to(cast, "in_progress")
    step = move(incident.number, Wish("dispose", note="已清运"), user=cast.he, access=cast.he.access, photos=[a_jpeg()])
    with applied(cast.he.access.which("incident.read")):
        assert Attachment.objects.filter(step=step).count() == 1


def test_whoever_disposed_does_not_close(cast):
    """Zhou may both dispose and close, but not the same case."""
    incident = brought_to(cast, "filed")
    go(cast, "zhou", incident, "dispatch", team=COMMUNITY)
    go(cast, "zhou", incident, "take")
    go(cast, "zhou", incident, "dispose")
    for act in ("close", "check", "rework"):
        with pytest.raises(NotAllowed, match="处置过"):
            go(cast, "zhou", incident, act)
    go(cast, "li", incident, "close")
    assert incident.state == "closed"


def test_two_clerks_cannot_overwrite_each_other(cast):
    incident = a_case()
    seen = incident.revision
    go(cast, "li", incident, "file", note="李先立案")
    with pytest.raises(Conflict) as refusal:
        move(incident.number, Wish("reject", note="不归我们管"), user=cast.zhou, access=cast.zhou.access, seen=seen)
    assert [(one["act"], one["note"]) for one in refusal.value.theirs["steps"]] == [("立案", "李先立案")]
    assert Incident.objects.get(pk=incident.pk).state == "filed"


@pytest.mark.parametrize(
    ("state", "name", "wish", "field"),
    [
        ("reported", "zhou", Wish("reject", note="  \n"), "note"),
        ("reported", "zhou", Wish("duplicate", target="没有这个号"), "target"),
        ("filed", "zhou", Wish("dispatch"), "departments"),
        ("filed", "zhou", Wish("dispatch", departments=(987654,)), "departments"),
        ("filed", "zhou", Wish("dispatch", team="110113002001"), "team"),
        ("dispatched", "he", Wish("assign"), "handler"),
        ("in_progress", "he", Wish("ask_suspend", note="等材料", until=timezone.localdate()), "until"),
    ],
)
def test_what_lacks_something_is_refused_by_field(cast, state, name, wish, field):
    incident = brought_to(cast, state)
    steps = incident.steps.count()
    with pytest.raises(Refused) as refusal:
        move(incident.number, wish, user=cast[name], access=cast[name].access)
    assert list(refusal.value.fields) == [field]
    assert incident.steps.count() == steps


def test_a_case_of_another_street_does_not_exist(cast):
    incident = a_case()
    with pytest.raises(OutOfScope):
        move(incident.number, Wish("file"), user=cast.chen, access=cast.chen.access)


def test_several_departments_have_one_that_leads(cast):
    urban = Department.objects.get(code="urban")
    incident = brought_to(cast, "filed")
    go(cast, "zhou", incident, "dispatch", departments=(urban.pk, civil().pk))
    assert incident.department == urban
    with pytest.raises(NotAllowed, match="牵头"):
        go(cast, "he", incident, "return")
    cast.he.department = urban
    cast.he.save()
    go(cast, "he", incident, "take")
    with pytest.raises(Refused, match="民政局"):
        go(cast, "he", incident, "dispose")
    cast.he.department = civil()
    cast.he.save()
    go(cast, "he", incident, "part_done", note="已走访")
    cast.he.department = urban
    go(cast, "he", incident, "dispose")
    assert incident.state == "disposed"


def test_a_case_is_handed_to_a_colleague_in_one_move(cast):
    incident = brought_to(cast, "filed")
    go(cast, "zhou", incident, "dispatch", team=COMMUNITY)
    go(cast, "zhou", incident, "assign", handler=cast.wang.pk)
    held = Assignment.objects.get(incident=incident, ended=None)
    assert (held.handler, held.team, held.lead) == (cast.wang, COMMUNITY, True)
    go(cast, "wang", incident, "take")


def test_nobody_is_asked_by_name_who_may_not_read_the_case(cast):
    """They would never hear of it, and whoever looks would take it for being dealt with."""
    Posting.objects.filter(user=cast.chen).update(role="department_officer")
    User.objects.filter(username__in=["chen", "he"]).update(department=civil())
    incident = brought_to(cast, "filed")
    with pytest.raises(Refused) as refused:
        go(cast, "zhou", incident, "dispatch", departments=(civil().pk,), handler=cast.chen.pk)
    assert "handler" in refused.value.fields
    go(cast, "zhou", incident, "dispatch", departments=(civil().pk,), handler=cast.he.pk)
    assert cast.chen not in people_for(incident)
    assert cast.he in people_for(incident)


def test_a_suspension_is_asked_for_and_granted(cast):
    incident = brought_to(cast, "in_progress")
    with pytest.raises(NotAllowed):
        go(cast, "zhou", incident, "suspend")
    go(cast, "he", incident, "ask_suspend", note="等材料")
    with pytest.raises(NotAllowed):
        go(cast, "he", incident, "suspend")
    go(cast, "zhou", incident, "suspend")
    assert (incident.state, incident.asked) == ("suspended", "")
    assert incident.suspended_at
    go(cast, "he", incident, "resume")
    assert (incident.state, incident.suspended_at) == ("in_progress", None)


def test_a_merged_case_points_at_the_one_that_stays(cast):
    kept, double = a_case(), a_case()
    go(cast, "zhou", double, "duplicate", target=kept.number)
    assert double.merged_into == kept
    with pytest.raises(Refused, match="并入"):
        go(cast, "zhou", kept, "duplicate", target=double.number)
    go(cast, "zhou", double, "reopen")
    assert (double.state, double.merged_into) == ("filed", None)


def test_a_resident_rates_and_appeals_but_moves_nothing_else(cast):
    incident = brought_to(cast, "closed")
    move_for_reporter(incident, Wish("rate", note="很快"))
    move_for_reporter(incident, Wish("appeal", note="又堆起来了"))
    incident.refresh_from_db()
    assert (incident.state, incident.closed_at) == ("reported", None)
    for act in ("file", "close", "comment"):
        with pytest.raises(WanggeError):
            move_for_reporter(incident, Wish(act, note="x"))


def fields(incident: Incident) -> tuple:
    now = Incident.objects.get(pk=incident.pk)
    held = sorted(
        now.assignments.filter(ended=None).values_list("department", "team", "handler", "lead", "done"), key=str
    )
    return now.state, now.asked, now.level, now.department_id, now.due_at, now.closed_at, now.merged_into_id, held


@pytest.mark.parametrize(("name", "act"), [one for one in WAY if one[1] != "x"])
def test_undo_brings_back_what_was(cast, name, act):
    incident = a_case()
    for who, what in WAY:
        before = fields(incident)
        step = go(cast, who, incident, what)
        if what == act:
            assert can_undo(step, cast[name])
            undo(step.pk, user=cast[name], access=cast[name].access)
            break
    assert fields(incident) == before
    assert incident.steps.count() == incident.steps.filter(act="undo").count() * 2 + [a for _, a in WAY].index(act)


def test_undo_is_for_oneself_for_a_while_and_for_the_last_move(cast):
    incident = a_case()
    first = go(cast, "zhou", incident, "file")
    with pytest.raises(OutOfScope):
        undo(first.pk, user=cast.li, access=cast.li.access)
    go(cast, "zhou", incident, "comment", note="备注不妨碍")
    go(cast, "li", incident, "dispatch")
    with pytest.raises(Conflict):
        undo(first.pk, user=cast.zhou, access=cast.zhou.access)
    old = brought_to(cast, "filed")
    step = old.steps.get(act="file")
    step.at = timezone.now() - timedelta(minutes=31)
    assert not can_undo(step, cast.zhou)


def test_undo_ends_with_the_right_to_the_move(cast):
    """Zhou's posting ended in between: what she dispatched stays dispatched."""
    incident = brought_to(cast, "filed")
    step = go(cast, "zhou", incident, "dispatch")
    before = fields(incident)
    cast.zhou.postings.update(role="planner")
    now = type(cast.zhou).objects.get(pk=cast.zhou.pk)
    reader = Access.of_postings([*now.postings.all(), *cast.wang.postings.all()])
    with pytest.raises(NotAllowed):
        undo(step.pk, user=now, access=reader)
    assert fields(incident) == before


def test_undo_makes_no_ring_of_merged_cases(cast):
    first, second = a_case(), a_case()
    go(cast, "zhou", first, "duplicate", target=second.number)
    reopened = go(cast, "zhou", first, "reopen")
    go(cast, "zhou", second, "duplicate", target=first.number)
    with pytest.raises(Conflict, match="并入"):
        undo(reopened.pk, user=cast.zhou, access=cast.zhou.access)
    first.refresh_from_db()
    assert first.merged_into is None
    assert inside_of(first.pk) == [second.pk]


def test_steps_are_never_rewritten(cast):
    incident = a_case()
    go(cast, "zhou", incident, "file")
    with pytest.raises(ProgrammingError), applied(cast.zhou.access.which("incident.read")):
        incident.steps.update(note="nothing happened")


def test_any_mix_of_moves_keeps_the_books(cast):
    """Legal and illegal moves by everybody, at random: what is refused leaves no trace, what is taken is one step."""
    dice, departments = random.Random(7), [one.pk for one in Department.objects.all()[:3]] + [civil().pk]
    cases = [a_case() for _ in range(12)]
    taken = refused = 0
    for _turn in range(900):
        incident, user = dice.choice(cases), cast[dice.choice(EVERYONE)]
        incident.refresh_from_db()
        open_to = [one.act for one in allowed(incident, user, user.access)] if dice.random() < 0.7 else []
        wish = Wish(
            dice.choice(open_to or [*moves(), "nonsense"]),
            note=dice.choice(["", "说明", "说明"]),
            departments=tuple(dice.sample(departments, dice.choice([0, 1, 1, 2]))),
            team=dice.choice(["", "", COMMUNITY, "99"]),
            handler=dice.choice([None, cast.wang.pk, cast.chen.pk]),
            target=dice.choice(cases).number,
        )
        before = fields(incident), incident.steps.count()
        try:
            move(incident.number, wish, user=user, access=user.access)
            taken += 1
        except WanggeError:
            refused += 1
            assert (fields(incident), incident.steps.count()) == before
        judge_books(incident)
    assert taken > 100
    assert refused > 100


def judge_books(incident: Incident) -> None:
    now = Incident.objects.get(pk=incident.pk)
    steps = list(now.steps.order_by("revision"))
    assert [step.revision for step in steps] == list(range(1, now.revision + 1))
    state = "reported"
    for step in steps:
        assert step.before == state
        state = step.after
    assert state == now.state
    assert (now.closed_at is not None) == (now.state == "closed")
    assert (now.merged_into_id is not None) == (now.state == "duplicate")
    assert (now.suspended_at is not None) == (now.state == "suspended")
    leads = now.assignments.filter(ended=None, lead=True).count()
    assert leads == 1 if now.state in ("dispatched", "in_progress", "suspended", "disposed", "checking") else leads <= 1
    for step in steps:
        if step.act == "close":
            assert not {one.act for one in steps if one.actor_id == step.actor_id} & {"take", "dispose", "part_done"}
    assert now.asked == "" or now.state not in ENDED
