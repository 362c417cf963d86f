"""Adding, renaming, ending and taking back doors."""

from datetime import UTC, datetime

import pytest

from gis.errors import Conflict, Refused
from gis.models import Building, DoorNote, Dwelling, Residence
from gis.places.door_plans import NewDoor
from gis.places.doors import add_doors, end_door, read_door, remove_doors, rename_door, restore_door, set_state
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
NEW = [NewDoor("7", 1, "101"), NewDoor("7", 1, "102")]


@pytest.fixture
def building(db) -> Building:
    found = Building.objects.filter(area=CELL, dwellings__residences__isnull=False).order_by("pk").first()
    return Building.objects.get(pk=found.pk)


@pytest.fixture
def act(cast) -> dict:
    return {"by": cast.wang, "at": NOW}


def test_it_adds_doors_with_the_buildings_area_and_notes_who(building, act, cast):
    made = add_doors(building, NEW, **act)
    assert [(door.unit, door.floor, door.room, door.area) for door in made.added] == [
        ("7", 1, "101", CELL), ("7", 1, "102", CELL),
    ]  # fmt: skip
    notes = DoorNote.objects.filter(building=building.pk, what="added")
    assert {(note.door, note.by) for note in notes} == {("7单元101", cast.wang), ("7单元102", cast.wang)}
    assert wrong_areas() == set()


def test_it_leaves_what_another_has_added_meanwhile(building, act):
    first = add_doors(building, NEW[:1], **act).added
    again = add_doors(building, NEW, **act)
    assert again.present == first
    assert [door.room for door in again.added] == ["102"]


def test_it_shows_where_a_number_stands_already(building, act):
    add_doors(building, NEW, **act)
    with pytest.raises(Conflict) as caught:
        add_doors(building, [NewDoor("7", 2, "101")], **act)
    assert caught.value.theirs == {"doors": [["7", 1, "101"]]}


def test_it_restores_a_door_that_was_gone(building, act):
    door = add_doors(building, NEW[:1], **act).added[0]
    end_door(door, "merged", **act)
    assert add_doors(building, NEW[:1], **act).added == [door]
    door.refresh_from_db()
    assert door.state == "unknown"
    assert wrong_areas() == set()


def test_it_refuses_too_many_or_none(building, act):
    for wanted in ([], [NewDoor("1", 1, str(n)) for n in range(1001)]):
        with pytest.raises(Refused):
            add_doors(building, wanted, **act)


def test_it_takes_an_addition_back_even_twice(building, act):
    keys = [door.pk for door in add_doors(building, NEW, **act).added]
    assert remove_doors(building, keys, **act) == 2
    assert remove_doors(building, keys, **act) == 0
    assert not Dwelling.objects.filter(pk__in=keys).exists()
    assert DoorNote.objects.filter(what="removed", door="7单元101").exists()
    assert wrong_areas() == set()


def test_it_takes_back_a_restored_door_by_ending_it(building, act):
    door = add_doors(building, NEW[:1], **act).added[0]
    set_state(door, "empty", **act)
    end_door(door, "demolished", **act)
    add_doors(building, NEW[:1], **act)
    remove_doors(building, [door.pk], **act)
    door.refresh_from_db()
    assert door.state == "gone"


def test_it_never_takes_away_a_door_where_people_live_or_that_was_visited(building, act):
    lived_in = building.dwellings.filter(residences__ends=None, residences__isnull=False).first()
    seen = add_doors(building, NEW[:1], **act).added[0]
    set_state(seen, "empty", **act)
    for door in (lived_in, seen):
        with pytest.raises(Refused, match="不能撤销"):
            remove_doors(building, [door.pk], **act)


def test_it_takes_away_no_door_of_another_building(building, act):
    other = Dwelling.objects.exclude(building=building).first()
    assert remove_doors(building, [other.pk], **act) == 0


def test_it_renames_and_remembers_the_old_name(building, act):
    door = add_doors(building, NEW[:1], **act).added[0]
    rename_door(door, NewDoor("7", 1, "101A"), was=NEW[0], **act)
    note = DoorNote.objects.get(dwelling=door.pk, what="renamed")
    assert (note.before, note.after) == ("7单元101", "7单元101A")
    assert rename_door(door, NewDoor("7", 1, "101A"), was=NEW[0], **act).room == "101A"


def test_it_shows_the_other_name_where_two_rename(building, act):
    door = add_doors(building, NEW[:1], **act).added[0]
    rename_door(door, NewDoor("7", 1, "103"), was=NEW[0], **act)
    with pytest.raises(Conflict) as caught:
        rename_door(door, NewDoor("7", 1, "104"), was=NEW[0], **act)
    assert caught.value.theirs == {"unit": "7", "floor": 1, "room": "103"}


def test_it_refuses_a_name_twice(building, act):
    door = add_doors(building, NEW, **act).added[0]
    with pytest.raises(Refused) as caught:
        rename_door(door, NEW[1], **act)
    assert "room" in caught.value.fields


def test_it_ends_no_door_where_somebody_lives(building, act):
    door = building.dwellings.filter(residences__ends=None, residences__isnull=False).first()
    with pytest.raises(Refused, match="住户"):
        end_door(door, "merged", **act)
    Residence.objects.filter(dwelling=door).update(ends=NOW.date())
    assert end_door(door, "merged", **act).state == "gone"
    assert restore_door(door, **act).state == "unknown"
    assert wrong_areas() == set()


def test_it_corrects_a_state_without_verifying(building, act):
    door = add_doors(building, NEW[:1], **act).added[0]
    assert set_state(door, "rented", was="unknown", **act).verified_on is None
    with pytest.raises(Conflict) as caught:
        set_state(door, "empty", was="unknown", **act)
    assert caught.value.theirs == {"state": "rented"}
    with pytest.raises(Refused):
        set_state(door, "gone", **act)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (("3单元", 4, " ４０２室 "), NewDoor("3", 4, "402")),
        (("", "", "门 房"), NewDoor("", None, "门房")),
        (("", "−1", "b101"), NewDoor("", -1, "b101")),
        ((None, None, "1"), NewDoor("", None, "1")),
    ],
)
def test_it_reads_a_door_in_one_spelling(typed, read):
    assert read_door(*typed) == read


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("1", 1, ""), "room"), (("1", 1, "x" * 21), "room"), (("1" * 11, 1, "1"), "unit"), (("1", "二", "1"), "floor"),
        (("1", 201, "1"), "floor"), (("1", "1.5", "1"), "floor"), (("1", [1], "1"), "floor"), (("1", 1, 101), "room"),
    ],
)  # fmt: skip
def test_it_names_the_field_it_cannot_read(typed, field):
    with pytest.raises(Refused) as caught:
        read_door(*typed)
    assert set(caught.value.fields) == {field}
