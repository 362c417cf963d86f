from datetime import date

import pytest
from django.core.management import call_command

from gis.incidents.categories import load_categories
from gis.models import Component, Department

FIRST, SECOND = "110113001006", "110113001007"
LAMP = "1101130118000007"


@pytest.fixture(autouse=True)
def classes(cells):
    load_categories()


def file(write, name="components.csv", **columns):
    given = {
        "编号": ["a", "b", "c"],
        "标识码": [LAMP, "", ""],
        "部件小类": ["", "污水井盖", "消火栓"],
        "经度": [116.651, 116.657, 116.665],
        "纬度": [40.121, 40.125, 40.125],
        "状态": ["完好", "缺失", ""],
        "养护单位": ["路灯队", "水务局", ""],
        "普查日期": ["2024-05-01", "", "20250102"],
    }
    return write(name, given | columns)


def test_it_finds_class_place_keeper_state_and_day(bring, write):
    water = Department.objects.create(code="water", name="水务局")
    assert "3 new" in bring("components", file(write))
    lamp, manhole, hydrant = Component.objects.order_by("source_code")
    assert (lamp.code, lamp.kind, lamp.area, lamp.state) == (LAMP, "0118", FIRST + "001", "intact")
    assert (lamp.care_name, lamp.care, lamp.surveyed_on) == ("路灯队", None, date(2024, 5, 1))
    assert (manhole.code, manhole.state, manhole.care) == ("1101130102000001", "missing", water)
    assert (hydrant.code, hydrant.kind, hydrant.area) == ("1101130113000001", "0113", SECOND)
    assert hydrant.surveyed_on == date(2025, 1, 2)


def test_it_changes_nothing_when_run_again_and_updates_what_differs(bring, write):
    bring("components", file(write))
    codes = list(Component.objects.values_list("source_code", "code"))
    assert "0 new, 0 updated, 3 unchanged" in bring("components", file(write))
    assert "0 new, 1 updated, 2 unchanged" in bring("components", file(write, 状态=["破损", "缺失", ""]))
    assert list(Component.objects.values_list("source_code", "code")) == codes


def test_a_code_it_gives_out_comes_after_every_other_of_its_class(bring, write):
    bring("components", file(write))
    more = file(write, "more.csv", 标识码=["1101130102000041", "", ""], 部件小类=["", "污水井盖", "污水井盖"])
    assert "3 new" in bring("components", more)
    given = sorted(Component.objects.filter(kind="0102").values_list("code", flat=True))
    assert [int(code[10:]) for code in given] == [1, 41, 42, 43]


def test_a_code_of_the_newer_standard_names_its_class_in_five_digits(bring, write):
    from gis.models import Category

    Category.objects.create(kind="component", code="21901", major="扩展部件", name="电梯（自定义）")
    bring("components", file(write, 标识码=["1101132190100012", "", ""]))
    assert Component.objects.get(source_code="a").kind == "21901"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"部件小类": ["", "飞碟", "消火栓"]}, "没有这一类部件"),
        ({"标识码": ["12345", "", ""]}, "标识码应为 16 或 18 位数字"),
        ({"标识码": [LAMP, LAMP, ""]}, "文件里另一行与它相同"),
        ({"经度": [117.9, 116.657, 116.665]}, "它不在任何已知社区里"),
    ],
)
def test_it_refuses_a_row_and_says_why(columns, said, bring, write):
    told = bring("components", file(write, **columns))
    assert said in told
    assert "2 new" in told


def test_a_day_that_cannot_be_read_is_left_out_and_noted(bring, write):
    told = bring("components", file(write, 普查日期=["不详", "2024-01-01", "2024-01-01"]))
    assert "3 new" in told
    assert "日期无法识别" in told
    assert Component.objects.get(source_code="a").surveyed_on is None


def test_they_follow_their_cell_when_cells_are_drawn_anew(bring, write):
    from gis.exchange.relinking import relink
    from gis.models import CellVersion

    bring("components", file(write))
    CellVersion.objects.filter(code=FIRST + "001").update(code=FIRST + "009")
    relink([FIRST])
    assert Component.objects.get(source_code="a").area == FIRST + "009"


def test_the_command_is_there():
    with pytest.raises(SystemExit):
        call_command("import_components", "--help")
