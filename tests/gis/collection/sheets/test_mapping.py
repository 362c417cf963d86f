"""Headings and values say which column is which field; a clerk may say otherwise."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.mapping import faults_of, heading_key, propose
from tests.gis.collection.sheets.tables import all_targets, number

TARGETS = all_targets()


def proposed(*titles, **samples):
    return propose(titles, samples, TARGETS)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("姓名", "name"), (" 姓 名 ", "name"), ("本人姓名", "name"), ("公民身份号码", "identity"),
        ("身份证号", "identity"), ("性别", "sex"), ("出生年月", "born"), ("联系电话（手机）", "phone"),
        ("现住址", "address"), ("文化程度", "education"),
        ("是否低保", "need_subsistence"), ("家庭年收入", "family_income"), ("房东姓名", "landlord"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_the_catalogue(title, code):
    assert proposed(title) == {title: code}


@pytest.mark.parametrize(
    "title", ["户主姓名", "监护人姓名", "监护人电话", "紧急联系人电话", "父亲身份证号", "银行卡号", "备注", "序号"]
)
def test_what_is_somebody_elses_is_not_taken_for_the_persons(title):
    assert proposed(title) == {}


def test_values_tell_where_headings_say_nothing():
    numbers = [number("1980-01-02", order) for order in range(1, 9)]
    names = ["张三丰", "李国强", "王芳", "赵敏", "陈静", "刘伟", "杨丽", "黄勇"]
    assert proposed("A", "B", A=numbers, B=names) == {"A": "identity", "B": "name"}


def test_words_that_are_no_names_are_not_taken_for_names():
    assert proposed("A", A=["男", "女", "男", "女"]) == {"A": "sex"}
    assert proposed("A", A=["在职", "失业", "退休", "在职"]) == {}


def test_each_field_is_proposed_once_the_best_heading_first():
    assert proposed("手机号", "联系电话", **{"手机号": ["12900000001"], "联系电话": ["13800138000"]}) == {
        "联系电话": "phone"
    }


def test_parts_of_a_place_beside_a_whole_address_are_left():
    assert proposed("住址", "楼号", "房号") == {"住址": "address"}
    assert proposed("小区", "楼号", "房号") == {"小区": "compound", "楼号": "number", "房号": "room"}


@pytest.mark.parametrize(
    ("title", "values", "code"),
    [
        ("个人基本信息 性别", ["1", "0", "0"], "sex"), ("性别代码", ["1", "2"], "sex"),
        ("基本情况 出生日期", ["19440527"], "born"), ("个人基本信息 联系电话", ["010-69440000"], "phone"),
    ],
)  # fmt: skip
def test_the_lower_heading_of_two_names_the_thing_whatever_codes_stand_below(title, values, code):
    assert proposed(title, **{title: values}) == {title: code}


@pytest.mark.parametrize("title", ["户主 姓名", "监护人信息 联系电话", "配偶 性别"])
def test_a_heading_above_that_names_somebody_else_is_heeded(title):
    assert proposed(title, **{title: ["1", "0"]}) == {}


def test_a_column_of_zeros_and_ones_without_a_heading_is_no_sex():
    assert proposed("A", A=["1", "0", "1"]) == {}


@pytest.mark.parametrize("above", ["", "居住地址 "])
def test_an_address_in_two_columns_is_a_building_and_a_door(above):
    building, door = f"{above}小区楼栋", f"{above}单元房号"
    samples = {building: ["幸福西街小区10号楼", "建新北区2号楼"], door: ["1单元101", "3-402"]}
    assert proposed(building, door, **samples) == {building: "address", door: "room"}


def test_headings_are_known_again_in_any_order():
    titles = ["姓名", "住址", "是否低保"]
    assert heading_key(titles) == heading_key(random.Random(1).sample(titles, 3)) != heading_key(titles[:2])


@pytest.mark.parametrize(
    ("mapping", "wrong"),
    [
        ({"a": "name", "b": "identity"}, {}),
        ({"a": "name", "b": "address"}, {}),
        ({"a": "name"}, {"identity": "nothing"}),
        ({"a": "identity"}, {"name": "nobody"}),
        ({"a": "address", "b": "tenure"}, {}),
        ({"a": "address", "b": "need_subsistence"}, {"name": "nobody"}),
        ({"a": "name", "b": "name", "c": "phone"}, {"name": "double"}),
        ({"a": "name", "b": "phone", "c": "shoe size"}, {"shoe size": "unknown"}),
    ],
)
def test_a_mapping_must_say_who_a_row_is(mapping, wrong):
    assert faults_of(mapping, TARGETS) == wrong


@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
def test_a_proposal_never_names_a_field_twice_or_a_column_there_is_not(titles):
    found = propose(titles, {}, TARGETS)
    assert set(found) <= set(titles)
    assert len(set(found.values())) == len(found)
