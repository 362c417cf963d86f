"""Limits read from a list: what is right is taken, what is wrong named by its line."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.incidents.limit_text import MOST, read_limits, set_limits
from gis.incidents.limits import limits_for
from gis.incidents.stages import Limit
from gis.models import Category

pytestmark = pytest.mark.django_db


def test_it_reads_what_comes_out_of_a_table():
    read = read_limits("C0301\t处置\t6\t工作时\n暴露垃圾，核查，不限\n\n紧急 派遣 30 紧急工作时\n普通 check 2work_day")
    assert read.problems[:1] == ["第 2 行：“暴露垃圾”有好几个，请写代码。"]
    assert [
        (one.category and one.category.code, one.urgent, one.stage, one.amount, one.unit) for one in read.limits
    ] == [
        ("C0301", False, "dispose", 6, "work_hour"),
        (None, True, "dispatch", 30, "urgent_hour"),
        (None, False, "check", 2, "work_day"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("C0301 6 工作时", "没有阶段"),
        ("C9898 处置 6 工作时", "没有类别"),
        ("C0301 处置 六 工作时", "读不懂"),
        ("C0301 处置 0 工作时", "读不懂"),
        ("C0301 处置 6", "读不懂"),
        ("C0301 处置 6 世纪", "读不懂"),
        ("C0301 处置 1 工作时\nC0301 处置 2 工作时", "重复"),
        ("x\n" * (MOST + 1), "请分几次"),
    ],
)
def test_it_says_which_line_is_wrong(line, says):
    assert says in read_limits(line).problems[-1]


def test_they_hold_from_their_day_on_and_are_replaced_on_the_same_day(cast):
    today = timezone.localdate()
    garbage = Category.objects.get(kind="community", code="C0301")
    set_limits(read_limits("C0301 处置 6 工作时").limits, today, cast.admin)
    set_limits(read_limits("C0301 处置 5 工作日").limits, today, cast.admin)
    assert limits_for(garbage, False, today)["dispose"] == Limit(5, "work_day")
    set_limits(read_limits("C0301 处置 不限").limits, today, cast.admin)
    assert limits_for(garbage, False, today)["dispose"] is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.text(alphabet="C0301受理派遣处置核查工作时日天不限紧急 ,\t\n", max_size=60))
def test_nothing_typed_makes_it_fail(text):
    assert read_limits(text) is not None
