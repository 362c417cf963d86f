"""Open cases on another calendar: what would move, what moves, and what was given from elsewhere stays."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis.incidents.arrangement import read_arrangement
from gis.incidents.holidays import OFF, WORK, Day, YearCalendar, calendar_in_force
from gis.incidents.keeping_calendar import replace_days, set_day, set_hours, with_days
from gis.incidents.resetting import changed_days, count_shifts, put_on, set_all_alarms
from gis.models import Alarm, Incident
from tests.gis.incidents.loop import a_case
from tests.gis.incidents.test_clock import moved

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
#: Invented: Spring Festival 2027 off from Saturday 6 to Friday 12 February, Sunday the 14th worked.
FESTIVAL = "2027-02-06至2027-02-12 休 春节\n2027-02-14 班 春节调休"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def filed(cast, monkeypatch):
    """4 working hours from Friday 5 February 2027, 16:00, which it is; nothing else is open."""
    monkeypatch.setattr(timezone, "now", lambda: local("2027-02-05T16:00"))
    Incident.objects.all().update(state="closed")
    incident = a_case(at=local("2027-02-05T15:00"))
    moved(cast, incident, "zhou", "file", "2027-02-05T16:00")
    assert incident.due_at == local("2027-02-08T11:00")
    return incident


def festival() -> tuple[YearCalendar, YearCalendar]:
    """The calendar before and with the festival."""
    before = calendar_in_force()
    return before, with_days(before, [2027], read_arrangement(FESTIVAL, 2027).days.values())


def test_it_counts_what_would_move_and_changes_nothing(filed):
    before, after = festival()
    assert count_shifts(before, after) == 1
    assert count_shifts(before, before) == 0
    filed.refresh_from_db()
    assert filed.due_at == local("2027-02-08T11:00")
    assert calendar_in_force() == before


def test_it_moves_limits_and_alarms_and_is_safe_to_run_again(filed):
    replaced = replace_days([2027], read_arrangement(FESTIVAL, 2027).days.values())
    late = Alarm.objects.get(incident=filed, rule="case_late").at
    assert (put_on(replaced), put_on(replaced)) == (1, 0)
    filed.refresh_from_db()
    assert filed.due_at == local("2027-02-14T11:00")
    assert Alarm.objects.get(incident=filed, rule="case_late").at == filed.due_at > late


def test_taking_the_change_back_brings_the_limits_back(filed):
    put_on(replace_days([2027], read_arrangement(FESTIVAL, 2027).days.values()))
    put_on(replace_days([2027], []))
    filed.refresh_from_db()
    assert filed.due_at == local("2027-02-08T11:00")


def test_a_limit_given_from_elsewhere_stays(filed):
    Incident.objects.filter(pk=filed.pk).update(due_at=local("2027-02-10T12:34"), stage_due_at=None)
    before, after = festival()
    assert count_shifts(before, after) == 0
    put_on(replace_days([2027], read_arrangement(FESTIVAL, 2027).days.values()))
    filed.refresh_from_db()
    assert filed.due_at == local("2027-02-10T12:34")


def test_what_ends_before_the_first_changed_day_is_not_even_read(filed, django_assert_max_num_queries):
    before = calendar_in_force()
    far = with_days(before, [2028], [Day(date(2028, 5, 1), OFF, "劳动节")])
    with django_assert_max_num_queries(1):
        assert count_shifts(before, far) == 0


def test_a_year_is_replaced_as_a_whole_and_a_day_by_itself():
    replace_days([2027], read_arrangement(FESTIVAL, 2027).days.values())
    replace_days([2027], [Day(date(2027, 1, 1), OFF, "元旦")])
    assert [day for day in calendar_in_force().days if day.year == 2027] == [date(2027, 1, 1)]
    set_day(date(2027, 1, 2), WORK, "元旦调休")
    assert calendar_in_force().work.is_worked(date(2027, 1, 2))
    set_day(date(2027, 1, 2), "", "")
    assert not calendar_in_force().work.is_worked(date(2027, 1, 2))


def test_other_hours_count_at_once(filed):
    put_on(set_hours(((30600, 43200), (50400, 64800))))  # 8:30–12, 14–18
    filed.refresh_from_db()
    assert filed.due_at == local("2027-02-08T10:30")


def test_a_calendar_goes_through_a_job_and_comes_back():
    calendar = calendar_in_force()
    assert YearCalendar.from_json(calendar.as_json()) == calendar


def test_only_days_that_count_otherwise_are_changed_days():
    before = calendar_in_force()
    renamed = with_days(before, [2027], [Day(date(2027, 2, 6), OFF, "春节")])  # a Saturday anyway
    assert changed_days(before.work, renamed.work) == []


def test_every_open_case_gets_the_alarms_of_the_rules_and_an_old_one_its_limits(filed):
    due = filed.due_at, filed.stage_due_at
    Alarm.objects.all().delete()
    Incident.objects.filter(pk=filed.pk).update(stage_due_at=None)
    assert set_all_alarms() == 1
    filed.refresh_from_db()
    assert (filed.due_at, filed.stage_due_at) == due
    assert {one.rule for one in Alarm.objects.filter(incident=filed)} == {
        "soon", "late", "late_still", "raise", "case_late",
    }  # fmt: skip
