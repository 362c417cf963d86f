"""Trying a door: what it is known to be afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gis.accounts.scope import Scope, applied
from gis.errors import Conflict, Refused
from gis.models import DoorNote, Dwelling, Figures
from gis.places.verification import VERIFIED_FOR, Completeness, Standing, record_answer, standing
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, OTHER_STREET

TODAY = date(2026, 5, 20)
MAY = datetime(2026, 5, 20, 2, tzinfo=UTC)


def door(**facts) -> Dwelling:
    return Dwelling(room="402", **facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unverified"),
        ({"verified_on": TODAY}, "verified"),
        ({"verified_on": TODAY - VERIFIED_FOR + timedelta(1)}, "verified"),
        ({"verified_on": TODAY - VERIFIED_FOR}, "unverified"),
        ({"tried_on": TODAY, "answer": "no_answer"}, "no_answer"),
        ({"tried_on": TODAY, "answer": "refused"}, "refused"),
        ({"verified_on": date(2026, 3, 1), "tried_on": TODAY, "answer": "no_answer"}, "verified"),
        ({"verified_on": date(2025, 3, 1), "tried_on": TODAY, "answer": "no_answer"}, "no_answer"),
        ({"verified_on": date(2025, 3, 1), "tried_on": date(2025, 2, 1), "answer": "no_answer"}, "unverified"),
    ],
)
def test_it_stands_as_its_dates_say(facts, expected):
    assert standing(door(**facts), TODAY) == expected


days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, days, st.sampled_from(["", *Dwelling.Answer.values]))
def test_it_always_stands_somehow_and_is_verified_only_by_a_date(verified, tried, answer):
    found = standing(door(verified_on=verified, tried_on=tried, answer=answer), TODAY)
    assert found in Standing
    assert (found == "verified") == (verified is not None and TODAY - verified < VERIFIED_FOR)


def test_it_counts_how_far_doors_are_verified():
    doors = [
        door(verified_on=TODAY),
        door(verified_on=TODAY, state="gone"),
        door(tried_on=TODAY, answer="no_answer"),
        door(tried_on=TODAY, answer="refused"),
        door(),
    ]
    assert Completeness.of(doors, TODAY) == Completeness(total=4, verified=1, no_answer=1, refused=1)


@pytest.fixture
def home(db):
    home = Dwelling.objects.filter(area=CELL).exclude(state="empty").order_by("pk").first()
    Dwelling.objects.filter(pk=home.pk).update(state="unknown")
    home.refresh_from_db()
    return home


def test_it_is_verified_when_someone_answered(home, cast):
    after = record_answer(home, "answered", by=cast.wang, at=MAY, state="rented", was="unknown")
    assert (after.state, after.verified_on, after.tried_on, after.answer) == ("rented", TODAY, TODAY, "answered")
    kept = DoorNote.objects.get(dwelling=home.pk)
    assert (kept.what, kept.before, kept.after, kept.by, kept.at) == ("answered", "unknown", "rented", cast.wang, MAY)
    assert wrong_areas() == set()


def test_it_keeps_the_verification_when_nobody_answers_later(home, cast):
    record_answer(home, "answered", by=cast.wang, at=MAY)
    after = record_answer(home, "no_answer", by=cast.wang, at=MAY + timedelta(days=3))
    assert (after.verified_on, after.tried_on, after.answer) == (TODAY, date(2026, 5, 23), "no_answer")
    assert DoorNote.objects.filter(dwelling=home.pk).count() == 2


def test_it_is_verified_without_an_answer_when_found_empty(home, cast):
    assert record_answer(home, "no_answer", by=cast.wang, at=MAY, state="empty").verified_on == TODAY
    assert record_answer(home, "refused", by=cast.wang, at=MAY, state="rented").verified_on == TODAY
    assert wrong_areas() == set()


def test_it_keeps_what_arrives_late_as_history_only(home, cast):
    record_answer(home, "answered", by=cast.wang, at=MAY, state="rented")
    after = record_answer(home, "no_answer", by=cast.zhou, at=MAY - timedelta(days=2), state="empty")
    assert (after.state, after.answer, after.tried_on) == ("rented", "answered", TODAY)
    assert DoorNote.objects.filter(dwelling=home.pk).count() == 2


def test_it_asks_whoever_arrives_late_with_another_state_and_believes_who_knew_both(home, cast):
    record_answer(home, "answered", by=cast.wang, at=MAY, state="rented")
    earlier = {"by": cast.zhou, "at": MAY - timedelta(hours=2), "state": "empty"}
    with pytest.raises(Conflict):
        record_answer(home, "no_answer", was="unknown", **earlier)
    after = record_answer(home, "no_answer", was="rented", **earlier)
    assert (after.state, after.answer, after.tried_on) == ("empty", "answered", TODAY)


def test_it_takes_a_time_to_come_as_now(home, cast):
    after = record_answer(home, "answered", by=cast.wang, at=timezone.now() + timedelta(days=30))
    assert after.verified_on == timezone.localdate()


def test_it_shows_the_other_side_where_two_disagree(home, cast):
    record_answer(home, "answered", by=cast.zhou, at=MAY, state="rented", was="unknown")
    with pytest.raises(Conflict) as caught:
        record_answer(home, "answered", by=cast.wang, at=MAY + timedelta(hours=1), state="occupied", was="unknown")
    assert caught.value.theirs == {"state": "rented", "answer": "answered", "tried_on": "2026-05-20"}
    assert DoorNote.objects.filter(dwelling=home.pk).count() == 1


def test_it_finds_no_conflict_where_two_agree(home, cast):
    record_answer(home, "answered", by=cast.zhou, at=MAY, state="rented", was="unknown")
    later = MAY + timedelta(hours=1)
    assert record_answer(home, "answered", by=cast.wang, at=later, state="rented", was="unknown").state == "rented"


@pytest.mark.parametrize(
    ("answer", "state"), [("", ""), ("maybe", ""), ("answered", "gone"), ("answered", "haunted"), (None, "")]
)
def test_it_refuses_what_is_no_answer_or_no_state(answer, state, home, cast):
    with pytest.raises(Refused) as caught:
        record_answer(home, answer, by=cast.wang, at=MAY, state=state)
    assert caught.value.fields
    assert not DoorNote.objects.filter(dwelling=home.pk).exists()


def test_it_refuses_a_door_that_is_gone(home, cast):
    Dwelling.objects.filter(pk=home.pk).update(state="gone")
    with pytest.raises(Refused, match="拆除"):
        record_answer(home, "answered", by=cast.wang, at=MAY)


def test_its_history_is_shown_in_scope_only_and_never_rewritten(home, cast):
    record_answer(home, "answered", by=cast.wang, at=MAY)
    with applied(Scope.of([OTHER_STREET])):
        assert not DoorNote.objects.exists()
    with applied(Scope.of([CELL])):
        assert DoorNote.objects.count() == 1
        for rewrite in (lambda: DoorNote.objects.update(door="x"), lambda: DoorNote.objects.all().delete()):
            with pytest.raises(ProgrammingError), transaction.atomic():
                rewrite()


def test_a_door_that_is_gone_counts_nowhere(home, cast):
    before = Figures.objects.get(area=CELL).dwellings
    Dwelling.objects.filter(pk=home.pk).update(state="gone")
    assert Figures.objects.get(area=CELL).dwellings == before - 1
    assert wrong_areas() == set()
