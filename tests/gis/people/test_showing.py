"""A person as each role may see them: the table of standards §10.3, role by role."""

from datetime import date

import pytest

from gis.models import Residence, User
from gis.people.finding import living
from gis.people.showing import age_on, show_people, show_person
from tests.web.pages.street import A, build_street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def stay() -> Residence:
    return living().filter(area=A).select_related("resident", "dwelling__building__compound").earliest("pk")


def shown(who: str, **how):
    one = stay()
    return show_person(one.resident, User.objects.get(username=who).access, one, **how)


@pytest.mark.parametrize(
    ("who", "name", "identity", "phone"),
    [
        ("paper-worker", "赵一", "**************000X", "***0000"),
        ("paper-community", "赵一", "**************000X", "***0000"),
        ("paper-street", "赵*", "**************000X", "***0000"),
        ("paper-district", "赵*", "", ""),
        ("paper-planner", "–", "", ""),
        ("paper-officer", "–", "", ""),
        ("paper-admin", "–", "", ""),
        ("paper-other", "–", "", ""),
    ],
)
def test_it_masks_by_role(who, name, identity, phone):
    one = stay().resident
    one.name, one.identity_last4, one.phone_last4 = "赵一", "000X", "0000"
    person = show_person(one, User.objects.get(username=who).access)
    assert (person.name, person.identity, person.phone) == (name, identity, phone)


def test_it_opens_the_phone_on_the_record_for_whom_it_is_full():
    assert len(shown("paper-worker", whole=True).phone) == 11
    assert shown("paper-worker").phone.startswith("***")
    assert shown("paper-street", whole=True).phone.startswith("***")


def test_it_keeps_the_mask_where_the_seal_was_made_with_another_key(settings):
    settings.PEOPLE_KEY = "k" * 40
    assert shown("paper-worker", whole=True).phone.startswith("***")


def test_it_shows_the_birth_date_or_the_age():
    assert shown("paper-worker").born is not None
    person = shown("paper-street")
    assert person.born is None
    assert person.age >= 30


def test_it_shows_the_door_the_building_or_the_cell():
    door, building, cell = (shown(who).place for who in ("paper-worker", "paper-street", "paper-district"))
    assert door.dwelling is not None
    assert (building.dwelling, building.building is not None) == (None, True)
    assert (cell.dwelling, cell.building, cell.area) == (None, None, A)
    assert shown("paper-other").place is None


def test_it_shows_needs_one_by_one_to_own_staff_only():
    roles = ("paper-worker", "paper-community", "paper-street", "paper-district")
    assert [shown(who).needs for who in roles] == [True, True, False, False]


def test_it_shows_a_list_with_where_each_lives(django_assert_num_queries):
    residents = [one.resident for one in living().filter(area=A).select_related("resident")]
    access = User.objects.get(username="paper-worker").access
    with django_assert_num_queries(1):
        people = show_people(residents, access)
    assert all(person.place.dwelling for person in people)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 5, 2), date(2026, 5, 1), 25),
        (date(2000, 5, 2), date(2026, 5, 2), 26),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (None, date(2026, 1, 1), None),
    ],
)
def test_it_counts_full_years(born, day, age):
    assert age_on(born, day) == age
