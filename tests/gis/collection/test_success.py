"""The measure of success: sums that add up, small ones withheld, and nothing from outside the scope."""

import datetime as dt
from uuid import uuid4

import pytest

from gis.accounts.scope import Scope
from gis.collection.success import (
    FEWEST,
    by_community,
    by_month,
    count_twice,
    first_of,
    in_all,
    months_between,
    prints_by_community,
    record_by_place,
    settled,
)
from gis.models import Collected, Dwelling, Resident
from tests.cast import CELL, COMMUNITY, OTHER_STREET
from tests.gis.collection.test_forms import TODAY, in_force
from tests.gis.collection.test_known import say
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db
#: A time in which the town has no calls.
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2019, 12, 31)
HERE = Scope.of([COMMUNITY])


def calls(number: int, day: dt.date = FIRST, area: str = CELL) -> None:
    Collected.objects.bulk_create(
        Collected(call=uuid4(), day=day, area=area, forms=3, wanted=12, known=6, asked=4, answered=4)
        for _each in range(number)
    )


def test_what_is_spared_is_what_was_wanted_and_not_asked():
    calls(5)
    tally = in_all(HERE, FIRST, LAST)
    assert (tally.calls, tally.wanted, tally.asked, tally.spared, tally.spared_forms) == (5, 60, 20, 40, 10)
    assert tally.share == 66


def test_few_calls_are_not_told_of():
    calls(FEWEST - 1)
    tally = in_all(HERE, FIRST, LAST)
    assert tally.is_few
    assert tally.share is None


def test_every_month_is_there_and_each_call_in_one():
    calls(6, dt.date(2019, 1, 31))
    calls(7, dt.date(2019, 3, 1))
    rows = {month.month: tally.calls for month, tally in by_month(HERE, FIRST, LAST)}
    assert rows == {1: 6, 2: 0, 3: 7} | dict.fromkeys(range(4, 13), 0)
    assert months_between(dt.date(2018, 11, 5), dt.date(2019, 1, 1)) == [
        dt.date(2018, 11, 1), dt.date(2018, 12, 1), dt.date(2019, 1, 1),
    ]  # fmt: skip
    assert first_of(dt.date(2019, 1, 31), 11) == dt.date(2018, 2, 1)


def test_another_street_is_another_streets():
    calls(6, area=f"{OTHER_STREET}001001")
    assert in_all(HERE, FIRST, LAST).calls == 0
    assert by_community(HERE, FIRST, LAST) == []


def test_a_cell_is_as_full_and_as_fresh_as_what_is_known_of_its_people(cast):
    form = in_force(cast, "meal_help", area=COMMUNITY)
    people = [lodger(Dwelling.objects.filter(area=CELL).first()) for _each in range(6)]
    asked = Resident.objects.filter(area=CELL)
    before = record_by_place([form], HERE, 15, TODAY)[CELL]
    for place, person in enumerate(people):
        say("meal_help", "1", 10 if place < 4 else 500, resident=person)
    after = record_by_place([form], HERE, 15, TODAY)[CELL]
    assert (after.known - before.known, after.asked_of) == (6, before.asked_of)
    assert (after.said - before.said, after.fresh - before.fresh) == (6, 4)
    assert after.subjects == asked.count()


def test_where_few_live_nothing_is_told(cast):
    form = in_force(cast, "meal_help", area=COMMUNITY)
    for state in record_by_place([form], HERE, 15, TODAY).values():
        assert state.subjects >= FEWEST or state.complete is None


def test_doubles_are_counted_by_name_and_birth():
    before = count_twice(prints_by_community(HERE).values())
    for _each in range(3):
        person = lodger(Dwelling.objects.filter(area=CELL).first())
        Resident.objects.filter(pk=person.pk).update(name="甲子乙丑", born=dt.date(1951, 2, 3))
    assert count_twice(prints_by_community(HERE).values()) == before + 2
    assert settled(HERE, FIRST, LAST, before + 2).twice == before + 2
