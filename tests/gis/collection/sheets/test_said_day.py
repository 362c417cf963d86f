"""The day of a table is read off what stands above its heading."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.opening import open_table
from gis.collection.sheets.said_day import day_said
from tests.gis.collection.sheets.tables import workbook

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("填表日期：2026年11月20日", date(2026, 11, 20)), ("截至2026-10-31", date(2026, 10, 31)),
        ("（2026年2月）", date(2026, 2, 28)), ("2026年11月", TODAY), ("2026.9.1 至 2026.9.30", date(2026, 9, 30)),
        ("2026年老年人登记表", None), ("填表日期：2027年1月1日", None), ("2026年13月", None), ("2026-02-30", None),
        ("电话 12902026112", None), ("", None),
    ],
)  # fmt: skip
def test_a_line_says_a_day_or_none(line, day):
    assert day_said([line], TODAY) == day


@given(st.lists(st.text("0123456789年月日-./ 至截", max_size=40), max_size=5))
def test_whatever_stands_there_the_day_has_come(lines):
    day = day_said(lines, TODAY)
    assert day is None or day <= TODAY


def test_it_is_looked_for_above_the_heading_alone(tmp_path):
    rows = (["老年人登记表"], ["填表日期：2026年11月20日"], ["姓名", "出生日期", "电话"], ["张三", "1950年1月2日", "1"])
    opened = open_table(workbook(tmp_path / "a.xlsx", *rows))
    assert opened.above == ["老年人登记表", "填表日期:2026年11月20日"]
