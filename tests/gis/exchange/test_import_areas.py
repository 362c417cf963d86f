import numpy as np
import pytest
import shapely
from django.utils.translation import override

from gis.models import Area

pytestmark = pytest.mark.usefixtures("bare")

BOX = [shapely.box(x, 40.0, x + 0.01, 40.01) for x in (116.0, 116.01, 116.02)]


def streets(write, name="streets.gpkg", shapes=BOX, **columns):
    given = {
        "code": ["110113001", "110113002", "110113010"],
        "名称": ["胜利街道", "光明街道", "石园街道"],
        "district": ["顺义区"] * 3,
    }
    return write(name, given | columns, shapes)


def test_it_brings_in_streets_and_outlines_what_is_above(bring, write):
    said = bring("areas", streets(write))
    assert "3 new, 0 updated, 0 unchanged, 0 refused of 3 rows" in said
    assert "fit together" in said
    district = Area.objects.get(code="110113")
    assert district.name == "顺义区"
    assert district.geometry.area == pytest.approx(0.0003)
    assert Area.objects.get(code="11").geometry.area == pytest.approx(0.0003)
    assert Area.objects.get(code="110113001").level == "street"


def test_it_changes_nothing_when_run_again(bring, write):
    path = streets(write)
    bring("areas", path)
    before = list(Area.objects.values_list("code", "name", "source_code"))
    assert "0 new, 0 updated, 3 unchanged" in bring("areas", path)
    assert list(Area.objects.values_list("code", "name", "source_code")) == before


def test_it_updates_what_has_changed(bring, write):
    bring("areas", streets(write))
    changed = streets(write, name="streets.parquet", 名称=["胜利街道", "光明街道", "石园新街道"])
    assert "0 new, 1 updated, 2 unchanged" in bring("areas", changed)


def test_it_writes_nothing_on_a_dry_run(bring, write):
    assert "3 rows would go in" in bring("areas", streets(write), "--dry-run")
    assert not Area.objects.exists()


def test_it_gives_a_local_code_where_one_is_missing_beside_its_neighbours(bring, write):
    said = bring("areas", streets(write, code=["110113001", None, "110113010"]))
    local = Area.objects.get(name="光明街道")
    assert local.code == "110113900"
    assert local.code_system == "local"
    assert "已给出本地代码：110113900" in said
    assert "3 unchanged" in bring(
        "areas", streets(write, name="streets.parquet", code=["110113001", None, "110113010"])
    )


def test_it_lets_the_row_named_as_elsewhere_keep_a_code_that_two_claim(bring, write):
    path = streets(write, code=["110113001", "110113001", "110113010"], official=["光明街道", "光明街道", "石园街道"])
    said = bring("areas", path)
    assert Area.objects.get(code="110113001").name == "光明街道"
    assert Area.objects.get(name="胜利街道").code == "110113900"
    assert "在同一文件里属于光明街道" in said


def test_reasons_and_fixes_are_in_the_language_of_the_installation(bring, write):
    path = streets(write, code=["110113001", "110113001", "110113010"], 名称=["胜利街道", "胜利街道", "石园街道"])
    with override("en"):
        said = bring("areas", path)
    assert "another row of the file has the same one (row 2). Keep one of the two rows." in said


def test_it_refuses_a_true_double(bring, write):
    said = bring(
        "areas", streets(write, code=["110113001", "110113001", "110113010"], 名称=["胜利街道", "胜利街道", "石园街道"])
    )
    assert "文件里另一行与它相同（第 2 行）" in said
    assert Area.objects.filter(level="street").count() == 2


def test_it_puts_communities_without_codes_under_local_parents_by_name(bring, write):
    path = write(
        "tracts.parquet", {"id": ["a", "b", "c"], "name": ["x", "x", "y"], "borough": ["North", "North", "South"]}, BOX
    )
    bring("areas", path, "--level", "community")
    codes = dict(Area.objects.filter(level="community").values_list("source_code", "code"))
    assert codes == {"a": "990101001001", "b": "990101001002", "c": "990101002001"}
    assert Area.objects.get(code="990101001").name == "North"
    assert sorted(Area.objects.filter(level="community").values_list("name", flat=True)) == ["x a", "x b", "y"]
    assert "3 unchanged" in bring("areas", path, "--level", "community")


def test_it_spreads_more_rows_than_a_parent_has_codes(bring, write):
    grid = [shapely.box(x / 100, y / 100, x / 100 + 0.01, y / 100 + 0.01) for x in range(40) for y in range(26)]
    path = write("many.parquet", {"id": [f"r{n}" for n in range(1040)], "name": [f"n{n}" for n in range(1040)]}, grid)
    bring("areas", path, "--level", "community")
    assert list(Area.objects.filter(level="street").order_by("code").values_list("name", flat=True)) == [
        "many 1",
        "many 2",
    ]
    assert Area.objects.filter(level="community").count() == 1040


