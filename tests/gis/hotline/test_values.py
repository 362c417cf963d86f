# ruff: noqa: DTZ001 - spreadsheets know no zones
"""Cells as values: moments, limits, phones, words of satisfaction, whatever a spreadsheet made of them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.hotline.columns import choose, fields, known_titles, looks_like_hotline, missing, recognise
from gis.hotline.order import state_of
from gis.hotline.values import read_content, read_due, read_moment, read_phone
from gis.incidents.working_time import WEEKDAYS

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 3, 5, 9, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05 09:30", "2026-3-5 9:30:00", "2026/03/05 09:30", "2026.3.5 9:30", "2026年3月5日 9时30分",
        "2026年03月05日09点30分00秒", "２０２６－０３－０５ ０９：３０", "2026-03-05T09:30:00", "2026-03-05T01:30:00Z",
        "2026-03-05T09:30:00+08:00", "2026/3/5 上午 9:30", "2026-03-05 9:30 AM", "20260305093000", "202603050930",
        46086.395833333336, "46086.3958333333", 1772674200, "1772674200", 1772674200000, datetime(2026, 3, 5, 9, 30),
        "2026-03-05 09:30:00.000", "  2026-03-05  09:30 ",
    ],
)  # fmt: skip
def test_one_moment_in_many_spellings(cell):
    assert read_moment(cell, ZONE) == NINE


@pytest.mark.parametrize(
    ("cell", "hour"),
    [("2026-3-5 下午 3:00", 15), ("2026-3-5 12:10 AM", 0), ("2026-3-5 中午 12:00", 12), ("2026-3-5", 0)],
)
def test_halves_of_a_day(cell, hour):
    assert read_moment(cell, ZONE).hour == hour


@pytest.mark.parametrize(
    "cell", ["", None, "昨天", "3/5/2026", "05-03-2026", "2026-13-01", "2026-02-30", "1888-01-01", True, 12, -5, 1e300,
             float("nan"), float("inf"), time(9, 30), timedelta(days=2), "2026-03-05 25:00", "2026-03-05T09:30+99:99"],
)  # fmt: skip
def test_what_cannot_be_read_for_sure_is_not_read(cell):
    assert read_moment(cell, ZONE) is None


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))


@given(MOMENTS, st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S"]))
def test_a_moment_written_is_the_moment_read(at, form):
    assert read_moment(at.strftime(form), ZONE) == at.replace(tzinfo=ZONE)


@given(MOMENTS)
def test_a_serial_of_a_spreadsheet_is_its_moment(at):
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    assert abs(read_moment(serial, ZONE).replace(tzinfo=None) - at) <= timedelta(seconds=1)


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_reading_any_cell_never_fails(cell):
    moment, phone = read_moment(cell, ZONE), read_phone(cell)
    assert moment is None or 1990 <= moment.year <= 2100
    assert phone.digits == "" or (phone.digits.isdigit() and phone.last4 == phone.digits[-4:])
    assert read_due(cell, NINE, ZONE, WEEKDAYS) is None or read_due(cell, NINE, ZONE, WEEKDAYS).tzinfo
    assert read_content(cell) in (None, 0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("13800138000", "13800138000"), (13800138000, "13800138000"), (1.3800138e10, "13800138000"),
        ("13800138000.0", "13800138000"), ("+86 138-0013-8000", "13800138000"), ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"), ("(010) 6543 2109", "01065432109"), ("010-65432109", "01065432109"),
        ("65432109", "65432109"), ("13800138000/65432109", "13800138000"), ("无；13800138000", "13800138000"),
        ("王女士13800138000", "13800138000"), ("4008001234", "4008001234"), ("13800138000 ", "13800138000"),
    ],
)  # fmt: skip
def test_a_phone_whatever_a_spreadsheet_made_of_it(cell, digits):
    assert (read_phone(cell).digits, read_phone(cell).last4) == (digits, digits[-4:])


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38001E+10", "1e10"])
def test_a_phone_that_lost_its_digits_is_none(cell):
    assert read_phone(cell).trouble == "lost_phone"


@pytest.mark.parametrize("cell", ["138****8000", "138＊＊＊＊8000", "1380013xxxx".replace("xxxx", "***8000")])
def test_of_a_covered_phone_the_last_four_stay(cell):
    assert (read_phone(cell).digits, read_phone(cell).last4) == ("", "8000")


@pytest.mark.parametrize("cell", ["匿名", "", None, "无", "0"])
def test_nobody_is_nobody(cell):
    assert read_phone(cell).trouble == read_phone(cell).digits == ""


@pytest.mark.parametrize("cell", ["abc", "123", "138001380001234567"])
def test_what_is_no_phone_is_said(cell):
    assert read_phone(cell).trouble == "bad_phone"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_survives_a_float(digits):
    assert read_phone(float(digits)).digits == digits == read_phone(digits).digits


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("2026-03-10", datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZONE)),
        ("2026-03-10 17:00", datetime(2026, 3, 10, 17, tzinfo=ZONE)),
        ("24小时", NINE + timedelta(hours=24)),
        ("3天", NINE + timedelta(days=3)),
        ("2个自然日内", NINE + timedelta(days=2)),
        (date(2026, 3, 10), datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZONE)),
    ],
)
def test_a_limit_is_a_moment_or_a_span(cell, due):
    assert read_due(cell, NINE, ZONE, WEEKDAYS).astimezone(UTC) == due.astimezone(UTC)


def test_work_days_skip_a_weekend():
    friday = datetime(2026, 3, 6, 9, 30, tzinfo=ZONE)
    assert read_due("1个工作日", friday, ZONE, WEEKDAYS).astimezone(ZONE).date() == date(2026, 3, 9)


@pytest.mark.parametrize("cell", ["5", "尽快", "0天", "2026-03-01"])
def test_a_limit_that_means_nothing_is_none(cell):
    assert read_due(cell, NINE, ZONE, WEEKDAYS) is None


@pytest.mark.parametrize(("text", "state"), [
    ("已办结", "closed"), ("未办结", "open"), ("办理中（延期）", "open"), ("部门已归档", "closed"),
    ("不予受理", "rejected"),
    ("", None), ("甲乙", None), ("Closed", "closed"), ("承办单位已办结待回访", "open"),
])  # fmt: skip
def test_a_state_by_its_word(text, state):
    assert state_of(text) == state


#: Headings as three cities write them.
CITIES = (
    "工单编号 来电时间 诉求人 联系电话 诉求地址 诉求内容 一级分类 二级分类 三级分类 "
    "承办单位 办理时限 办理结果 工单状态 满意度",
    "受理编号 受理时间 反映人姓名 反映人电话 事发地址 反映内容 问题大类 问题小类 "
    "主办单位 办结时限 答复内容 办件状态 办结时间",
    "序号 工单流水号 登记时间 工单标题 问题描述 详细地址 诉求类别 来电号码 责任单位",
)


def test_columns_of_three_cities_are_recognised():
    beijing, other, third = (line.split() for line in CITIES)
    assert len(recognise(beijing)) == len(beijing)
    assert len(recognise(other)) == len(other)
    assert len(recognise(third)) == len(third) - 1
    assert recognise(third)["number"] == "工单流水号"
    assert not any(missing(recognise(titles)) for titles in (beijing, other, third))


@given(st.permutations([(name, field.names[0]) for name, field in fields().items()]))
def test_the_order_of_columns_does_not_matter(pairs):
    found = recognise([title for _name, title in pairs])
    assert found == {name: title for name, title in pairs if name in found}
    assert len(found) == len(pairs)


@given(st.lists(st.text(max_size=12), max_size=12, unique=True))
def test_any_heading_gives_a_mapping_of_its_own_titles(titles):
    found = recognise(titles)
    assert set(found.values()) <= set(titles)
    assert len(set(found.values())) == len(found)
    assert known_titles(titles) <= len(titles)


def test_marks_and_brackets_in_a_name_do_not_matter():
    assert recognise(["* 工单编号（必填）", "来 电 时 间", "诉求内容:"]) == {
        "number": "* 工单编号（必填）", "at": "来 电 时 间", "text": "诉求内容:",
    }  # fmt: skip


def test_one_may_say_which_column_is_which():
    titles = ["甲", "乙", "丙"]
    assert choose(titles, {"number": "甲"}, ["number=乙", "text=丙"]) == {"number": "乙", "text": "丙"}
    assert choose(titles, {"number": "甲"}, ["number="]) == {}


def test_a_list_of_incidents_is_no_export_of_a_hotline():
    assert not looks_like_hotline(["编号", "上报时间", "类别", "经度", "纬度"])
    assert looks_like_hotline(["工单编号", "来电时间", "诉求内容"])
