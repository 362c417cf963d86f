"""The doors of a building, storey above storey."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.models import Dwelling
from gis.places.numbering import Column, Style, natural, read_room
from gis.places.storeys import elevation, walking_order


def door(unit: str, floor: int | None, room: str) -> Dwelling:
    return Dwelling(unit=unit, floor=floor, room=room)


def rooms(view) -> list:
    return [(storey.floor, [[one.room for one in unit] for unit in storey.doors]) for storey in view.storeys]


def test_it_puts_the_top_floor_first_and_units_side_by_side():
    view = elevation([door("1", 1, "101"), door("2", 1, "101"), door("1", 2, "201")])
    assert view.units == ("1", "2")
    assert rooms(view) == [(2, [["201"], []]), (1, [["101"], ["101"]])]


def test_it_sorts_units_and_rooms_as_numbers():
    view = elevation([door("10", 1, "1002"), door("2", 1, "0901"), door("10", 1, "0999")])
    assert view.units == ("2", "10")
    assert rooms(view) == [(1, [["0901"], ["0999", "1002"]])]


def test_it_puts_cellars_below_and_unknown_floors_last():
    view = elevation([door("", None, "门房"), door("", -1, "B01"), door("", 1, "101")])
    assert [storey.floor for storey in view.storeys] == [1, -1, None]


def test_it_is_empty_for_a_building_without_doors():
    assert elevation([]).storeys == ()


def grid(view) -> list:
    """Rooms as drawn on paper: what is there, (what the pattern misses), + what stands beside."""
    return [
        (
            storey.floor,
            [
                " ".join([*(slot.room if slot.door else f"({slot.room})" for slot in part.slots), *beside(part)])
                for part in storey.parts
            ],
        )
        for storey in view.storeys
    ]


def beside(part) -> list[str]:
    return [f"+{door.room}" for door in part.beside]


def test_it_leaves_the_place_of_a_missing_door_open():
    view = elevation([door("1", 2, "201"), door("1", 2, "202"), door("1", 1, "102")])
    assert grid(view) == [(2, ["201 202"]), (1, ["(101) 102"])]


def test_it_shows_storeys_without_doors_between_others_but_no_floor_0():
    view = elevation([door("1", 3, "301"), door("1", -1, "B101")])
    assert grid(view) == [(3, ["301"]), (2, ["()"]), (1, ["()"]), (-1, ["B101"])]


def test_it_does_not_draw_a_tower_of_a_mistyped_floor():
    view = elevation([door("1", 1, "101"), door("1", 10101, "1010101")])
    assert view.floors == (10101, 1)


def test_it_keeps_odd_numbers_beside_the_columns():
    view = elevation([door("1", 6, "601"), door("1", 6, "501"), door("1", 1, "门房"), door("1", 1, "101")])
    assert grid(view)[0] == (6, ["601 +501"])
    assert grid(view)[-1] == (1, ["101 +门房"])


def test_it_gives_a_split_door_a_column_of_its_own_and_misses_it_nowhere():
    view = elevation([door("1", 2, "201"), door("1", 1, "101"), door("1", 1, "101A")])
    assert grid(view) == [(2, ["201 ()"]), (1, ["101 101A"])]


def test_it_writes_a_missing_number_as_its_neighbours_are_written():
    padded = elevation([door("", 3, "0301"), door("", 3, "0302"), door("", 2, "0202"), door("", 12, "1201")])
    assert grid(padded)[-1] == (2, ["(0201) 0202"])


def test_it_lists_a_village_without_units_by_number():
    view = elevation([door("", 1, number) for number in ("10", "9", "1", "2")])
    assert grid(view) == [(1, ["+1 +2 +9 +10"])]


def test_it_leaves_out_a_door_that_is_gone():
    assert elevation([Dwelling(room="101", floor=1, state="gone")]).storeys == ()


def test_it_walks_up_the_stairs_of_one_unit_after_the_other():
    low = [door(unit, floor, f"{floor}0{n}") for unit in "12" for floor in (1, 2) for n in (1, 2)]
    walked = [(one.unit, one.room) for one in walking_order(elevation(low))]
    assert walked == [(u, r) for u in "12" for r in ("101", "102", "201", "202")]


def test_it_walks_down_where_there_is_a_lift():
    tower = elevation([door("", floor, f"{floor}01") for floor in range(1, 31)])
    assert [one.floor for one in walking_order(tower)] == [*range(30, 0, -1)]


@pytest.mark.parametrize(
    ("room", "floor", "style", "column"),
    [
        ("402", 4, Style(), Column(2)),
        ("1203", 12, Style(), Column(3)),
        ("0301", 3, Style("", 2), Column(1)),
        ("B101", -1, Style("B"), Column(1)),
        ("负201", -2, Style("负"), Column(1)),
        ("301A", 3, Style(), Column(1, "A")),
        ("10001", 100, Style(), Column(1)),
    ],
)
def test_it_reads_how_a_number_is_made(room, floor, style, column):
    assert read_room(room, floor) == (style, column)


@pytest.mark.parametrize(
    ("room", "floor"), [("402", 3), ("402", None), ("门房", 1), ("12", 1), ("301-302", 3), ("", 1), ("３０１", 3)]
)
def test_it_reads_no_pattern_where_there_is_none(room, floor):
    assert read_room(room, floor) is None


floors = st.integers(-3, 40).filter(bool)
rooms_of_floor = st.builds(
    lambda floor, n, padded, suffix: (floor, f"{abs(floor):0{padded}d}{n:02d}{suffix}"),
    floors, st.integers(1, 12), st.sampled_from([1, 2]), st.sampled_from(["", "", "", "A"]),
)  # fmt: skip
any_room = st.tuples(st.none() | st.integers(-400, 400), st.text("0123456789AB-门房负", min_size=1, max_size=7))
buildings = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "10", "甲"]), rooms_of_floor | any_room),
    max_size=60,
    unique_by=lambda one: (one[0], one[1][1]),
).map(lambda listed: [door(unit, floor, room) for unit, (floor, room) in listed])


@given(buildings)
def test_it_shows_every_door_once_on_its_own_floor_in_its_own_unit(doors):
    view = elevation(doors)
    seen = [
        (unit.name, storey.floor, one.room)
        for storey in view.storeys
        for unit, part in zip(view.columns, storey.parts, strict=True)
        for one in part.doors
    ]
    assert Counter(seen) == Counter((one.unit, one.floor, one.room) for one in doors)
    assert Counter(map(id, walking_order(view))) == Counter(map(id, doors))


@given(buildings)
def test_it_keeps_columns_straight_and_floors_falling(doors):
    view = elevation(doors)
    for storey in view.storeys:
        for unit, part in zip(view.columns, storey.parts, strict=True):
            assert len(part.slots) == (0 if storey.floor is None else len(unit.columns))
            for slot, column in zip(part.slots, unit.columns, strict=False):
                assert slot.door is None or read_room(slot.room, storey.floor)[1] == column
    assert list(view.floors) == sorted(set(view.floors), reverse=True)


@given(buildings)
def test_it_never_misses_a_door_that_the_unit_has(doors):
    view = elevation(doors)
    there = {(one.unit, one.room) for one in doors}
    for storey in view.storeys:
        for unit, part in zip(view.columns, storey.parts, strict=True):
            missing = [slot.room for slot in part.slots if slot.door is None and slot.room]
            assert not there & {(unit.name, room) for room in missing}
            assert len(set(missing)) == len(missing)


@given(st.randoms(), buildings)
def test_it_does_not_depend_on_the_order_of_the_register(random, doors):
    shuffled = random.sample(doors, len(doors))
    assert elevation(doors) == elevation(shuffled)


@given(st.lists(st.text("0129A门", max_size=6)))
def test_it_sorts_any_texts(texts):
    assert sorted(texts, key=natural) == sorted(sorted(texts), key=natural)
