from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from gis.codes.loading import load_table
from gis.models import ServicePoint

FIRST, SECOND = "110113001006", "110113001007"


@pytest.fixture(autouse=True)
def kinds(cells):
    load_table("service_kind")


def file(write, name="points.csv", **columns):
    given = {
        "编号": ["a", "b", "c"],
        "设施类型": ["老年助餐点", "clinic", "幼儿园"],
        "设施名称": ["幸福食堂", "幸福卫生站", "义宾幼儿园"],
        "经度": [116.651, 116.657, 116.665],
        "纬度": [40.121, 40.125, 40.125],
        "座位数": [40, None, 270],
        "停用日期": ["", "2026-08-01", ""],
    }
    return write(name, given | columns)


def test_it_finds_kind_place_capacity_and_days(bring, write):
    assert "3 new" in bring("service_points", file(write, 启用日期=["2025-03-01", "2024-01-01", ""]))
    canteen, clinic, kindergarten = ServicePoint.objects.order_by("source_code")
    assert (canteen.kind, canteen.name, canteen.capacity) == ("canteen", "幸福食堂", 40)
    assert (canteen.area, canteen.starts, canteen.ends) == (FIRST + "001", date(2025, 3, 1), None)
    assert (clinic.kind, clinic.capacity, clinic.ends) == ("clinic", None, date(2026, 8, 1))
    assert (kindergarten.kind, kindergarten.area, kindergarten.starts) == ("kindergarten", SECOND, timezone.localdate())


def test_it_changes_nothing_when_run_again_and_updates_what_differs(bring, write):
    bring("service_points", file(write))
    assert "0 new, 0 updated, 3 unchanged" in bring("service_points", file(write))
    assert "0 new, 1 updated, 2 unchanged" in bring("service_points", file(write, 座位数=[80, None, 270]))


def test_a_dry_run_judges_and_writes_nothing(bring, write):
    assert "3 rows would go in" in bring("service_points", file(write), "--dry-run")
    assert not ServicePoint.objects.exists()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"设施类型": ["赌场", "clinic", "幼儿园"]}, "没有这一类服务点"),
        ({"设施名称": ["", "二", "三"]}, "缺少名称"),
        ({"经度": [117.9, 116.657, 116.665]}, "它不在任何已知社区里"),
        ({"停用日期": ["不详", "2027-01-01", ""]}, "日期无法识别"),
        ({"启用日期": ["2026-05-01", "", ""], "停用日期": ["2026-04-01", "", ""]}, "关闭日期早于开放日期"),
    ],
)
def test_it_refuses_a_row_and_says_why(columns, said, bring, write, tmp_path):
    told = bring("service_points", file(write, **columns), "--report", str(tmp_path / "refused.xlsx"))
    assert said in told
    assert "2 new" in told
    assert (tmp_path / "refused.xlsx").exists()


def test_points_follow_their_cell_when_cells_are_drawn_anew(bring, write, ground):
    from gis.models import CellVersion

    bring("service_points", file(write))
    CellVersion.objects.filter(code=FIRST + "001").update(code=FIRST + "009")
    from gis.exchange.relinking import relink

    relink([FIRST])
    assert ServicePoint.objects.get(source_code="a").area == FIRST + "009"


def test_the_command_is_there():
    with pytest.raises(SystemExit):
        call_command("import_service_points", "--help")
