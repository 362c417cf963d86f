"""What in a text points at a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.private_words import find_private, is_plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请联系13800138000。", "13800138000"),
        ("电话 138 0013 8000 王", "138 0013 8000"),
        ("打０１０－６９４２１２３４", "０１０－６９４２１２３４"),
        ("全角１３８００１３８０００", "１３８００１３８０００"),
        ("身份证11011319900101123X", "11011319900101123X"),
        ("写到 gu.mou@example.cn", "gu.mou@example.cn"),
        ("京A·12345 堵住了门", "京A·12345"),
        ("京AD12345 新能源", "京AD12345"),
        ("加微信 gu_zhang88", "微信 gu_zhang88"),
        ("住在3单元402", "3单元402"),
        ("12-3-402漏水", "12-3-402"),
        ("402室漏水", "402室"),
        ("王女士反映", "王女士"),
        ("欧阳先生", "阳先生"),
        ("已与李建国师傅联系", "李建国师傅"),
        ("张某称", "张某"),
    ],
)
def test_it_finds(text, words):
    assert words in [one.words for one in find_private(text)] or any(words in one.words for one in find_private(text))
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "路灯已修好，共更换灯泡3个。",
        "12号楼东侧的井盖已更换。",
        "物业于2026年3月4日清理了楼道堆物，15:30完成。",
        "已协调环卫所，2天内清运建筑垃圾约5吨。",
        "编号 20260304-000123",
        "拨打12345热线",
        "幸福东街与府前街路口",
    ],
)
def test_it_leaves_alone(text):
    assert find_private(text) == []


@given(st.text(max_size=80))
def test_both_answers_agree_on_any_text(text):
    found = find_private(text)
    assert is_plain(text) == (not found)
    assert all(text[one.start : one.end] == one.words for one in found)


@given(st.text("甲乙丙 ，。", max_size=20), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_phone_is_found_wherever_it_stands(before, phone):
    assert not is_plain(f"{before}{phone}")
