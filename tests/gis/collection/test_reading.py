"""Values, from what was typed to how they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.field import Field
from gis.collection.reading import read_options, read_value, say_value, write_options
from gis.errors import Refused

pytestmark = pytest.mark.django_db


def field(kind: str, **more) -> Field:
    return Field(code="x", name="某项", kind=kind, **more)


CHOICE = field("choice", options=[["在职", "Employed"], ["退休", ""]])


@pytest.mark.parametrize(
    ("one", "typed", "kept"),
    [
        (field("text"), "  ＡＢ  c ", "AB c"), (field("number"), "０１２,000.50", "12000.5"),
        (field("number"), "-0", "0"),
        (field("number"), "0.00", "0"), (field("date"), "2026-05-20", "2026-05-20"), (field("yes_no"), "是", "1"),
        (field("yes_no"), False, "0"), (CHOICE, "退休", "退休"), (field("code", table="tenure"), "02", "02"),
        (field("text"), "", ""), (field("number"), " ", ""),
    ],
)  # fmt: skip
def test_it_keeps_one_spelling(one, typed, kept):
    assert read_value(one, typed) == kept
    assert read_value(one, kept) == kept


@pytest.mark.parametrize(
    ("one", "typed"),
    [
        (field("number"), "三"), (field("number"), "1e5"), (field("number"), "1" * 20), (field("date"), "2026-13-01"),
        (field("date"), "0001-01-01"), (field("yes_no"), "也许"), (CHOICE, "创业"),
        (field("code", table="tenure"), "99"),
        (field("code", table="no_such"), "02"), (field("text"), "长" * 201), (field("text"), 7), (field("text"), ["x"]),
    ],
)  # fmt: skip
def test_it_refuses_by_name_and_never_says_what_was_typed(one, typed):
    with pytest.raises(Refused) as refused:
        read_value(one, typed, "fact:x:p1")
    assert set(refused.value.fields) == {"fact:x:p1"}
    assert str(typed) not in str(refused.value)
    assert str(typed) not in refused.value.fields["fact:x:p1"]


@given(st.sampled_from(["text", "number", "date", "yes_no"]), st.text(max_size=40))
def test_whatever_is_kept_is_kept_again(kind, typed):
    try:
        kept = read_value(field(kind), typed)
    except Refused:
        return
    assert read_value(field(kind), kept) == kept


def test_a_value_is_said_in_words():
    assert say_value(field("yes_no"), "1") == "是"
    assert say_value(field("code", table="tenure"), "02") == "自有"
    assert say_value(CHOICE, "在职") == "在职"
    assert say_value(CHOICE, "旧选项") == "旧选项"


def test_options_are_read_as_they_are_written():
    options = read_options("在职=Employed\n\n退休\n=空\n")
    assert options == [["在职", "Employed"], ["退休", ""]]
    assert read_options(write_options(options)) == options
