"""The first reading of a large feed is a job: part by part, stopped and taken up, nothing lost, nobody told twice."""

from datetime import timedelta
from itertools import islice

import pytest

from gis.accounts.scope import Scope, applied
from gis.collection.sharing import preparing
from gis.collection.sharing.feed import changes_since
from gis.collection.sharing.preparing import needs_preparing, order, prepare
from gis.collection.sharing.subscribing import end, granted
from gis.models import Resident, SharedRow, Subscription
from tests.cast import COMMUNITY, STREET
from tests.gis.collection.sharing.test_feed import TODAY, all_of, read, resident, say
from tests.gis.collection.sharing.test_subscribing import in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(cast, monkeypatch) -> Subscription:
    """The people of a community, as if that were many."""
    monkeypatch.setattr(preparing, "AT_ONCE", 40)
    return in_force(cast, "sex", "employment", area=COMMUNITY)


def waits(one: Subscription) -> bool:
    scope = Scope.of([STREET])
    with applied(scope):
        return needs_preparing(Subscription.objects.get(pk=one.pk), scope, TODAY())


def stop_after(one: Subscription, parts: int) -> list[int]:
    """As far as a job gets that is killed."""
    looked = preparing._looked_at(one, Scope.of([one.area]), granted(one), TODAY())
    return list(islice(looked, parts))


def test_it_is_ready_once_everybody_was_looked_at(large):
    assert waits(large)
    assert (order(large), order(large)) == (True, False)
    assert (prepare(large.pk, TODAY()), prepare(large.pk, TODAY())) == (True, False)
    assert not waits(large)
    large.refresh_from_db()
    assert large.preparing is None
    assert large.last_number == Resident.objects.filter(area__startswith=COMMUNITY).count()
    assert len(read(large, most=5000).entries) == large.last_number


def test_one_that_is_stopped_goes_on_and_numbers_nobody_twice(large):
    shares = stop_after(large, 2)
    assert 0 < shares[0] < shares[1] < 100
    assert waits(large)
    numbered = dict(SharedRow.objects.filter(subscription=large).values_list("key", "number"))
    assert len(numbered) == 80
    assert prepare(large.pk, TODAY())
    after = dict(SharedRow.objects.filter(subscription=large).values_list("key", "number"))
    assert numbered.items() <= after.items()
    assert sorted(after.values()) == list(range(1, len(after) + 1))


def test_what_is_said_while_it_is_made_is_told_by_the_next_reading(large, monkeypatch):
    first = Resident.objects.filter(area__startswith=COMMUNITY).order_by("pk").first()
    looked_at, parts = preparing._looked_at, 0

    def interrupted(*asked):
        nonlocal parts
        for done in looked_at(*asked):
            if not parts:  # the first person was looked at just before
                say(first, "employment", "在职")
            parts += 1
            yield done

    monkeypatch.setattr(preparing, "_looked_at", interrupted)
    assert prepare(large.pk, TODAY())
    assert parts > 2
    told = {entry.subject: entry.values for entry in read(large, most=5000).entries}
    assert told[first.pk]["employment"] == "在职"


def test_other_fields_and_another_day_are_prepared_too_and_what_ended_is_not(large, cast):
    prepare(large.pk, TODAY())
    cursor = all_of(large)
    line = large.lines.select_related("field").get(field__code="employment")
    type(line).objects.filter(pk=line.pk).update(state="revoked", reason="不再需要")
    assert waits(large)
    assert prepare(large.pk, TODAY())
    assert {tuple(entry.values) for entry in read(large, cursor, most=5000).entries} == {("sex",)}
    with applied(Scope.of([STREET])):
        tomorrow = TODAY() + timedelta(days=1)
        assert needs_preparing(Subscription.objects.get(pk=large.pk), Scope.of([STREET]), tomorrow)
    end(large, by=cast.he, access=cast.he.access, reason="不再需要")
    assert prepare(large.pk, TODAY()) is False


def test_few_are_looked_at_while_one_waits(cast):
    assert not waits(in_force(cast, "sex", area=COMMUNITY))


def test_a_person_who_came_meanwhile_is_told(large):
    stop_after(large, 1)
    comes = resident()
    prepare(large.pk, TODAY())
    with applied(Scope.of([STREET])):
        page = changes_since(Subscription.objects.get(pk=large.pk), 0, Scope.of([STREET]), TODAY(), 5000)
    assert comes.pk in {entry.subject for entry in page.entries}
