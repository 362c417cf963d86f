"""What is known of a person, as each reader may see it: who said it, when, and who said otherwise."""

import datetime as dt

import pytest

from gis.collection.door_answers import sealed_value
from gis.collection.showing import known_of
from gis.models import Department, Dwelling, Fact, Field, Resident
from tests.cast import CELL
from tests.gis.collection.test_forms import TODAY
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(db) -> Dwelling:
    return Dwelling.objects.filter(area=CELL, residences=None).first()


@pytest.fixture
def person(door) -> Resident:
    return lodger(door)


def say(code: str, value: str, days_ago: int = 0, department: str = "", **subject) -> Fact:
    field = Field.objects.get(code=code)
    told = sealed_value(value) if field.sealed else {"value": value}
    owner = Department.objects.get(code=department) if department else None
    day = TODAY - dt.timedelta(days=days_ago)
    return Fact.objects.create(field=field, source="visit", department=owner, said_on=day, **told, **subject)


def known(person: Resident, cast, who: str, stay=None) -> dict:
    return {one.field.code: one for one in known_of(person, stay, cast[who].access, TODAY)}


def test_the_newest_counts_and_the_earlier_ones_stay(cast, person):
    say("employment", "在职", 300, resident=person)
    say("employment", "退休", 10, resident=person)
    found = known(person, cast, "wang")["employment"]
    assert (found.now.value, [told.value for told in found.earlier], found.otherwise) == ("退休", ["在职"], None)


def test_what_is_said_against_the_owner_waits_for_the_owner(cast, person):
    say("employment", "失业", 90, "labour", resident=person)
    say("employment", "在职", 5, resident=person)
    found = known(person, cast, "zhou")["employment"]
    assert (found.now.value, found.otherwise.value) == ("失业", "在职")
    say("employment", "在职", 1, "labour", resident=person)
    assert known(person, cast, "zhou")["employment"].otherwise is None


def test_each_reader_sees_by_the_rule_of_the_field(cast, person):
    say("emergency_phone", "13800139999", resident=person)
    say("permit_number", "110113199901019999", resident=person)
    say("meal_help", "1", resident=person)
    shown = {who: {code: one.now.value for code, one in known(person, cast, who).items()} for who in cast.accounts}
    assert shown["wang"] == {"emergency_phone": "13800139999", "permit_number": "***9999", "meal_help": "是"}
    assert shown["zhou"] == {"emergency_phone": "13800139999", "permit_number": "***9999", "meal_help": "是"}
    assert shown["li"] == {"emergency_phone": "***9999", "permit_number": "***9999"}
    assert all(shown[who] == {} for who in ("sun", "chen", "zhao", "he", "admin"))


def test_a_short_number_that_is_masked_shows_nothing_of_itself(cast, person):
    say("emergency_phone", "12345", resident=person)
    assert known(person, cast, "li")["emergency_phone"].now.value == "***"


def test_what_is_known_of_the_home_is_shown_with_the_door_only(cast, person, door):
    say("heating", "电", dwelling=door)
    assert known(person, cast, "wang", person.residences.get())["heating"].now.value == "电"
    assert known(person, cast, "wang") == {}


def test_what_has_ended_and_what_is_not_yet_so_do_not_count(cast, person):
    say("employment", "在职", 300, resident=person)
    Fact.objects.update(until=TODAY)
    assert known(person, cast, "wang") == {}
    say("employment", "退休", -5, resident=person)
    assert known(person, cast, "wang") == {}
    say("employment", "", 1, resident=person)
    assert known(person, cast, "wang")["employment"].now.value == "无"


def test_the_page_of_a_person_shows_it_to_who_may(cast, person, client_of):
    say("employment", "灵活就业", 3, "labour", resident=person)
    told = client_of("wang").get(f"/residents/{person.pk}/").content.decode()
    assert "灵活就业" in told
    assert "人力资源和社会保障局" in told
    assert "灵活就业" not in client_of("li").get(f"/residents/{person.pk}/").content.decode()
