"""Open cases counted anew because an editor asked: their clocks move once, are told, and stay so with every move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.category_changing import change_category
from gis.incidents.category_recount import count_recounts, recount
from gis.incidents.clock import set_clock
from gis.models import Category, Incident
from tests.cast import OTHER_STREET, STREET
from tests.gis.incidents.loop import a_case, go

pytestmark = pytest.mark.django_db
HERE = Scope((STREET,))


def kept() -> Category:
    return Category.objects.get(kind="community", code="C0301")


def a_filed_case(cast, **place) -> Incident:
    case = a_case(at=timezone.now(), **place)
    go(cast, "zhou", case, "file")
    return case


def shortened(cast) -> None:
    change_category(kept(), {"dispose_within": 1, "dispose_unit": "urgent_hour", "urgent": True}, user=cast.li)


def test_what_would_move_is_counted_and_nothing_moves_by_itself(cast):
    case = a_filed_case(cast)
    due = case.due_at
    shortened(cast)
    assert count_recounts(kept(), kept().at(timezone.now()), HERE) >= 1
    case.refresh_from_db()
    assert (case.due_at, case.urgent) == (due, False)


def test_it_moves_the_clock_of_open_cases_in_the_scope_and_says_so(cast):
    case, other = a_filed_case(cast), a_case(at=timezone.now(), area=OTHER_STREET + "001001")
    Incident.objects.filter(pk=other.pk).update(due_at=timezone.now() + timedelta(days=3))
    due, revision = case.due_at, case.revision
    shortened(cast)
    assert recount(kept(), HERE, cast.li) >= 1
    case.refresh_from_db()
    other.refresh_from_db()
    assert case.due_at < due
    assert (case.urgent, case.revision) == (True, revision + 1)
    told = case.steps.order_by("pk").last()
    assert (told.act, told.actor, told.is_public) == ("comment", cast.li, False)
    assert "重新计算" in told.note
    assert other.timed_at is None


def test_every_later_move_counts_by_the_same_limits(cast):
    case = a_filed_case(cast)
    shortened(cast)
    recount(kept(), HERE, cast.li)
    case.refresh_from_db()
    due = case.due_at
    change_category(kept(), {"dispose_within": 90}, user=cast.li)
    go(cast, "zhou", case, "dispatch")
    assert case.due_at == due
    fresh = Incident.objects.select_related("category").get(pk=case.pk)
    set_clock(fresh, "comment", timezone.now())
    assert fresh.due_at == due


def test_a_second_run_finds_nothing_left(cast):
    a_filed_case(cast)
    shortened(cast)
    recount(kept(), HERE, cast.li)
    assert count_recounts(kept(), kept().at(timezone.now()), HERE) == 0
    assert recount(kept(), HERE, cast.li) == 0


def test_a_limit_that_was_given_and_not_counted_stays(cast):
    case = a_filed_case(cast)
    given = case.due_at + timedelta(hours=7)
    Incident.objects.filter(pk=case.pk).update(due_at=given)
    shortened(cast)
    recount(kept(), HERE, cast.li)
    case.refresh_from_db()
    assert case.due_at == given
