"""Organisations from a file: everything here is invented."""

from datetime import date

import pytest

from gis.codes.loading import load_table
from gis.models import Organisation
from gis.organisations.credit_code import make_code
from gis.people.sealing import is_of, open_seal

ONE, TWO = make_code("92", "110113", "MA00AB12"), make_code("91", "110113", "MA00CD34")
FIRST = "110113001006"
pytestmark = pytest.mark.usefixtures("houses")


@pytest.fixture(autouse=True)
def kinds(houses):
    load_table("organisation_kind")


def file(write, name="shops.xlsx", **columns):
    given = {
        "单位名称": ["甲超市", "乙公司", "丙餐馆"],
        "类型": ["超市", "企业", "restaurant"],
        "统一社会信用代码": [ONE.lower(), f" {TWO[:9]} {TWO[9:]}", ""],
        "法定代表人": ["甲一", "乙二", ""],
        "联系电话": ["19900000001", "12", ""],
        "从业人数": ["3", "40", ""],
        "开业日期": ["2020-05-01", "", ""],
        "小区": ["建新北区"] * 3,
        "楼号": ["1号楼", "1号楼", "01"],
        "室号": ["底商1", "", ""],
    }
    return write(name, given | columns)


def test_it_brings_kind_code_place_and_seals_the_phone(bring, write):
    said = bring("organisations", file(write))
    assert "3 new" in said
    shop, firm, restaurant = Organisation.objects.order_by("pk")
    assert (shop.kind, shop.credit_code, shop.area, shop.staff) == ("shop", ONE, FIRST + "001", 3)
    assert (shop.opened_on, shop.person, shop.hazards) == (date(2020, 5, 1), "甲一", [])
    assert open_seal(shop.phone_sealed) == "19900000001"
    assert is_of(shop.phone_index, "19900000001")
    assert (firm.kind, firm.credit_code, firm.phone_sealed) == ("firm", TWO, None)
    assert (restaurant.kind, restaurant.credit_code) == ("restaurant", "")


def test_it_changes_nothing_when_run_again_and_updates_what_differs(bring, write):
    bring("organisations", file(write))
    Organisation.objects.filter(name="甲超市").update(hazards=["gas"])
    assert "0 new, 0 updated, 3 unchanged" in bring("organisations", file(write))
    assert "0 new, 1 updated, 2 unchanged" in bring("organisations", file(write, 从业人数=["5", "40", ""]))
    assert Organisation.objects.get(name="甲超市").hazards == ["gas"]


def test_it_refuses_rows_and_says_why(bring, write):
    wrong = file(
        write, 统一社会信用代码=[ONE[:17] + ("0" if ONE[17] != "0" else "1"), "123", ""], 类型=["超市", "企业", "餐馆"]
    )
    said = bring("organisations", wrong)
    assert "1 new" in said
    assert "GB 32100" in said
    assert "统一社会信用代码的末位不对" in said
    assert "没有这一类单位" in bring("organisations", file(write, 类型=["超市", "企业", "飞船"]))


def test_one_organisation_comes_once_from_a_file(bring, write):
    said = bring("organisations", file(write, 单位名称=["甲超市", "甲超市", "甲超市"], 统一社会信用代码=[ONE, ONE, ""]))
    assert Organisation.objects.count() == 2
    assert "同一个单位" in said


def test_what_stands_nowhere_known_is_refused(bring, write):
    said = bring("organisations", file(write, 小区=["没有的小区", "没有的小区", "建新北区"]))
    assert Organisation.objects.get().name == "丙餐馆"
    assert "请先导入楼栋" in said
