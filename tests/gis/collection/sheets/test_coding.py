"""Values become codes; identity numbers vote where a code means one thing here and another elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.coding import apply_codes, code_column, count_values, distinct_values, unknown_values
from tests.gis.collection.sheets.tables import array, field

SEXES = {"0": "未知的性别", "1": "男性", "2": "女性", "9": "未说明的性别"}
SEX = field("sex", "性别", "code")
LOW = field("need_subsistence", "是否低保", "yes_no")
SCHOOL = field("education", "学历", "choice", options=[["本科", "Bachelor"], ["高中或中专", ""], ["初中", ""]])
POPULATION = field("population", "人口类型", "choice", options=[["户籍人口", "Registered"], ["流动人口", "Floating"]])


def codes(of, texts, choices, sexes=None, said=None):
    counted = count_values(of, array(*texts), None if sexes is None else array(*sexes))
    found = code_column(of, counted, choices, said or {})
    return {one.value: (one.code, one.why) for one in found}


def test_values_are_counted_the_commonest_first():
    assert distinct_values(array("女", "男", "女", "", "?")) == [("女", 2), ("?", 1), ("男", 1)]


@pytest.mark.parametrize(
    ("text", "code"), [("男", "1"), ("女", "2"), ("男性", "1"), ("F", "2"), ("未说明", "9"), ("未知", "")]
)
def test_words_for_the_sex_are_understood(text, code):
    assert codes(SEX, [text], SEXES)[text][0] == code


def test_a_sheet_in_which_0_is_a_woman_is_caught_by_identity_numbers():
    texts, sexes = ["0", "1"] * 6, ["2", "1"] * 6
    assert codes(SEX, texts, SEXES, sexes) == {"0": ("2", "against"), "1": ("1", "vote")}


def test_a_sheet_in_which_1_is_a_woman_and_2_a_man_is_caught_too():
    assert codes(SEX, ["1", "2"] * 5, SEXES, ["2", "1"] * 5) == {"1": ("2", "against"), "2": ("1", "against")}


def test_a_0_that_no_number_explains_is_asked():
    found = codes(SEX, ["0", "1", "0"], SEXES)
    assert found["0"] == (None, "guess")
    assert found["1"] == ("1", "guess")


def test_digits_on_which_numbers_do_not_agree_are_asked_words_are_not():
    sexes = ["1", "2"] * 5
    assert codes(SEX, ["1"] * 10, SEXES, sexes)["1"] == (None, "split")
    assert codes(SEX, ["男"] * 10, SEXES, sexes)["男"] == ("1", "split")


def test_two_numbers_are_too_few_to_overrule():
    assert codes(SEX, ["男", "男"], SEXES, ["2", "2"])["男"] == ("1", "word")


def test_what_a_clerk_has_said_stands():
    assert codes(SEX, ["0"] * 9, SEXES, ["2"] * 9, {"0": "9"})["0"] == ("9", "said")
    assert codes(SEX, ["0"], SEXES, None, {"0": "不存在"})["0"][1] != "said"


@pytest.mark.parametrize(
    ("text", "code"),
    [("是", "1"), ("否", "0"), ("有", "1"), ("无", "0"), ("√", "1"), ("Y", "1"), ("0", "0"), ("也许", None)],
)
def test_yes_and_no_are_understood(text, code):
    assert codes(LOW, [text], {"1": "是", "0": "否"})[text][0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("本科", "本科"), ("大学本科", "本科"), ("bachelor", "本科"), ("高中", "高中或中专"), ("博士后", None)],
)
def test_options_are_found_by_name_by_part_and_in_english(text, code):
    assert codes(SCHOOL, [text], {value: value for value, _word in SCHOOL.options})[text][0] == code


def test_words_of_population_become_options():
    assert codes(POPULATION, ["租户"], {"户籍人口": "户籍人口", "流动人口": "流动人口"})["租户"][0] == "流动人口"


def test_unknown_values_are_told():
    found = code_column(LOW, count_values(LOW, array("也许", "是"), None), {"1": "是", "0": "否"}, {})
    assert [one.value for one in unknown_values(found)] == ["也许"]


def test_codes_are_applied_to_every_row():
    assert apply_codes(array("男", "", "?"), {"男": "1"}).tolist() == ["1", "", None]


@given(st.lists(st.sampled_from(["0", "1", "2", "男", "女", "x", ""]), max_size=30), st.data())
def test_a_proposed_code_is_one_of_the_table(texts, data):
    sexes = data.draw(st.lists(st.sampled_from(["1", "2", ""]), min_size=len(texts), max_size=len(texts)))
    found = code_column(SEX, count_values(SEX, array(*texts), array(*sexes)), SEXES, {})
    assert sum(one.count for one in found) == int(np.sum(array(*texts) != "")) if texts else not found
    assert all(one.code is None or one.code == "" or one.code in SEXES for one in found)
