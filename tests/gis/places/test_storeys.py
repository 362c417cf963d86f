"""The doors of a building, storey above storey."""

from gis.models import Dwelling
from gis.places.storeys import elevation


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
