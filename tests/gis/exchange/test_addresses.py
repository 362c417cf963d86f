import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.exchange.addresses import Address, bare, floor_of, parse_address, split_room

KNOWN = {"建新北区", "北区", "义宾南区"}


@pytest.mark.parametrize(
    "text",
    [
        "建新北区12号楼3单元402室",
        "北京市顺义区胜利街道建新北区12号楼3单元402",
        "建新北区 １２ 栋 3单元 402 室",
        "建新北区12-3-402",
        "建新北区12—3—402",
        "建新北区12#楼3门402",
        "建新北区12幢3单元4层402室",
    ],
)
def test_it_takes_an_address_apart(text):
    assert parse_address(text, KNOWN) == Address("建新北区", "12", "", "", "3", "402")


def test_it_reads_a_road_and_a_gate():
    assert parse_address("顺义区府前街10号2单元301") == Address(road="府前街", gate="10", unit="2", room="301")


def test_it_keeps_a_compound_it_does_not_know():
    assert parse_address("新家园7号楼") == Address(compound="新家园", number="7")


def test_it_says_nothing_of_what_is_no_address():
    assert parse_address("不详") == Address()


@pytest.mark.parametrize(
    ("raw", "plain"), [("03号楼", "3"), ("2单元", "2"), ("402室", "402"), ("a座", "A"), ("０", "0"), ("", "")]
)
def test_it_bares_a_number(raw, plain):
    assert bare(raw) == plain


@pytest.mark.parametrize(
    ("unit", "room", "parts"),
    [
        ("", "3-402", ("3", "402")),
        ("3单元", "402室", ("3", "402")),
        ("", "3单元402", ("3", "402")),
        ("", "402", ("", "402")),
    ],
)
def test_it_splits_unit_and_room(unit, room, parts):
    assert split_room(unit, room) == parts


@pytest.mark.parametrize(("room", "floor"), [("402", 4), ("1203", 12), ("12", None), ("东屋", None), ("20260", None)])
def test_it_knows_the_floor_of_a_room(room, floor):
    assert floor_of(room) == floor


@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 33), st.integers(1, 9))
def test_it_reads_back_what_it_was_made_of(building, unit, floor, door):
    room = f"{floor}{door:02d}"
    assert parse_address(f"义宾南区{building}号楼{unit}单元{room}室", KNOWN) == Address(
        "义宾南区", str(building), "", "", str(unit), room
    )
