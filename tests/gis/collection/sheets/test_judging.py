"""Rows in one spelling, and what is wrong of each: said by row and field, never with what stands there."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.cells import in_line
from gis.collection.sheets.faults import WORDS, Fault
from gis.collection.sheets.judging import agreement
from gis.collection.sheets.names import is_several, plain_name
from gis.errors import BadFile
from gis.people.identity import read_identities
from tests.gis.collection.sheets.tables import array, judged, number, workbook

TODAY = dt.date(2026, 11, 26)
MAP = {
    "姓名": "name",
    "身份证号": "identity",
    "性别": "sex",
    "出生日期": "born",
    "电话": "phone",
    "低保": "need_subsistence",
}
CODES = {"sex": {"男": "1", "女": "2"}, "need_subsistence": {"是": "1", "否": "0"}}
MAN = number("1980-01-02", 11)


def rows(tmp_path, *lines):
    return judged(workbook(tmp_path / "x.xlsx", list(MAP), *lines), MAP, CODES, today=TODAY)


def faults(made, row=0):
    return [(one.code, one.field) for one in made.faults.get(row, [])]


def test_a_good_row_is_in_one_spelling(tmp_path):
    made = rows(tmp_path, [" 张　三 ", MAN.lower(), "男", "1980/1/2", "+86 129-0000-0001", "是"])
    assert {code: values[0] for code, values in made.values.items()} == {
        "name": "张三", "identity": MAN, "sex": "1", "born": "1980-01-02", "phone": "12900000001",
        "need_subsistence": "1",
    }  # fmt: skip
    assert not made.faults


@pytest.mark.parametrize(
    "cell", ["张三、李四", "张三/李四", "张三，李四", "张三 李四", "张三和李四", "张三(户主)、李四"]
)
def test_two_people_in_a_cell_are_found_and_said(tmp_path, cell):
    made = rows(tmp_path, [cell, MAN, "男", "", "", ""])
    assert faults(made) == [("two_people", "name")]
    assert made.stops.tolist() == [True]


@pytest.mark.parametrize(
    "cell", ["张 三", "欧阳 修", "阿依古丽·买买提", "John Smith", "张三（户主）", "和珅", "张和平"]
)
def test_one_person_is_one(cell):
    assert not is_several(cell)


def test_what_stands_in_brackets_is_not_of_the_name():
    assert plain_name("张三（户主）") == "张三"
    assert plain_name("张 三") == "张三"
    assert plain_name("John Smith") == "John Smith"


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (number("1980-01-02", 11, right=False), "bad_check"),
        ("999999198013021234", "bad_date"),
        ("12345", "bad_number"),
        (1.10113198001021e17, "lost_number"),
        ("1.10113E+17", "lost_number"),
        ("999999********1234", "covered"),
        (f"{MAN}、{number('1981-03-04', 22)}", "two_numbers"),
    ],
)
def test_wrong_numbers_are_not_taken_and_said(tmp_path, cell, fault):
    made = rows(tmp_path, ["张三", cell, "男", "", "", ""])
    assert faults(made) == [(fault, "identity")]
    assert made.values["identity"][0] == ""


def test_birth_and_sex_are_held_against_the_number(tmp_path):
    made = rows(tmp_path, ["张三", MAN, "女", "1981-01-02", "", ""])
    assert faults(made) == [("born_against", "born"), ("sex_against", "sex")]
    assert made.holds.tolist() == [True]
    assert made.values["sex"][0] == ""


def test_birth_and_sex_come_from_the_number_where_nothing_else_says_them(tmp_path):
    made = rows(tmp_path, ["张三", MAN, "", "", "", ""])
    assert (made.values["sex"][0], made.values["born"][0]) == ("1", "1980-01-02")


@pytest.mark.parametrize("cell", ["1980", "1980年1月", "1980-01"])
def test_a_part_of_a_birth_matches_but_is_not_kept(tmp_path, cell):
    made = rows(tmp_path, ["张三", "", "男", cell, "", ""])
    assert (made.values["born"][0], made.told["birth"][0]) == ("", cell)
    assert not made.faults


@pytest.mark.parametrize("cell", ["2199-01-01", "昨天", "1980-13-40"])
def test_a_birth_that_cannot_be_is_said(tmp_path, cell):
    assert faults(rows(tmp_path, ["张三", MAN, "男", cell, "", ""])) == [("bad_born", "born")]


def test_a_value_without_a_code_is_said_and_not_taken(tmp_path):
    made = rows(tmp_path, ["张三", MAN, "男", "", "", "也许"])
    assert faults(made) == [("no_code", "need_subsistence")]
    assert not made.stops.any()


def test_agreement_of_births_with_numbers_is_counted():
    numbers = read_identities(array(MAN, number("1990-05-06", 20), ""), synthetic=True)
    assert agreement(numbers, array("1980-01-02", "2020-01-01", "1970-01-01")) == (1, 2)


def test_every_fault_says_what_to_do_and_comes_back_from_storage():
    for code in WORDS:
        fault = Fault.from_json(Fault(code, "name", {"row": 3, "days": 30}).as_json())
        assert fault.reason
        assert fault.fix
        assert "%" not in fault.reason


@given(st.lists(st.tuples(*[st.text(max_size=20)] * 6), min_size=1, max_size=5))
def test_whatever_stands_in_cells_is_judged(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("rows") / "x.xlsx"
    lines = [[text.replace("\x00", "") for text in line] for line in lines]
    if not any(text.strip() for line in lines for text in line):
        return
    try:
        made = judged(workbook(path, list(MAP), *lines), MAP, CODES, today=TODAY)
    except BadFile:  # nothing but blanks
        return
    assert all(len(values) == len(made) for values in made.values.values())


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text("a ．•·\u3000\tＡ１é\u0301ﬁ", max_size=8))
def test_every_text_has_one_spelling_whichever_way_it_is_reached(text):
    plain = unicodedata.normalize("NFKC", text.replace("．", "·").replace("•", "·"))
    assert in_line(text) == " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())
