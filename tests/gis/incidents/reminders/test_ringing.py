"""Reminders: at the moments the rules name, to those they name, once; then up a level; and never for what is over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.incidents.reminders.ringing import ring
from gis.incidents.reminders.rule import TABLE, read_rule
from gis.incidents.taking_back import undo
from gis.incidents.workflow import allowed
from gis.models import Alarm, Code, Incident, Notice, Posting, User
from tests.gis.incidents.loop import a_case, brought_to, civil, go

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def alarms(incident: Incident) -> dict[str, datetime]:
    waiting = Alarm.objects.filter(incident=incident, rung_at=None)
    return {one.rule: one.at.astimezone(ZONE) for one in waiting}


def told(incident: Incident, kind: str) -> set[str]:
    return set(Notice.objects.filter(incident=incident, kind=kind).values_list("user__username", flat=True))


def ring_at(incident: Incident, rule: str) -> None:
    ring(Alarm.objects.get(incident=incident, rule=rule).at)
    incident.refresh_from_db()


@pytest.fixture
def dispatched(cast) -> Incident:
    User.objects.filter(username="he").update(department=civil())
    return brought_to(cast, "in_progress")


def test_it_sets_the_moments_the_rules_name(dispatched):
    clock = dispatched.stage_due_at
    found = alarms(dispatched)
    assert set(found) == {"soon", "late", "late_still", "raise", "case_late"}
    assert found["late"] == clock
    assert found["soon"] < found["late"] < found["late_still"] < found["raise"]
    assert found["case_late"] == dispatched.due_at


def test_it_warns_who_has_the_case_and_then_also_the_desk(dispatched):
    ring_at(dispatched, "soon")
    assert told(dispatched, "soon") == {"he"}
    ring_at(dispatched, "late")
    assert told(dispatched, "late") == {"he", "zhou"}
    ring_at(dispatched, "late_still")
    assert told(dispatched, "late_still") == {"zhou", "li"}


def test_it_tells_everything_once(dispatched):
    at = Alarm.objects.get(incident=dispatched, rule="late").at
    assert ring(at) >= 2
    before = Notice.objects.count()
    assert ring(at) == 0
    assert Notice.objects.count() == before


def test_what_stays_undone_goes_up_one_level_by_a_step_of_the_rule(cast, dispatched):
    ring_at(dispatched, "raise")
    assert dispatched.level == 9
    step = dispatched.steps.order_by("-revision").first()
    assert (step.act, step.actor, step.facts["reminder"]) == ("escalate", None, "raise")
    assert told(dispatched, "raise") == {"li"}
    ring(timezone.now() + timedelta(days=400))
    dispatched.refresh_from_db()
    assert dispatched.level == 9  # once in each stage
    assert "redirect" in {move.act for move in allowed(dispatched, cast.li, cast.li.access)}


def test_a_suspended_case_is_left_alone_until_its_day(cast, dispatched):
    until = timezone.localdate() + timedelta(days=10)
    go(cast, "he", dispatched, "ask_suspend", until=until)
    go(cast, "zhou", dispatched, "suspend")
    found = alarms(dispatched)
    assert set(found) == {"until"}
    assert found["until"].date() == until
    ring_at(dispatched, "until")
    assert told(dispatched, "until") == {"he", "zhou"}


def test_a_case_that_is_over_rings_no_more(cast, dispatched):
    go(cast, "he", dispatched, "dispose")
    go(cast, "zhou", dispatched, "close")
    assert not Alarm.objects.filter(incident=dispatched, rung_at=None).exists()


def test_a_move_taken_back_brings_its_alarms_back(cast, dispatched):
    before = alarms(dispatched)
    step = go(cast, "he", dispatched, "dispose")
    assert alarms(dispatched) != before
    undo(step.pk, user=cast.he, access=cast.he.access)
    assert alarms(dispatched) == before


def test_a_step_is_told_to_whom_it_concerns_and_not_to_who_made_it(cast, dispatched):
    assert told(dispatched, "dispatch") == {"he"}
    go(cast, "he", dispatched, "dispose")
    assert told(dispatched, "dispose") == {"zhou"}
    go(cast, "zhou", dispatched, "rework")
    assert told(dispatched, "rework") == {"he"}


def test_where_nobody_sits_at_the_desk_the_next_one_is_told(cast):
    Posting.objects.filter(user=cast.zhou).update(area="110113001007")
    incident = a_case()
    move(incident.number, Wish("file"), user=cast.li, access=cast.li.access)
    ring_at(incident, "late")
    assert told(incident, "late") == {"li"}


def test_whoever_may_not_read_the_case_is_not_told(cast, dispatched):
    Posting.objects.filter(user=cast.he).update(area="110113002")
    ring_at(dispatched, "late")
    assert told(dispatched, "late") == {"zhou"}
    assert "chen" not in set(Notice.objects.values_list("user__username", flat=True))


def test_urgent_cases_have_rules_of_their_own(cast):
    incident = a_case("C0402")
    Incident.objects.filter(pk=incident.pk).update(urgent=True)
    go(cast, "zhou", incident, "file")
    assert {"late_still_urgent", "raise_urgent"} <= set(alarms(incident))
    assert not {"late_still", "raise"} & set(alarms(incident))


def test_what_an_administrator_changes_holds_from_the_next_step_on(cast, dispatched):
    Code.objects.filter(table=TABLE, code="soon").update(details={"clock": "stage", "share": "50", "to": "holder desk"})
    Code.objects.filter(table=TABLE, code="raise").update(retired=True)
    go(cast, "zhou", dispatched, "redirect", departments=(civil().pk,))
    found = alarms(dispatched)
    assert "raise" not in found
    ring_at(dispatched, "soon")
    assert told(dispatched, "soon") == {"he", "zhou"}


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"clock": "moon", "to": "desk"},
        {"clock": "stage", "to": ""},
        {"clock": "stage", "to": "everyone"},
        {"clock": "stage", "to": "desk", "share": "101"},
        {"clock": "stage", "to": "desk", "share": "-1"},
        {"clock": "stage", "to": "desk", "after": "3", "unit": "fortnight"},
    ],
)
def test_a_rule_that_makes_no_sense_is_none(details):
    assert read_rule("x", "x", details) is None
