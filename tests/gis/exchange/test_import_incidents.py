from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.exchange.categories import category_ids
from gis.incidents.category_changing import change_category
from gis.models import Area, Category, CellVersion, Incident

FIRST, SECOND = "110113001006", "110113001007"


@pytest.fixture(autouse=True)
def categories(cells):
    Category.objects.create(kind="community", code="C0101", major="消防安全", name="消防通道堵塞")
    Category.objects.create(kind="city", code="0101", major="市容环境", name="私搭乱建")
    Category.objects.create(kind="component", code="0101", major="公用设施", name="上水井盖")


def file(write, name="cases.csv", **columns):
    given = {
        "编号": ["a", "b", "c"],
        "上报时间": ["2026-03-05 14:30", "2026/3/6 8:00", "2023年5月1日"],
        "类别": ["C0101", "私搭乱建", "噪声"],
        "经度": [116.651, 116.657, 116.665],
        "纬度": [40.121, 40.125, 40.125],
        "地点": ["府前街", "", "站前街"],
    }
    return write(name, given | columns)


def test_it_finds_time_category_and_place(bring, write):
    assert "3 new" in bring("incidents", file(write))
    first = Incident.objects.get(source_code="a")
    assert first.reported_at == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    assert (first.category.code, first.area, first.cell.code) == ("C0101", FIRST + "001", FIRST + "001")
    assert (first.state, first.origin, first.place) == ("closed", "import", "府前街")
    assert first.number.startswith("20260305-I")
    assert Incident.objects.get(source_code="b").category.kind == "city"
    third = Incident.objects.get(source_code="c")
    assert (third.category.kind, third.category.name, third.area, third.cell) == ("imported", "噪声", SECOND, None)


def test_it_changes_nothing_when_run_again(bring, write):
    path = file(write)
    bring("incidents", path)
    before = list(Incident.objects.order_by("id").values_list("id", "number", "uuid"))
    assert "0 new, 0 updated, 3 unchanged" in bring("incidents", path)
    assert list(Incident.objects.order_by("id").values_list("id", "number", "uuid")) == before
    assert Category.objects.filter(kind="imported").count() == 1


def test_it_knows_rows_without_a_key_again(bring, write):
    path = write(
        "cases.csv", {"time": ["2026-03-05 14:30"] * 3, "lon": [116.651, 116.651, 116.652], "lat": [40.121] * 3}
    )
    assert "3 new" in bring("incidents", path)
    assert "3 unchanged" in bring("incidents", path)


def test_it_keeps_the_cell_of_the_day_it_happened(bring, write):
    CellVersion.objects.filter(code=FIRST + "001").update(valid=DateRange(date(2026, 3, 6), None))
    bring("incidents", file(write))
    first = Incident.objects.get(source_code="a")
    assert first.cell is None  # reported a day before the cell began
    assert first.area == FIRST + "001"


def test_it_gives_a_point_on_a_shared_border_to_the_lowest_code(bring, write):
    bring("incidents", file(write, 经度=[116.655, 116.66, 116.665]))
    assert Incident.objects.get(source_code="a").area == FIRST + "001"
    assert Incident.objects.get(source_code="b").area == FIRST + "002"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"经度": [None, 116.657, 116.665]}, "缺少坐标（第 2 行）"),
        ({"经度": [0, 116.657, 116.665], "纬度": [0, 40.125, 40.125]}, "坐标是 0, 0"),
        ({"经度": ["east", "116.657", "116.665"]}, "坐标不是数字"),
        (
            {"经度": [40.121, 116.657, 116.665], "纬度": [116.651, 40.125, 40.125]},
            "经度和纬度写反了",
        ),
        ({"经度": [116.7, 116.657, 116.665]}, "它不在任何已知社区里"),
        ({"上报时间": ["soon", "2026-03-06", "2026-03-06"]}, "时间无法识别"),
        ({"上报时间": [None, "2026-03-06", "2026-03-06"]}, "缺少时间"),
        ({"上报时间": ["2126-03-05", "2026-03-06", "2026-03-06"]}, "时间在未来"),
        ({"编号": ["b", "b", "c"]}, "键与它相同"),
    ],
)
def test_it_refuses_one_row_and_takes_the_others(bring, write, change, reason):
    said = bring("incidents", file(write, **change))
    assert reason in said
    assert "2 new, 0 updated, 0 unchanged, 1 refused" in said


def test_it_notices_exchanged_columns_even_where_both_are_in_range(bring, write):
    there = shapely.multipolygons([shapely.box(-74.0, 40.0, -73.9, 40.1)])
    Area.objects.create(code="990101001001", level="community", name="x", geometry=_geos(there))
    said = bring("incidents", file(write, 经度=[40.05, 116.657, 116.665], 纬度=[-73.95, 40.125, 40.125]))
    assert "经度和纬度写反了（第 2 行）" in said


def _geos(shape):
    from gis.exchange.parents import to_geos

    return to_geos(shape)


def test_it_marks_what_it_takes_from_outside_a_community(bring, write):
    bring("incidents", file(write, 经度=[116.6702, 116.657, 116.665]), "--margin", "50")
    first = Incident.objects.get(source_code="a")
    assert first.area == SECOND
    assert "17 米" in first.doubt


