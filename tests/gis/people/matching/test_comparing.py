"""Every comparison says the same from both sides, calls a copy the same, and puts what people write in its level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.people.matching.dwellings import split
from gis.people.matching.persons import FIELDS, PERSONS
from gis.people.matching.reading import sides
from gis.people.matching.signs import in_one_form


def level(field: str, one: object, other: object) -> str:
    both = sides({field: [one]}, {field: [other]}, PERSONS)
    levels = both.compare(np.array([0]), np.array([1]))
    return PERSONS.keys(field)[levels[0, list(FIELDS).index(field)]]


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("name", "王小明", "王小明", "same"),
        ("name", "張偉", " 张 伟 ", "same"),
        ("name", "买买提·艾合买提", "买买提艾合买提", "same"),
        ("name", "王晓明", "王小鸣", "sound"),
        ("name", "曾志", "增志", "sound"),
        ("name", "尉志", "余志", "sound"),
        ("name", "刘宁", "牛林", "sound"),
        ("name", "王小明", "王明小", "turned"),
        ("name", "SMITH John", "John Smith", "turned"),
        ("name", "王小明", "王明", "longer"),
        ("name", "买买提", "买买提·艾合买提", "longer"),
        ("name", "王小明", "王小丽", "one sign"),
        ("name", "王芳", "王丽", "surname"),
        ("name", "欧阳修", "欧文", "other"),
        ("name", "王芳", "", "absent"),
        ("name", "王芳", "·", "absent"),
        ("birth", "1980-05-03", "1980年5月3日", "same"),
        ("birth", "1980-05-03", "19800305", "turned"),
        ("birth", "1980-05-03", "1980-05-08", "slip"),
        ("birth", "1980-05-03", "1908-05-03", "slip"),
        ("birth", "1980", "1980-05-03", "year only"),
        ("birth", "1980-01-01", "1980-05-03", "year only"),
        ("birth", "1980-05", "1980-05-03", "year only"),
        ("birth", "1980-06", "1980-05-03", "year"),
        ("birth", "1980-05-03", "1980-06-15", "near"),
        ("birth", "1980-05-03", "1980-11-25", "year"),
        ("birth", "1980-05-03", "1955-11-25", "other"),
        ("birth", "不详", "1980-05-03", "absent"),
        ("birth", "29345", "1980-05-03", "absent"),
        ("identity", "110113198001011234", "110113 19800101 1234", "same"),
        ("identity", "110113198001011234", "110113198001011243", "slip"),
        ("identity", "110113198001011234", "11011319800101123", "slip"),
        ("identity", "110113198001011234", "110113********1234", "shown"),
        ("identity", "110113198001011234", "110113********1235", "other"),
        ("identity", "110113198001011234", "无", "absent"),
        ("identity", "110***************", "110***************", "absent"),  # three digits tell nobody apart
        ("sex", "1", "2", "other"),
        ("sex", "1", "9", "absent"),
        ("phone", "12910000001", "+86 129-1000-0001", "same"),
        ("phone", "12910000001", "12910000001/010-69441234", "same"),
        ("phone", "12910000001", "12910000010", "slip"),
        ("phone", "129****0001", "12910000001", "shown"),
        ("phone", "12910000001", "00000000000", "absent"),
        ("address", "顺义区胜利街道建新北区12号楼3单元402室", "建新北区12-3-402", "room"),
        ("address", "建新北区第十二号楼三单元402", "建新北区12栋402室", "room"),
        ("address", "建新北区12号楼3单元402室", "建新北区12号楼1单元402室", "neighbour"),
        ("address", "建新北区12号楼", "建新北区12号楼1单元402室", "building"),
        ("address", "建新北区11号楼", "建新北区12号楼1单元402室", "compound"),
        ("address", "石园东区12号楼402", "建新北区12号楼402", "elsewhere"),
    ],
)
def test_it_finds_the_level(field, one, other, expected):
    assert level(field, one, other) == level(field, other, one) == expected


values = {
    "name": st.text("王张小晓明鸣芳·买提欧阳AB ", max_size=9),
    "birth": st.one_of(st.dates().map(str), st.integers(1890, 2026).map(str), st.text("0123456789-年", max_size=10)),
    "identity": st.text("0123456789X*", max_size=19),
    "sex": st.sampled_from(["1", "2", "0", "男", ""]),
    "phone": st.text("0123456789*-/ +", max_size=14),
    "address": st.text("建新北区胜利街道1234-号楼单元室十二 ", max_size=18),
}


@pytest.mark.parametrize("field", FIELDS)
def test_it_says_the_same_from_both_sides(field):
    @settings(max_examples=8, deadline=None)
    @given(st.lists(values[field] | st.text(max_size=12), min_size=1, max_size=12))
    def holds(texts):
        both = sides({field: texts}, {field: texts}, PERSONS)
        one, other = (grid.ravel() for grid in np.indices((len(texts), len(texts))))
        levels = both.compare(one, len(texts) + other)[:, list(FIELDS).index(field)].reshape(len(texts), -1)
        assert (levels == levels.T).all()
        allowed = {"birth": ["absent", "same", "year only"]}.get(field, ["absent", "same", "shown", "room", "building"])
        assert np.isin(np.array(PERSONS.keys(field))[np.diag(levels)], allowed).all()

    holds()


def test_it_keeps_the_head_of_an_address_that_ends_in_区():
    assert split("顺义区石园东区5号楼") == ("石园东区", "5", "", "")
    assert split("府前街23号院2号楼1单元101") == ("府前街23号院", "2", "1", "101")


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=20))
def test_it_writes_a_name_in_one_form_once_and_for_all(text):
    from pandas import Series

    once = in_one_form(Series([text], dtype=object))
    assert in_one_form(once)[0] == once[0]
