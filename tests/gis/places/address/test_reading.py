from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.places.address.elements import Kind
from gis.places.address.reading import parse
from gis.places.address.spelling import spelt
from tests.bench.address_sets import Part, read_set, trimmed
from tests.bench.parse import f1

_HERE = Path(__file__).parent
_NAMES = st.sampled_from(["建新", "怡馨", "石门", "双兴", "滨河", "望泉", "柳荫", "翠屏"])
_NUMBERS = st.integers(1, 99)


def parts(text: str) -> dict[str, str]:
    return {one.kind.name.lower(): one.text for one in parse(text).elements}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("建新小区12-3-402", {"compound": "建新小区", "building": "12", "unit": "3", "room": "402"}),
        ("3单元402", {"unit": "3单元", "room": "402"}),
        ("3-402", {"unit": "3", "room": "402"}),
        ("B座1203", {"building": "b座", "room": "1203"}),
        ("甲3号院地下一层", {"yard": "甲3号院", "floor": "地下1层"}),
        ("李家庄村3组12号", {"community": "李家庄村", "group": "3组", "gate": "12号"}),
        ("402室3单元12号楼建新小区", {"room": "402室", "unit": "3单元", "building": "12号楼", "compound": "建新小区"}),
        ("府前街与光明路交叉口", {"road": "光明路", "beside": "交叉口"}),
        ("漕溪路100弄12号502室", {"road": "漕溪路", "gate": "100弄", "building": "12号", "room": "502室"}),
    ],
)
def test_it_takes_addresses_apart(text, meant):
    assert parts(text) == meant


@given(st.text(max_size=140))
def test_it_never_fails_and_its_parts_lie_in_order_within_the_text(text):
    address = parse(text)
    assert 0 <= address.sure <= 1
    ends = 0
    for one in address.elements:
        assert ends <= one.start < one.end <= len(text)
        assert 0 <= one.sure <= 1
        ends = one.end


@given(_NAMES, _NUMBERS, _NUMBERS, st.integers(101, 3504), st.sampled_from(["号楼", "栋", "幢", "#楼"]))
def test_it_finds_what_an_address_was_made_of(name, building, unit, room, suffix):
    made = parts(f"顺义区胜利街道{name}小区{building}{suffix}{unit}单元{room}室")
    assert made == {
        "county": "顺义区",
        "town": "胜利街道",
        "compound": f"{name}小区",
        "building": spelt(f"{building}{suffix}"),
        "unit": f"{unit}单元",
        "room": f"{room}室",
    }


def test_a_part_says_where_it_stood_in_what_was_written():
    text = "顺义区　石门苑　第十二号樓三单元"
    assert [text[one.start : one.end] for one in parse(text).elements] == ["顺义区", "石门苑", "第十二号樓", "三单元"]


def test_a_name_that_is_known_needs_no_ending():
    assert parse("澄澈12号楼", {"澄澈": Kind.COMPOUND}).part(Kind.COMPOUND) == "澄澈"


def test_what_no_part_explains_is_left_over():
    address = parse("12号楼???")
    assert address.left == "???"
    assert address.part(Kind.BUILDING) == "12号楼"


def test_it_is_less_sure_where_more_can_be_meant():
    assert parse("建新小区12号楼3单元402室").sure > parse("建新小区3-402").sure


def test_a_part_has_its_code_in_the_standard():
    codes = {one.text: one.code for one in parse("北京市顺义区仁和镇河南村2队12排3号").elements}
    assert codes["顺义区"] == "13"
    assert codes["仁和镇"] == "22"
    assert codes["2队"] == "34"


@pytest.mark.parametrize(("name", "least"), [("annotated", 0.92), ("annotated_later", 0.90), ("annotated_blind", 0.86)])
def test_it_reads_as_well_as_it_did(name, least):
    right = more = less = 0
    for row in read_set(_HERE / f"{name}.txt"):
        read = {trimmed(row.text, Part(one.start, one.end, one.kind)) for one in parse(row.text).elements}
        right, more, less = right + len(read & row.parts), more + len(read - row.parts), less + len(row.parts - read)
    assert f1(right, more, less) >= least


def test_other_sets_are_read_by_their_own_words(tmp_path):
    file = tmp_path / "set.conll"
    file.write_text("文 B-road\n三 I-road\n路 E-road\n9 B-roadno\n号 E-roadno\n\n某 O\n", encoding="utf-8")
    first, second = read_set(file)
    assert first.text == "文三路9号"
    assert first.parts == {Part(0, 3, Kind.ROAD), Part(3, 5, Kind.GATE)}
    assert (second.text, second.parts) == ("某", frozenset())
