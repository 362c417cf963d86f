"""What is typed into the box is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.people.typed import Kind, kind_of, number_of, phone_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", Kind.NOTHING),
        ("  - ", Kind.NOTHING),
        ("990101 19900101 001X", Kind.IDENTITY),
        ("９９０１０１１９９００１０１００１ｘ", Kind.IDENTITY),
        ("990101900101001", Kind.IDENTITY),
        ("H12345678", Kind.IDENTITY),
        ("13800138000", Kind.PHONE),
        ("+86 138-0013-8000", Kind.PHONE),
        ("(010) 5550 1234", Kind.PHONE),
        ("55501234", Kind.PHONE),
        ("1380", Kind.SHORT),
        ("王", Kind.SURNAME),
        ("王八妹", Kind.NAME),
        ("买买提·阿里", Kind.NAME),
        ("wang ba mei", Kind.PINYIN),
        ("WangBamei", Kind.PINYIN),
        ("wbm", Kind.PINYIN),
        ("王bamei", Kind.NAME),
        ("12号楼3单元402", Kind.ADDRESS),
        ("东园北区1栋", Kind.ADDRESS),
        ("府前街10号", Kind.ADDRESS),
        ("3-402", Kind.ADDRESS),
        ("一号楼", Kind.ADDRESS),
    ],
)
def test_it_tells_what_was_typed(typed, kind):
    assert kind_of(typed) == kind


@given(st.text(max_size=60))
def test_it_takes_anything(typed):
    assert kind_of(typed) in Kind


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_it_never_takes_a_whole_number_for_a_name(number):
    assert kind_of(number) == kind_of(f" {number[:6]} {number[6:14]}-{number[14:].lower()}") == Kind.IDENTITY


def test_it_spells_numbers_as_they_are_indexed():
    assert number_of("990101 19900101 001x") == "99010119900101001X"
    assert phone_of("+86 (138) 0013-8000") == "13800138000"
    assert phone_of("010-5550 1234") == "01055501234"
