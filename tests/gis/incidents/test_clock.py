"""The limits of real cases: set by every move, of their category and day, restored by undo, right for imports."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis.incidents.clock import clocks_of
from gis.incidents.decisions import Wish
from gis.incidents.holidays import calendar_in_force
from gis.incidents.limits import default_limits, limits_for
from gis.incidents.moving import move
from gis.incidents.stages import Limit
from gis.incidents.taking_back import undo
from gis.models import Category, Incident, StageLimit
from tests.gis.incidents.loop import a_case, brought_to, civil, go

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def moved(cast, incident: Incident, name: str, act: str, at: str, **wish) -> None:
    user = cast[name]
    move(incident.number, Wish(act, note="已看过", **wish), user=user, access=user.access, at=local(at))
    incident.refresh_from_db()


def test_a_case_over_spring_festival(cast):
    """C0301, 4 working hours: filed on the make-up Saturday, suspended over the holiday."""
    incident = a_case(at=local("2026-02-14T14:00"))
    moved(cast, incident, "zhou", "file", "2026-02-14T15:00")
    assert incident.due_at == local("2026-02-24T10:00")
    moved(cast, incident, "zhou", "dispatch", "2026-02-14T15:00", departments=(civil().pk,))
    moved(cast, incident, "he", "take", "2026-02-14T16:00")
    moved(cast, incident, "he", "ask_suspend", "2026-02-14T16:30")
    assert incident.due_at == local("2026-02-24T10:00")  # asking stops nothing
    moved(cast, incident, "zhou", "suspend", "2026-02-14T17:00")
    assert (incident.due_at, incident.stage_due_at) == (None, None)
    assert incident.suspended_at == local("2026-02-14T17:00")
    moved(cast, incident, "he", "resume", "2026-02-27T17:30")
    assert incident.due_at == incident.stage_due_at == local("2026-02-28T10:30")
    assert incident.suspended_at is None


def test_a_pause_that_is_taken_back_has_stopped_nothing(cast):
    incident = brought_to(cast, "in_progress")
    due = incident.due_at, incident.stage_due_at
    go(cast, "he", incident, "ask_suspend")
    step = go(cast, "zhou", incident, "suspend")
    assert incident.due_at is None
    undo(step.pk, user=cast.zhou, access=cast.zhou.access)
    incident.refresh_from_db()
    assert (incident.due_at, incident.stage_due_at) == due


def test_every_stage_has_a_limit(cast):
    for state in ("filed", "dispatched", "disposed"):
        assert brought_to(cast, state).stage_due_at is not None
    closed = brought_to(cast, "closed")
    assert closed.stage_due_at is None
    assert closed.closed_at <= closed.due_at


def test_a_limit_of_the_category_comes_before_one_for_all():
    garbage = Category.objects.get(kind="community", code="C0301")
    terms, day = garbage.at(timezone.now()), timezone.localdate()

    def held(on: date) -> Limit | None:
        return limits_for(terms, terms.urgent, on)["check"]

    assert held(day) == default_limits()[False]["check"]
    StageLimit.objects.create(stage="check", amount=3, unit="work_hour", starts=day)
    assert held(day) == Limit(3, "work_hour")
    StageLimit.objects.create(stage="check", category=garbage, amount=5, unit="urgent_hour", starts=day)
    assert held(day) == Limit(5, "urgent_hour")
    assert held(day - timedelta(days=1)) == default_limits()[False]["check"]
    StageLimit.objects.create(stage="check", category=garbage, starts=day + timedelta(days=1))
    assert held(day + timedelta(days=1)) is None  # no limit from tomorrow on


def test_a_case_keeps_the_limits_of_its_day(cast):
    incident = a_case(at=local("2026-03-09T09:00"))
    garbage = incident.category
    StageLimit.objects.create(stage="dispose", category=garbage, amount=1, unit="work_hour", starts=date(2026, 3, 10))
    moved(cast, incident, "zhou", "file", "2026-03-11T09:00")
    assert incident.due_at == local("2026-03-11T14:00")
    younger = a_case(at=local("2026-03-10T09:00"))
    moved(cast, younger, "zhou", "file", "2026-03-11T09:00")
    assert younger.due_at == local("2026-03-11T10:00")


def test_urgent_cases_have_limits_of_their_own():
    cover = Category.objects.get(kind="community", code="C0402")
    assert limits_for(cover, cover.urgent, timezone.localdate())["dispatch"] == Limit(1, "urgent_hour")


def test_an_imported_case_keeps_the_limit_it_came_with(cast):
    incident = a_case(at=local("2026-03-09T09:00"))
    incident.steps.all().delete()
    Incident.objects.filter(pk=incident.pk).update(due_at=local("2026-03-20T12:00"), state="in_progress")
    incident.refresh_from_db()
    clocks = clocks_of(incident, calendar_in_force())
    assert clocks.case.due(calendar_in_force().work) == local("2026-03-20T12:00")
    moved(cast, incident, "zhou", "redirect", "2026-03-10T09:00", departments=(civil().pk,))
    assert incident.due_at == local("2026-03-20T12:00")
    assert incident.stage_due_at == local("2026-03-10T14:00")
