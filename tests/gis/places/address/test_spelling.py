import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.places.address.spelling import bare, digits_of, spell, spelt

_TEXTS = st.text(
    st.sampled_from("一二三十百零〇第号楼栋单元室层门路街里 -—０１２３abＡ號樓東,，(（）\t\u3000龘"), max_size=40
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("１２號樓", "12号楼"),
        ("第十二号楼", "12号楼"),
        ("十二栋三单元四〇二", "12栋3单元402"),
        ("二十三号楼 二门 五层", "23号楼 2门 5层"),
        ("一百零五号", "105号"),
        ("两百号", "200号"),
        ("12＃楼—3—402", "12#楼-3-402"),
        ("Ｂ座 1203", "b座 1203"),
        ("三里屯五一路十里堡", "三里屯五一路十里堡"),
        ("三门峡路3号", "三门峡路3号"),
        ("四号线", "四号线"),
    ],
)
def test_it_has_one_spelling_for_what_people_write(written, meant):
    assert spell(written).text == meant


@given(_TEXTS)
def test_a_spelling_is_spelt_the_same_again(text):
    assert spell(spell(text).text).text == spell(text).text


@given(_TEXTS)
def test_every_character_knows_where_it_stood(text):
    spelling = spell(text)
    assert len(spelling.text) == len(spelling.starts) == len(spelling.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(spelling.starts, spelling.ends, strict=True))
    assert list(spelling.starts) == sorted(spelling.starts)


@given(st.integers(0, 9999))
def test_numerals_are_the_numbers_they_say(number):
    assert int(digits_of(_in_chinese(number))) == number
    assert digits_of("".join("零一二三四五六七八九"[int(digit)] for digit in str(number))) == str(number)


@given(st.integers(1, 999), st.sampled_from(["号楼", "栋", "幢", "#", "座", "号"]), st.sampled_from(["", "0", "第"]))
def test_a_number_is_bare_of_what_stands_around_it(number, suffix, before):
    assert bare(f"{before}{number}{suffix}") == str(number)
    assert bare(f"{_in_chinese(number)}{suffix}") == (str(number) if suffix != "#" else bare(_in_chinese(number) + "#"))


def test_blanks_do_not_count():
    assert spelt("建新 北区　12 号楼") == spelt("建新北区12号楼")
    assert not set(spelt(string.whitespace))


def _in_chinese(number: int) -> str:
    """105 → 一百零五, as one says it."""
    digits, said, gap = str(number), "", False
    for place, digit in enumerate(digits):
        unit = ["", "十", "百", "千"][len(digits) - place - 1]
        if digit == "0":
            gap = True
            continue
        said += ("零" if gap and said else "") + "零一二三四五六七八九"[int(digit)] + unit
        gap = False
    return (said.removeprefix("一") if said.startswith("一十") else said) or "零"