def test_it_says_how_much_overlaps_and_is_missing(bring, write):
    lapping = [shapely.box(116.0, 40.0, 116.0101, 40.01), BOX[1], shapely.box(116.0201, 40.0, 116.03, 40.01)]
    said = bring("areas", streets(write, shapes=lapping))
    assert "1 pairs of outlines overlap" in said
    assert "胜利街道 and 光明街道 share 9," in said  # 0.0001° × 0.01° at 40° N is 9,480 m²


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.from_wkt("POLYGON ((116 40, 116.01 40.01, 116.01 40, 116 40.01, 116 40))"), "边界自相交"),
        (shapely.Point(116, 40), "图形不是面"),
        (None, "缺少图形或图形为空"),
        (shapely.box(40, 116, 40.01, 116.01), "经度和纬度写反了"),
    ],
)
def test_it_refuses_a_shape_that_is_none_and_takes_the_others(bring, write, shape, reason):
    said = bring("areas", streets(write, name="s.parquet", shapes=[BOX[0], shape, BOX[2]]))
    assert reason in said
    assert "2 new" in said
    assert not Area.objects.filter(code="110113002").exists()


def test_it_drops_heights_and_says_so(bring, write):
    said = bring("areas", streets(write, shapes=[shapely.force_3d(shape, 5.0) for shape in BOX]))
    assert "高程已略去" in said
    assert "3 new" in said


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("11011300", "这一级的代码应为 9 位"),
        ("19x113001", "数字以外"),
        ("190113001", "省级代码"),
        ("110113000", "以零结尾"),
    ],
)
def test_it_refuses_a_code_that_is_none(bring, write, code, reason):
    assert reason in bring("areas", streets(write, code=[code, "110113002", "110113010"]))


def test_it_reads_another_coordinate_system(bring, write):
    import geopandas

    plane = geopandas.GeoSeries(BOX, crs="EPSG:4326").to_crs("EPSG:4548")
    path = write(
        "plane.gpkg", {"code": ["110113001", "110113002", "110113010"], "name": list("abc")}, plane, crs="EPSG:4548"
    )
    assert "converted from CGCS2000" in bring("areas", path)
    stored = np.array(Area.objects.get(code="110113001").geometry.extent)
    assert np.abs(stored - np.array(BOX[0].bounds)).max() < 1e-7


def test_it_converts_the_coordinates_of_chinese_web_maps(bring, write):
    from gis import crs

    shifted = [shapely.transform(shape, lambda xy: crs.shift(xy, "gcj02")) for shape in BOX]
    bring("areas", streets(write, shapes=shifted), "--crs", "gcj02")
    stored = np.array(Area.objects.get(code="110113001").geometry.extent)
    assert np.abs(stored - np.array(BOX[0].bounds)).max() < 1e-6


def test_it_reads_a_list_of_names_without_outlines(bring, write):
    bring("areas", write("list.csv", {"代码": ["110113001006", "110113001007"], "名称": ["幸福西街", "义宾街"]}))
    assert Area.objects.get(code="110113001007").geometry is None


def test_it_keeps_an_outline_when_a_list_of_names_comes_later(bring, write):
    bring("areas", streets(write))
    bring("areas", write("list.csv", {"code": ["110113001"], "name": ["胜利"]}), "--level", "street")
    renamed = Area.objects.get(code="110113001")
    assert renamed.name == "胜利"
    assert renamed.geometry is not None


def test_it_takes_a_population_and_says_where_it_is_from(bring, write):
    bring("areas", streets(write, population=[1000.0, None, -3.0]))
    assert list(Area.objects.filter(level="street").order_by("code").values_list("population", flat=True)) == [
        1000,
        None,
        None,
    ]
    assert Area.objects.get(code="110113001").population_source == "streets: population"


def test_it_asks_for_the_level_where_nothing_tells_it(refused, write):
    assert "--level" in refused("areas", write("a.parquet", {"name": list("abc")}, BOX))


def test_it_says_what_overlaps_areas_that_were_here_before(bring, write):
    bring("areas", streets(write))
    path = write(
        "new.parquet", {"code": ["110113011"], "name": ["空港街道"]}, [shapely.box(116.0195, 40.0, 116.03, 40.01)]
    )
    assert "2 overlaps with areas that were here before" in bring("areas", path)


def test_it_needs_the_code_of_a_city(bring, write):
    path = write("cities.parquet", {"code": ["1101", None], "name": ["北京市", "无名市"]}, BOX[:2])
    assert "这一级必须有代码（第 2 行）" in bring("areas", path)


def test_it_refuses_a_parent_that_is_no_code(refused, write):
    path = write("t.parquet", {"name": ["a"]}, BOX[:1])
    assert "is not a division code" in refused("areas", path, "--level", "community", "--under", "nowhere")


def test_it_puts_rows_without_codes_under_the_area_named(bring, write):
    bring("areas", streets(write))
    path = write("t.parquet", {"id": ["x"], "name": ["新社区"]}, BOX[:1])
    bring("areas", path, "--level", "community", "--under", "110113001")
    assert Area.objects.get(name="新社区").code == "110113001900"


def test_it_draws_a_parent_anew_when_another_file_brings_more_children(bring, write):
    bring("areas", streets(write))
    bring(
        "areas",
        write(
            "more.parquet", {"code": ["110113011"], "name": ["空港街道"]}, [shapely.box(116.03, 40.0, 116.04, 40.01)]
        ),
    )
    assert Area.objects.get(code="110113").geometry.area == pytest.approx(0.0004)


def test_it_leaves_an_outline_alone_that_was_drawn_by_hand(bring, write):
    from gis.exchange.parents import to_geos

    drawn = to_geos(shapely.multipolygons([shapely.box(116, 40, 117, 41)]))
    Area.objects.create(code="110113", level="district", name="顺义区", geometry=drawn)
    bring("areas", streets(write))
    assert Area.objects.get(code="110113").geometry.area == pytest.approx(1.0)
