"""The form of one door: who lives there, whole or not at all, by whoever may. Everybody here is invented."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gis.accounts.scope import applied
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Building, DoorNote, Dwelling, Household, Need, Residence, Resident
from gis.people.door_form import save_door
from gis.people.sealing import blind_index, open_seal
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, COMMUNITY, EVERYONE, OTHER_STREET

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
DAY = date(2026, 5, 20)
NUMBER = "110113198001019990"
OTHER_CELL = f"{COMMUNITY}002"
WRITERS = {"wang", "zhou"}


@pytest.fixture(autouse=True)
def invented(settings) -> None:
    settings.SYNTHETIC_IDS = True


def home_in(area: str) -> Dwelling:
    """A dwelling where a family lives."""
    found = Residence.objects.filter(area=area, kind="living", ends=None).exclude(household=None).order_by("dwelling")
    return found.first().dwelling


@pytest.fixture
def home(db) -> Dwelling:
    return home_in(CELL)


@pytest.fixture
def save(cast):
    """`save(door, as_="zhou", answer=…)`: the form as that account, under row-level security."""

    def sent(door: Dwelling, /, as_: str = "wang", **body) -> dict:
        access = cast[as_].access
        with applied(access.which("people.count")):
            whole = {"building": door.building_id, "door": door.pk} | body
            return save_door(whole, by=cast[as_], access=access, at=NOW)

    return sent


def person(**facts) -> dict:
    return {"add": {"name": "甲乙丙", "relation": "10"} | facts}


def living_at(door: Dwelling):
    return Residence.objects.filter(dwelling=door, kind="living", ends=None)


def test_it_saves_a_whole_form(home, save):
    first, *_rest = stays = list(living_at(home).order_by("pk"))
    before = Resident.objects.count()
    sent = save(
        home,
        answer="answered",
        state="rented",
        was=home.state,
        people=[
            {"stay": first.pk, "confirmed": True, "phone": "138 0000 4321", "was": first.resident.phone_last4},
            person(number=NUMBER, phone="13900001111"),
        ],
    )
    assert sent["door"]["state"] == "rented"
    first.refresh_from_db()
    assert first.confirmed_on == DAY
    assert open_seal(first.resident.phone_sealed) == "13800004321"
    new = Residence.objects.get(pk=sent["stays"][0])
    assert (new.dwelling, new.area, new.starts, new.relation) == (home, CELL, DAY, "10")
    assert (new.resident.sex, new.resident.born, new.resident.identity_last4) == ("1", date(1980, 1, 1), "9990")
    assert bytes(new.resident.identity_index) == blind_index(NUMBER)
    assert new.household_id in {stay.household_id for stay in stays}
    assert Resident.objects.count() == before + 1
    assert set(DoorNote.objects.filter(dwelling=home.pk).values_list("what", flat=True)) == {
        "answered", "corrected", "moved_in",
    }  # fmt: skip
    assert wrong_areas() == set()


def test_its_outcome_and_its_notes_name_nobody(home, save):
    sent = save(home, people=[person(number=NUMBER, phone="13900001111")])
    said = str(sent) + str(list(DoorNote.objects.filter(dwelling=home.pk).values()))
    assert not [word for word in ("甲乙丙", NUMBER, "9990", "13900001111", "1111") if word in said]


def test_it_ends_a_stay_and_the_household_nobody_is_left_in(home, save):
    stays = list(living_at(home))
    save(home, people=[{"stay": stay.pk, "left": "2026-05-01"} for stay in stays])
    assert not living_at(home).exists()
    assert set(Residence.objects.filter(pk__in=[stay.pk for stay in stays]).values_list("ends", flat=True)) == {
        date(2026, 5, 1)
    }
    assert not Household.objects.filter(pk__in=[stay.household_id for stay in stays]).exists()
    assert wrong_areas() == set()


def test_it_takes_a_departure_back(home, save):
    stay = living_at(home).first()
    save(home, people=[{"stay": stay.pk, "left": "2026-05-01"}])
    save(home, people=[{"stay": stay.pk, "back": True}])
    stay.refresh_from_db()
    assert stay.ends is None
    assert stay.household is not None
    assert wrong_areas() == set()


def test_it_finds_an_empty_home_occupied_where_somebody_moved_in(save):
    empty = Dwelling.objects.filter(area=CELL, state="empty", residences=None).first()
    assert save(empty, people=[person(relation="02")])["door"]["state"] == "occupied"
    assert Household.objects.filter(dwelling=empty).count() == 1


def test_a_second_head_keeps_a_household_of_their_own(home, save):
    living_at(home).update(relation="10")
    living_at(home).filter(pk=living_at(home).first().pk).update(relation="02")
    sent = save(home, people=[person(relation="02")])
    other = Residence.objects.get(pk=sent["stays"][0]).household_id
    assert other not in set(living_at(home).exclude(pk=sent["stays"][0]).values_list("household", flat=True))
    assert wrong_areas() == set()


def known_person(area: str, number: str = NUMBER, name: str = "甲乙丙") -> Residence:
    door = home_in(area)
    resident = Resident.objects.create(
        name=name, area=area, identity_index=blind_index(number), identity_last4=number[-4:], phone_last4="7777"
    )
    Need.objects.create(resident=resident, tag="elder_alone", starts=DAY, area=area)
    return Residence.objects.create(resident=resident, dwelling=door, starts=date(2020, 1, 1), area=area)


def test_somebody_known_in_scope_moves(home, save):
    stay = known_person(OTHER_CELL)
    sent = save(home, as_="zhou", people=[person(number=NUMBER)])
    stay.refresh_from_db()
    moved = Residence.objects.get(pk=sent["stays"][0])
    assert stay.ends == DAY
    assert (moved.resident_id, moved.resident.area) == (stay.resident_id, CELL)
    assert moved.resident.needs.get().area == CELL
    assert wrong_areas() == set()


def test_somebody_who_lives_here_already_is_the_same_stay(home, save):
    first = save(home, people=[person(number=NUMBER)])
    assert save(home, people=[person(number=NUMBER)])["stays"] == first["stays"]
    assert DoorNote.objects.filter(dwelling=home.pk, what="moved_in").count() == 1


def test_it_tells_nothing_of_somebody_known_out_of_scope(home, save):
    """Wang may not learn that a number is known in the next cell, nor end the stay there, nor see what it holds."""
    stay = known_person(OTHER_CELL, name="丁")
    as_new = save(home, people=[person(number="110113198001019970", name="戊己")])
    known = save(home, people=[person(number=NUMBER)])
    assert known.keys() == as_new.keys()
    assert known["door"] == as_new["door"]
    stay.refresh_from_db()
    assert stay.ends is None
    double = Residence.objects.get(pk=known["stays"][0]).resident
    assert double.pk != stay.resident_id
    assert (double.name, double.phone_last4, double.needs.count(), double.doubled) == ("甲乙丙", "", 0, True)
    assert wrong_areas() == set()


def test_a_double_becomes_one_where_both_places_are_ones_own(home, save):
    stay = known_person(OTHER_CELL)
    double = Residence.objects.get(pk=save(home, people=[person(number=NUMBER)])["stays"][0]).resident_id
    again = save(home, people=[person(number=NUMBER)])  # Wang again: still the double, and only one
    assert Residence.objects.get(pk=again["stays"][0]).resident_id == double
    sent = save(home, as_="zhou", people=[person(number=NUMBER)])
    stay.refresh_from_db()
    assert stay.ends == DAY
    assert Residence.objects.get(pk=sent["stays"][0]).resident_id == stay.resident_id
    assert not Resident.objects.filter(pk=double).exists()
    assert Resident.objects.get(pk=stay.resident_id).area == CELL
    assert wrong_areas() == set()


def test_it_refuses_a_number_that_is_somebody_elses_in_scope(home, save):
    known_person(CELL, name="丁")
    with pytest.raises(Refused) as caught:
        save(home, people=[person(number=NUMBER)])
    assert set(caught.value.fields) == {"name"}
    assert "丁" not in str(caught.value) + str(caught.value.fields)


def test_it_asks_whether_a_namesake_is_the_same(home, save):
    here = save(home, people=[person()])["stays"]
    with pytest.raises(Conflict) as caught:
        save(home, people=[person()])
    assert caught.value.theirs == {"namesakes": here}
    assert save(home, people=[person() | {"another": True}])["stays"] != here


def test_two_phones_on_one_household_see_both_sides_at_once(home, save):
    stay = living_at(home).first()
    seen = stay.resident.phone_last4
    save(
        home,
        as_="zhou",
        answer="answered",
        state="rented",
        was=home.state,
        people=[{"stay": stay.pk, "phone": "13800004321", "was": seen}],
    )
    mine = {
        "answer": "answered",
        "state": "empty",
        "was": home.state,
        "people": [{"stay": stay.pk, "phone": "13800009999", "was": seen}],
    }
    with pytest.raises(Conflict) as caught:
        save(home, **mine)
    assert caught.value.theirs["state"] == "rented"
    assert caught.value.theirs["people"] == {str(stay.pk): {"phone": "***4321"}}
    stay.resident.refresh_from_db()
    assert stay.resident.phone_last4 == "4321"
    assert DoorNote.objects.filter(dwelling=home.pk, what="answered").count() == 1
    # Knowing theirs, mine is chosen.
    chosen = mine | {"was": "rented", "people": [{"stay": stay.pk, "phone": "13800009999", "was": "4321"}]}
    assert save(home, **chosen)["door"]["state"] == "empty"


def test_two_who_write_of_different_things_do_not_conflict(home, save):
    one, two, *_ = living_at(home).order_by("pk") if living_at(home).count() > 1 else [*living_at(home)] * 2
    save(home, as_="zhou", people=[{"stay": one.pk, "confirmed": True}])
    save(home, people=[{"stay": two.pk, "left": "2026-05-01"}])
    save(home, as_="zhou", people=[{"stay": two.pk, "left": "2026-05-01"}])
    with pytest.raises(Conflict) as caught:
        save(home, as_="zhou", people=[{"stay": two.pk, "left": "2026-04-01"}])
    assert caught.value.theirs["people"] == {str(two.pk): {"left": "2026-05-01"}}
    save(home, people=[{"stay": two.pk, "left": "2026-04-01", "was_left": "2026-05-01"}])
    two.refresh_from_db()
    assert two.ends == date(2026, 4, 1)


def test_it_stores_nothing_of_a_form_with_one_wrong_part(home, save):
    stay = living_at(home).first()
    with pytest.raises(Refused):
        save(home, answer="answered", people=[{"stay": stay.pk, "left": "2026-05-01"}, person(name="")])
    stay.refresh_from_db()
    assert stay.ends is None
    assert not DoorNote.objects.filter(dwelling=home.pk).exists()


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_may(name, home, save):
    if name in WRITERS:
        assert save(home, as_=name, answer="no_answer")["door"]["answer"] == "no_answer"
        return
    with pytest.raises(OutOfScope if name == "chen" else NotAllowed):
        save(home, as_=name, answer="no_answer")


def test_it_reaches_no_stay_of_another_door_or_area(home, save):
    elsewhere = living_at(Dwelling.objects.filter(area=CELL).exclude(pk=home.pk).filter(residences__ends=None).first())
    beyond = Residence.objects.filter(area__startswith=OTHER_STREET).first() or known_person(OTHER_CELL)
    for stay in (elsewhere.first().pk, beyond.pk, None, "1", True, -1, 2**70):
        with pytest.raises((OutOfScope, Refused)):
            save(home, people=[{"stay": stay, "left": "2026-05-01"}])


@pytest.mark.parametrize(
    "body",
    [
        {"door": None}, {"door": ["1"]}, {"door": ["1", 2]}, {"door": 2**80}, {"door": True}, {"people": "all"},
        {"people": [1]}, {"people": [{}] * 61}, {"people": [{"add": 5}]}, {"answer": "maybe"}, {"state": ["x"]},
        {"rename": 7}, {"end": "burnt"}, {"building": None}, {"building": "1"}, {"building": 2**70},
    ],
)  # fmt: skip
def test_it_refuses_nonsense(body, home, save):
    with pytest.raises((Refused, OutOfScope)):
        save(home, **body)


def test_it_knows_a_door_by_its_name_too(home, save):
    assert save(home, door=[home.unit, home.room], answer="no_answer")["door"]["id"] == home.pk


def test_a_written_time_to_come_counts_as_now(home, cast):
    with applied(cast.wang.access.which("people.count")):
        body = {"building": home.building_id, "door": home.pk, "answer": "answered"}
        sent = save_door(body, by=cast.wang, access=cast.wang.access, at=NOW + timedelta(days=4000))
    assert sent["door"]["standing"] == "verified"


def test_the_town_has_what_these_tests_need(db):
    assert Building.objects.filter(area=OTHER_CELL).exists()


def test_no_gap_in_the_keys_tells_that_a_number_is_known_elsewhere(home, save):
    """Keys that a worker sees count on by one, whether the number was new or belongs to another street's resident."""
    Resident.objects.create(
        name="丁戊己", sex="1", area=OTHER_STREET, identity_sealed=b"x", identity_index=blind_index(NUMBER)
    )
    numbers = ["110113198001019991", NUMBER, "110113198001019992"]
    for turn, number in enumerate(numbers):
        save(home, people=[person(name=f"甲乙{'丙丁戊'[turn]}", number=number)])
    keys = list(Resident.objects.order_by("-pk").values_list("pk", flat=True)[:3])
    assert keys[0] - keys[2] == 2
