"""Finding residents by what the one who asks may see of them, and by nothing else."""

from datetime import date

import pytest

from gis.models import Building, Posting, User
from gis.people.finding import Wanted, find_residents, years_before
from tests.web.pages.street import STREET, A, B, build_street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def found(who: str, **wanted) -> int:
    return find_residents(Wanted(**wanted), User.objects.get(username=who).access).count()


def test_it_finds_those_in_scope():
    assert [found(who) for who in ("paper-worker", "paper-community", "paper-street", "paper-other")] == [
        18,
        36,
        54,
        18,
    ]


def test_it_finds_none_for_a_role_that_reads_no_people():
    assert [found(who) for who in ("paper-planner", "paper-officer", "paper-admin")] == [0, 0, 0]


def test_it_finds_any_part_of_a_name_shown_in_full():
    assert found("paper-worker", text="八妹") == found("paper-worker", text="王八妹") > 0


def test_it_finds_by_surname_alone_where_only_that_is_shown():
    assert found("paper-street", text="王") > 0
    assert found("paper-street", text="王八妹") == 0
    assert found("paper-street", text="妹") == 0


def test_it_keeps_the_two_rules_apart_for_someone_with_two_postings():
    user = User.objects.get(username="paper-street")
    Posting.objects.create(user=user, role="grid_worker", area=A, starts=date(2024, 1, 1))
    assert found("paper-street", text="王八妹") == found("paper-worker", text="王八妹")


def test_it_finds_by_age_group():
    assert [found("paper-worker", age=age) for age in ("0-14", "15-34", "35-64", "65-79", "80")] == [0, 6, 0, 6, 6]


def test_it_finds_by_population_and_area():
    assert found("paper-community", population="floating") == 12
    assert found("paper-community", area=B) == 18


def test_it_finds_who_lives_in_a_building():
    building = Building.objects.filter(area=A).first()
    assert found("paper-street", building=building.pk) == 9


def test_it_finds_nobody_by_building_for_whom_the_building_is_hidden():
    building = Building.objects.filter(area=A).first()
    assert found("paper-district", building=building.pk) == 0


def test_it_finds_by_need_only_for_whom_needs_are_shown_one_by_one():
    assert found("paper-worker", need="elder_80plus") == 6
    assert found("paper-street", need="elder_80plus") == 0


def test_it_finds_nobody_of_another_street():
    assert found("paper-other", area=STREET) == 0


@pytest.mark.parametrize(
    ("years", "today", "day"),
    [
        (10, date(2026, 3, 1), date(2016, 3, 1)),
        (1, date(2024, 2, 29), date(2023, 2, 28)),
        (4, date(2024, 2, 29), date(2020, 2, 29)),
    ],
)
def test_it_knows_the_birthday_of_an_age(years, today, day):
    assert years_before(years, today) == day