def test_it_marks_a_position_that_many_addresses_share(bring, write):
    count = 60
    path = write(
        "geocoded.csv",
        {
            "time": ["2026-03-05"] * count,
            "address": [f"road {n}" for n in range(count)],
            "lon": [116.651] * 50 + [116.652] * 10,
            "lat": [40.121] * count,
        },
    )
    assert "50 × longitude" in bring("incidents", path)
    assert Incident.objects.exclude(doubt="").count() == 50


def test_it_draws_a_local_area_around_the_bulk_and_refuses_what_is_far(bring, write):
    rng = np.random.default_rng(1)
    lon, lat = rng.normal(-95.4, 0.1, 300), rng.normal(29.75, 0.08, 300)
    lon[0], lat[0] = -95.1, 37.3  # 840 km to the north
    path = write("houston.csv", {"id": range(300), "time": ["2010-01-01"] * 300, "lon": lon, "lat": lat})
    said = bring("incidents", path, "--into", "990001")
    assert "离文件中心" in said
    assert "299 new" in said
    area = Area.objects.get(code="990001001001")
    assert set(Incident.objects.values_list("area", flat=True)) == {area.code}
    assert all(area.geometry.covers(incident.position) for incident in Incident.objects.all()[:20])
    assert "0 new, 0 updated, 299 unchanged, 1 refused" in bring("incidents", path, "--into", "990001")


def test_it_tells_of_new_ground_when_nothing_is_near(refused, bring, write, capsys):
    path = write("far.csv", {"time": ["2010-01-01"], "lon": [-95.4], "lat": [29.75]})
    assert "No row could be imported" in refused("incidents", path)


def test_it_does_not_draw_ground_of_the_state(refused, write):
    path = write("far.csv", {"time": ["2010-01-01"] * 3, "lon": [120.1, 120.2, 120.3], "lat": [30.0, 30.1, 30.2]})
    assert "code of the state" in refused("incidents", path, "--into", "330106")


def test_it_reads_states_and_times_of_closing(bring, write):
    bring("incidents", file(write, 状态=["已结案", "处理中", "?"], 结案时间=["2026-03-06 10:00", None, "2020-01-01"]))
    states = dict(Incident.objects.values_list("source_code", "state"))
    assert states == {"a": "closed", "b": "in_progress", "c": "closed"}
    assert Incident.objects.get(source_code="a").closed_at == datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    assert Incident.objects.get(source_code="c").closed_at is None


def test_it_takes_one_category_for_all_where_the_file_has_none(bring, write):
    bring(
        "incidents",
        write("cases.csv", {"time": ["2026-03-05"], "lon": [116.651], "lat": [40.121]}),
        "--category",
        "消防通道堵塞",
    )
    assert Incident.objects.get().category.code == "C0101"


def test_it_refuses_descriptions_as_categories(refused, write):
    many = write(
        "cases.csv",
        {
            "time": ["2026-03-05"] * 600,
            "类别": [f"text {n}" for n in range(600)],
            "lon": [116.651] * 600,
            "lat": [40.121] * 600,
        },
    )
    assert "600 种" in refused("incidents", many)


def test_it_cuts_a_huge_text_and_says_so(bring, write):
    said = bring("incidents", file(write, 地点=["长" * 5000, "", ""]))
    assert "已截到 120 个字" in said or "cut to …" in said
    assert len(Incident.objects.get(source_code="a").place) == 120


def test_it_takes_points_of_a_map_file(bring, write):
    path = write("cases.geojson", {"id": ["a"], "time": ["2026-03-05 14:30"]}, [shapely.Point(116.651, 40.121)])
    bring("incidents", path)
    assert Incident.objects.get().area == FIRST + "001"


def test_it_converts_the_coordinates_of_a_phone(bring, write):
    from gis import crs

    shifted = crs.shift(np.array([[116.651, 40.121]]), "bd09")[0]
    bring(
        "incidents",
        write("cases.csv", {"time": ["2026-03-05"], "lon": [shifted[0]], "lat": [shifted[1]]}),
        "--crs",
        "bd09",
    )
    stored = Incident.objects.get().position
    assert abs(stored.x - 116.651) < 1e-6
    assert abs(stored.y - 40.121) < 1e-6


def test_it_reads_plane_coordinates_in_the_system_it_is_told(bring, write):
    from gis import crs

    x, y = crs.move(np.array([[116.651, 40.121]]), crs.STORE, crs.metric(116.651, 40.121))[0]
    path = write("cases.csv", {"time": ["2026-03-05"], "x": [x], "y": [y]})
    bring("incidents", path, "--crs", f"EPSG:{crs.metric(116.651, 40.121)}")
    assert abs(Incident.objects.get().position.x - 116.651) < 1e-7


def test_a_file_older_than_the_name_finds_the_category():
    change_category(Category.objects.get(kind="community", code="C0101"), {"name": "改了的名称"}, user=None)
    keys, new = category_ids(np.array(["消防通道堵塞", "改了的名称"], dtype=object), "x", make=False)
    assert new == []
    assert len(set(keys.tolist())) == 1
