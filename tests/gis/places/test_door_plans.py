"""Plans of new doors. The cases are held against the phone's plans too (web/frontend/tests/doors.test.ts)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Refused
from gis.models import Dwelling
from gis.places.door_plans import next_unit, plan_building, plan_floor, plan_unit

CASES = json.loads(Path(__file__).with_name("door_plans.json").read_text(encoding="utf-8"))


def doors_of(rows) -> list[Dwelling]:
    return [Dwelling(unit=unit, floor=floor, room=room) for unit, floor, room in rows]


def plan(case: dict):
    if "each" in case:
        return plan_building(case["units"], case["floors"], case["each"])
    doors = doors_of(case["doors"])
    if "floor" in case:
        return plan_floor(doors, case["floor"])
    return plan_unit(doors, case["source"], case["unit"], case.get("continued"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_it(case):
    if case["planned"] is None:
        with pytest.raises(Refused):
            plan(case)
    else:
        assert [[door.unit, door.floor, door.room] for door in plan(case)] == case["planned"]


@pytest.mark.parametrize(
    ("units", "expected"), [([], ""), ([""], ""), (["1", "2"], "3"), (["1", "10"], "11"), (["甲"], "")]
)
def test_it_names_the_next_unit(units, expected):
    assert next_unit(doors_of([unit, 1, "101"] for unit in units)) == expected


@given(st.integers(0, 5), st.integers(1, 20), st.integers(1, 9), st.integers(-3, 25).filter(bool))
def test_it_adds_what_is_missing_and_nothing_twice(units, floors, each, floor):
    built = plan_building(units, floors, each)
    doors = doors_of((door.unit, door.floor, door.room) for door in built)
    assert len({(door.unit, door.room) for door in built}) == len(built) == max(units, 1) * floors * each
    if 1 <= floor <= floors:
        with pytest.raises(Refused):
            plan_floor(doors, floor)
        return
    planned = plan_floor(doors, floor)
    assert len(planned) == max(units, 1) * each
    assert not {(door.unit, door.room) for door in planned} & {(door.unit, door.room) for door in built}


@given(st.integers(1, 5), st.integers(1, 20), st.integers(1, 9))
def test_it_copies_a_unit_whole(units, floors, each):
    doors = doors_of((door.unit, door.floor, door.room) for door in plan_building(units, floors, each))
    copied = plan_unit(doors, "1", next_unit(doors))
    assert [(door.floor, door.room) for door in copied] == [
        (door.floor, door.room) for door in doors if door.unit == "1"
    ]
