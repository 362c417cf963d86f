"""When people are due, by dates around today: a need that ended days ago is not looked at any more."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.accounts.scope import Scope, applied
from gis.models import Code, Dwelling, Household, Need, Residence, Resident, User, Visit, VisitDue, VisitWithdrawal
from gis.people.due import Urgency, find_owed, recount_due, try_on, urgency
from tests.cast import CELL

pytestmark = pytest.mark.django_db
DAY = timezone.localdate()


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def door(db: None) -> Dwelling:
    """An empty home of cell 1."""
    return Dwelling.objects.filter(area=CELL, residences=None).first()


@pytest.fixture
def person(door: Dwelling) -> Resident:
    return lodger(door)


def lodger(door: Dwelling) -> Resident:
    person = Resident.objects.create(name="甲某", area=door.area)
    home, _made = Household.objects.get_or_create(dwelling=door, area=door.area)
    Residence.objects.create(
        resident=person, dwelling=door, household=home, starts=date(2020, 1, 1), area=door.area, relation="02"
    )
    return person


def need(person: Resident, tag: str, starts: date, ends: date | None = None) -> Need:
    return Need.objects.create(resident=person, tag=tag, starts=starts, ends=ends, area=person.area)


def visit(person: Resident, day: date, outcome: str = "met") -> Visit:
    at = timezone.make_aware(datetime.combine(day, time(10)))
    by = User.objects.get(username="wang")
    return Visit.objects.create(resident=person, at=at, day=day, by=by, outcome=outcome, area=person.area, call=uuid4())


def due_on(person: Resident, day: date = DAY) -> date | None:
    rows = VisitDue.objects.filter(resident=person, since__lte=day, until__gt=day)
    return rows.get().due_on if rows else None


def test_who_was_never_visited_is_due_an_interval_after_the_need_began(person):
    need(person, "elder_alone", DAY)
    assert due_on(person) == DAY + days(7)


def test_a_visit_starts_the_interval_again(person):
    need(person, "disability", DAY - days(200))
    visit(person, DAY - days(40))
    assert due_on(person) == DAY - days(10)
    visit(person, DAY)
    assert due_on(person) == DAY + days(30)


def test_of_several_needs_the_shortest_interval_decides(person):
    need(person, "veteran", DAY - days(200))
    need(person, "elder_alone", DAY - days(200))
    visit(person, DAY - days(3))
    assert due_on(person) == DAY + days(4)


def test_a_need_that_is_new_since_the_last_visit_counts_from_its_start(person):
    need(person, "veteran", DAY - days(200))
    visit(person, DAY - days(60))
    need(person, "elder_alone", DAY - days(2))
    assert due_on(person) == DAY + days(5)


def test_a_leap_day_is_a_day(person):
    need(person, "elder_alone", date(2028, 2, 25))
    assert due_on(person, date(2028, 2, 26)) == date(2028, 3, 3)
    visit(person, date(2028, 2, 29))
    assert due_on(person, date(2028, 3, 1)) == date(2028, 3, 7)


def test_a_need_that_ends_stops_counting_on_that_day_and_not_before(person):
    need(person, "elder_alone", DAY - days(20), ends=DAY + days(3))
    need(person, "veteran", DAY - days(20))
    assert due_on(person, DAY + days(2)) == DAY - days(13)
    assert due_on(person, DAY + days(3)) == DAY + days(70)


def test_without_a_need_or_a_home_nobody_is_due(person):
    wanted = need(person, "elder_alone", DAY - days(20))
    wanted.ends = DAY - days(5)
    wanted.save()
    assert due_on(person) is None
    wanted.ends = None
    wanted.save()
    assert due_on(person)
    person.residences.update(ends=DAY)
    assert due_on(person) is None


def test_a_call_in_vain_puts_off_the_next_try_and_not_the_day_due(person):
    need(person, "elder_alone", DAY - days(20))
    visit(person, DAY - days(1), "no_answer")
    [owed] = [one for one in find_owed(Scope.of([CELL]), DAY) if one.resident == person.pk]
    assert (owed.due_on, owed.tried_on) == (DAY - days(13), DAY - days(1))
    assert (owed.next_on, owed.urgency) == (DAY + days(1), Urgency.WEEK)
    assert urgency(owed.due_on, owed.tried_on, DAY + days(1)) == Urgency.LATE


def test_a_call_in_vain_before_the_last_visit_is_forgotten(person):
    need(person, "elder_alone", DAY - days(20))
    visit(person, DAY - days(9), "no_answer")
    visit(person, DAY - days(8))
    assert VisitDue.objects.get(resident=person).tried_on is None


def test_who_wants_no_visit_is_asked_again_after_the_interval(person):
    need(person, "elder_alone", DAY - days(20))
    visit(person, DAY, "refused")
    assert due_on(person) == DAY + days(7)


def test_a_withdrawn_visit_counts_for_nothing(person):
    need(person, "elder_alone", DAY - days(20))
    wrong = visit(person, DAY)
    VisitWithdrawal.objects.create(visit=wrong, at=wrong.at, by=wrong.by, area=wrong.area)
    assert due_on(person) == DAY - days(13)


def test_an_interval_that_an_administrator_changes_holds_at_once(person):
    need(person, "elder_alone", DAY - days(20))
    entry = Code.objects.get(table="service_need", code="elder_alone")
    for typed, expected in (("14", DAY - days(6)), ("0", None), ("soon", None), ("99999", None), ("3", DAY - days(17))):
        entry.details = {**entry.details, "default_visit_interval_days": typed}
        entry.save()
        assert due_on(person) == expected, typed


@pytest.mark.parametrize(
    ("due", "tried", "expected"),
    [(-1, None, "late"), (0, None, "today"), (1, None, "week"), (-9, -1, "week"), (-9, -2, "late"), (0, -2, "today")],
)
def test_it_says_how_a_visit_stands(due, tried, expected):
    tried_on = DAY + days(tried) if tried is not None else None
    assert urgency(DAY + days(due), tried_on, DAY) == expected
    assert try_on(DAY + days(due), tried_on) >= DAY + days(due)


def recounted() -> list:
    """When everybody is due, by the rule in other words: need by need, in Python."""
    intervals = {
        code: int(found["default_visit_interval_days"])
        for code, found in Code.objects.filter(table="service_need").values_list("code", "details")
    }
    stays = dict(Residence.objects.filter(kind="living", ends=None).values_list("resident", "area"))
    met: dict[int, date] = {}
    for who, day in Visit.objects.standing().filter(outcome__in=("met", "refused")).values_list("resident", "day"):
        met[who] = max(day, met.get(who, day))
    found: dict[int, date] = {}
    today = timezone.localdate()
    for wanted in Need.objects.exclude(ends__lte=today):
        if wanted.resident_id in stays:
            due = max(wanted.starts, met.get(wanted.resident_id, wanted.starts)) + days(intervals[wanted.tag])
            found[wanted.resident_id] = min(due, found.get(wanted.resident_id, due))
    return sorted((who, stays[who], due) for who, due in found.items())


def kept() -> list:
    today = timezone.localdate()
    return sorted(VisitDue.objects.filter(since__lte=today, until__gt=today).values_list("resident", "area", "due_on"))


def test_the_town_was_kept_right_as_it_was_copied_in():
    assert len(kept()) > 100
    assert kept() == recounted()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=12))
def test_it_stays_right_after_any_mix_of_changes(door, acts):
    people = [lodger(door) for _ in range(2)]
    today = timezone.localdate()
    for act, ago, pick in acts:
        change(people[pick % 2], act, today - days(ago), pick)
    assert kept() == recounted()
    recount_due()
    assert kept() == recounted()


def change(person: Resident, act: int, day: date, pick: int) -> None:
    if act == 0 and not person.needs.filter(tag="elder_alone", starts=day).exists():
        need(person, "elder_alone", day)
    elif act == 1 and not person.needs.filter(tag="veteran", starts=day).exists():
        need(person, "veteran", day, ends=day + days(45))
    elif act in (2, 3):
        visit(person, day, ("met", "no_answer", "refused", "moved")[pick % 4])
    elif act == 4:
        person.needs.filter(starts=day).delete()
    elif act == 5 and (wrong := person.visits.standing().first()):
        VisitWithdrawal.objects.create(visit=wrong, at=wrong.at, by=wrong.by, area=wrong.area)
    elif act == 6:
        person.residences.update(ends=day if pick % 2 else None)
    elif act == 7:
        person.residences.update(area="110113001006002")


def test_it_is_quick_for_a_large_community(django_assert_max_num_queries):
    with applied(Scope.of(["110113001"])), django_assert_max_num_queries(2):
        assert find_owed(Scope.of(["110113001006"]), timezone.localdate())


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO grid_visitdue SELECT * FROM grid_visitdue",
        "UPDATE grid_visitdue SET due_on = due_on",
        "DELETE FROM grid_visitdue",
        "UPDATE grid_visit SET note = ''",
        "DELETE FROM grid_visit",
        "DELETE FROM grid_visitwithdrawal",
    ],
)
def test_the_runtime_login_rewrites_nothing(sql):
    with pytest.raises(ProgrammingError, match="permission denied"), applied(Scope.of(["11"])):
        connection.cursor().execute(sql)


def test_a_recount_finds_and_mends_what_was_kept_wrongly():
    wrong = VisitDue.objects.first()
    VisitDue.objects.filter(pk=wrong.pk).update(due_on=wrong.due_on + days(1))
    assert recount_due(mend=False) == 1
    assert recount_due() == 1
    assert recount_due() == 0
    assert VisitDue.objects.get(pk=wrong.pk).due_on == wrong.due_on
