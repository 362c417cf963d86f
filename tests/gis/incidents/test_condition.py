"""The condition of a component: what its survey says, corrected by the cases about it since."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import Point

from gis import crs
from gis.incidents.condition import with_condition
from gis.models import Category, Component, Incident

SURVEY = date(2026, 3, 5)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def condition(component: Component, cases=None) -> str:
    cases = Incident.objects.all() if cases is None else cases
    return with_condition(Component.objects.all(), cases).get(pk=component.pk).condition


@pytest.fixture
def lamp(db) -> Component:
    place = Point(116.605, 40.107, srid=crs.STORE)
    return Component.objects.create(
        code="9901010118000001", kind="0118", position=place, area="990101001001001", state="damaged",
        surveyed_on=SURVEY,
    )  # fmt: skip


def case(lamp: Component, state: str, closed: datetime | None = None) -> Incident:
    return Incident.objects.create(
        number=f"T{Incident.objects.count():05d}", category=Category.objects.filter(kind="community").first(),
        reported_at=at(1), position=lamp.position, area=lamp.area, component=lamp, state=state, closed_at=closed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("surveyed", "cases", "shown"),
    [
        ("damaged", [], "damaged"),
        ("intact", [("reported", None)], "reported"),
        ("damaged", [("closed", at(4))], "damaged"),  # before the survey: broken again, or still
        ("damaged", [("closed", at(5))], "intact"),
        ("missing", [("closed", at(9))], "intact"),
        ("missing", [("rejected", at(9)), ("duplicate", at(9))], "missing"),
        ("damaged", [("closed", at(9)), ("in_progress", None)], "reported"),
        ("disused", [("in_progress", None)], "disused"),
    ],
)
def test_a_condition_follows_the_cases(lamp, surveyed, cases, shown):
    lamp.state = surveyed
    lamp.save()
    for state, closed in cases:
        case(lamp, state, closed)
    assert condition(lamp) == shown


def test_the_day_of_a_closing_is_the_local_one(lamp):
    case(lamp, "closed", at(5, hour=0))  # 16:00 of the 4th in UTC
    assert condition(lamp) == "intact"


def test_without_a_day_of_survey_any_closed_case_counts(lamp):
    lamp.surveyed_on = None
    lamp.save()
    case(lamp, "closed", at(1))
    assert condition(lamp) == "intact"


def test_whoever_reads_no_case_sees_what_the_survey_says(lamp):
    case(lamp, "in_progress")
    assert condition(lamp, Incident.objects.none()) == "damaged"
