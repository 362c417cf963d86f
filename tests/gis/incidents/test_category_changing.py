"""Whatever is changed, and from when: for every moment a category says exactly one thing, and no case's clock moves."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import Conflict, Refused
from gis.incidents.category import FIELDS
from gis.incidents.category_changing import add_category, change_category, keep_up, predecessors, withdraw
from gis.incidents.clock import clocks_of
from gis.incidents.holidays import calendar_in_force
from gis.incidents.intake import Told, file_report
from gis.models import Building, Category, CategoryChange, Incident
from tests.cast import CELL
from tests.gis.incidents.loop import a_case, go

pytestmark = pytest.mark.django_db
CODE = "C0301"


def kept() -> Category:
    return Category.objects.get(kind="community", code=CODE)


def a_home() -> int:
    return Building.objects.filter(area__startswith=CELL).values_list("pk", flat=True)[0]


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def noon(days: int) -> datetime:
    """A moment of the day that lies so many days ahead; of today the present one."""
    return timezone.make_aware(datetime.combine(in_days(days), time(12))) if days else timezone.now()


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 6),  # from how many days ahead
        st.dictionaries(
            st.sampled_from(["name", "urgent", "accept_within_hours", "is_public", "retired"]),
            st.integers(1, 3),
            min_size=1,
        ),
        st.booleans(),  # whether it is withdrawn where it may be
    ),
    max_size=8,
)


def _value(field: str, number: int):
    return {"name": f"名称{number}", "accept_within_hours": number}.get(field, number > 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(CHANGES)
def test_any_sequence_of_changes_gives_every_day_one_answer(cast, changes):
    with transaction.atomic():
        first = {name: getattr(kept(), name) for name in FIELDS} | {"successors": ()}
        days = [dict(first) for _ in range(8)]
        for starts, numbers, goes in changes:
            wanted = {field: _value(field, number) for field, number in numbers.items()}
            made = change_category(kept(), wanted, user=cast.admin, starts=in_days(starts))
            if made and goes and starts:
                withdraw(made, cast.admin)
        standing = CategoryChange.objects.filter(category=kept()).exclude(origin="before").standing()
        for change in standing:
            begins = (timezone.localdate(change.since) - timezone.localdate()).days
            for day in range(begins, 8):
                days[day] |= change.sets
        for day, expected in enumerate(days):
            said = kept().at(noon(day))
            assert {name: getattr(said, name) for name in FIELDS} == expected
        assert kept().at(datetime(2020, 1, 1, tzinfo=UTC)).name == first["name"]
        for day in range(8):
            keep_up(noon(day))
            assert {name: getattr(kept(), name) for name in FIELDS} == days[day] | {"successors": []}
        transaction.set_rollback(True)


def test_a_case_keeps_its_clock_its_urgency_and_its_name(cast):
    case = a_case(at=timezone.now())
    go(cast, "zhou", case, "file")
    before = (case.due_at, case.stage_due_at, case.urgent, case.terms.name)
    change_category(kept(), {"dispose_within": 99, "urgent": True, "name": "新名称"}, user=cast.admin)
    go(cast, "zhou", case, "dispatch")
    go(cast, "he", case, "take")
    calendar, fresh = calendar_in_force(), Incident.objects.get(pk=case.pk)
    assert (fresh.due_at, fresh.urgent, fresh.terms.name) == (before[0], before[2], before[3])
    assert clocks_of(fresh, calendar).case.due(calendar.work) == before[0]
    later = Incident.objects.get(pk=a_case(at=timezone.now()).pk)
    assert later.terms.name == "新名称"


def test_a_change_of_today_holds_from_this_moment_and_not_for_what_a_fast_clock_reported(cast):
    ahead = a_case(at=timezone.now() + timedelta(minutes=2))
    change_category(kept(), {"name": "新名称"}, user=cast.admin)
    assert Incident.objects.get(pk=ahead.pk).terms.name != "新名称"


def test_a_new_case_has_what_holds_when_it_is_reported(cast):
    change_category(kept(), {"urgent": True, "dispose_within": 2, "dispose_unit": "urgent_hour"}, user=cast.admin)
    told = Told(category=kept().pk, building=a_home(), text="x")
    filed = file_report(told, [], user=cast.wang, access=cast.wang.access, at=timezone.now())
    assert filed.incident.urgent
    old = file_report(told, [], user=cast.wang, access=cast.wang.access, at=timezone.now() - timedelta(hours=1))
    assert not old.incident.urgent


def test_a_retired_category_takes_no_report_and_names_its_successor(cast):
    other = Category.objects.get(kind="community", code="C0302")
    change_category(kept(), {"retired": True, "successors": [other.pk]}, user=cast.admin)
    with pytest.raises(Refused) as refused:
        file_report(
            Told(category=kept().pk, building=a_home(), text="x"), [],
            user=cast.wang, access=cast.wang.access, at=timezone.now(),
        )  # fmt: skip
    assert other.name in refused.value.fix
    assert predecessors([other.pk]) == {other.pk, kept().pk}


def test_what_was_split_stays_by_itself(cast):
    others = list(Category.objects.filter(code__in=["C0302", "C0303"]).values_list("pk", flat=True))
    change_category(kept(), {"retired": True, "successors": others}, user=cast.admin)
    assert predecessors(others) == set(others)


def test_two_editors_do_not_overwrite_each_other(cast):
    seen = kept().revision
    change_category(kept(), {"name": "甲"}, user=cast.li, seen=seen)
    with pytest.raises(Conflict) as conflict:
        change_category(kept(), {"name": "乙"}, user=cast.admin, seen=seen)
    assert cast.li.name in conflict.value.message
    assert kept().name == "甲"


def test_a_change_is_withdrawn_before_it_begins_and_not_afterwards(cast):
    later = change_category(kept(), {"name": "以后"}, user=cast.admin, starts=in_days(3))
    withdraw(later, cast.li)
    assert kept().at(noon(4)).name == kept().name
    for change in (later, change_category(kept(), {"name": "现在"}, user=cast.admin)):
        with pytest.raises(Refused):
            withdraw(change, cast.admin)


@pytest.mark.parametrize("days", [-1, 40_000])
def test_no_day_that_is_over_or_never_comes(cast, days):
    with pytest.raises(Refused):
        change_category(kept(), {"name": "x"}, user=cast.admin, starts=in_days(days))


def test_nothing_different_is_no_change(cast):
    assert change_category(kept(), {"name": kept().name, "successors": []}, user=cast.admin) is None
    assert not kept().changes.exists()


def test_an_added_category_is_in_use_from_its_day(cast):
    fallen = {"name": "树木倒伏", "major": "市容环境"}
    made = add_category("community", "B0001", fallen, user=cast.li, starts=in_days(2))
    assert [made.at(noon(day)).retired for day in (0, 1, 2)] == [True, True, False]
    with pytest.raises(Refused):
        add_category("community", "B0001", fallen, user=cast.li)


@pytest.mark.parametrize("sets", ["sets = '{}'", "since = now()", "reason = 'x'"])
def test_the_database_rewrites_no_change(cast, sets):
    change_category(kept(), {"name": "甲"}, user=cast.admin)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE grid_categorychange SET {sets}")


def test_sql_says_the_same_as_python(cast):
    change_category(kept(), {"name": "甲"}, user=cast.admin)
    change_category(kept(), {"name": "乙", "major": "丙"}, user=cast.admin, starts=in_days(2))
    for at in (datetime(2020, 1, 1, tzinfo=UTC), noon(0), noon(1), noon(2), noon(9)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT grid_category_at(log, 'name', name, %(at)s), grid_category_at(log, 'major', major, %(at)s)"
                " FROM grid_category WHERE id = %(pk)s",
                {"at": at, "pk": kept().pk},
            )
            said = kept().at(at)
            assert cursor.fetchone() == (said.name, said.major)
