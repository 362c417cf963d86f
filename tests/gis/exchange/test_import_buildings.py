import numpy as np
import pytest
import shapely

from gis.models import Building, Compound

FIRST, SECOND = "110113001006", "110113001007"
pytestmark = pytest.mark.usefixtures("cells")


def house(x, y, size=0.0002):
    return shapely.box(x, y, x + size, y + size)


#: Two in the first cell, one in the second, one in the community without cells.
PLACES = [house(116.651, 40.121), house(116.652, 40.121), house(116.657, 40.121), house(116.665, 40.121)]


def file(write, name="houses.gpkg", shapes=PLACES, **columns):
    given = {
        "id": [11, 12, 13, 14],
        "小区": ["建新北区"] * 3 + [None],
        "楼号": ["1号楼", "2号楼", "3号楼", None],
        "层数": [6, 6, 18, 2],
        "用途": ["城镇住宅", "住宅", "底商", "greenhouse"],
    }
    return write(name, given | columns, shapes)


def test_it_finds_community_and_cell_and_mints_codes(bring, write):
    assert "4 new" in bring("buildings", file(write))
    rows = Building.objects.order_by("code").values_list("code", "area", "kind", "floors")
    assert list(rows) == [
        (FIRST + "00001", FIRST + "001", "residential", 6),
        (FIRST + "00002", FIRST + "001", "residential", 6),
        (FIRST + "00003", FIRST + "002", "commercial", 18),
        (SECOND + "00001", SECOND, "other", 2),
    ]
    assert Building.objects.get(code=FIRST + "00003").cell is not None
    assert Building.objects.get(code=SECOND + "00001").cell is None
    assert Compound.objects.get().name == "建新北区"


def test_it_changes_nothing_when_run_again(bring, write):
    path = file(write)
    bring("buildings", path)
    before = list(Building.objects.order_by("id").values_list("id", "code", "source_code"))
    assert "0 new, 0 updated, 4 unchanged" in bring("buildings", path)
    assert list(Building.objects.order_by("id").values_list("id", "code", "source_code")) == before


def test_it_keeps_a_code_when_the_building_changes(bring, write):
    bring("buildings", file(write))
    assert "0 new, 1 updated, 3 unchanged" in bring("buildings", file(write, name="houses.parquet", 层数=[6, 7, 18, 2]))
    assert Building.objects.get(source_code="12").code == FIRST + "00002"


def test_it_numbers_new_buildings_behind_the_old(bring, write):
    bring("buildings", file(write, name="houses.parquet"))
    bring("buildings", file(write, name="other.parquet"))
    bring("buildings", write("houses.gpkg", {"id": [99, 11]}, [house(116.653, 40.121), PLACES[0]]))
    codes = dict(Building.objects.filter(source="houses").values_list("source_code", "code"))
    assert codes["11"] == FIRST + "00001"
    assert len(set(Building.objects.values_list("code", flat=True))) == Building.objects.count() == 9


def test_it_keeps_codes_of_the_file(bring, write):
    given = [FIRST + "00077", None, None, SECOND + "00005"]
    bring("buildings", file(write, building_code=given))
    assert Building.objects.get(source_code="11").code == FIRST + "00077"
    assert Building.objects.get(source_code="14").code == SECOND + "00005"


@pytest.mark.parametrize("code", ["123", "11011300100600077x"])
def test_it_refuses_a_code_that_is_none(bring, write, code):
    assert "17 位" in bring("buildings", file(write, building_code=[code, None, FIRST + "00002", None]))


def test_it_goes_where_most_of_the_outline_lies(bring, write):
    across = [shapely.box(116.6548, 40.121, 116.6553, 40.1212)]  # 0.2 in the first cell, 0.3 in the second
    bring("buildings", write("h.parquet", {"id": [1]}, across))
    assert Building.objects.get().area == FIRST + "002"


def test_it_gives_a_tie_to_the_lower_code(bring, write):
    across = [shapely.box(116.6549, 40.121, 116.6551, 40.1212)]
    bring("buildings", write("h.parquet", {"id": [1]}, across))
    assert Building.objects.get().area == FIRST + "001"


def test_it_refuses_what_stands_outside_and_says_how_far(bring, write):
    said = bring("buildings", file(write, shapes=[*PLACES[:3], house(116.68, 40.121)]))
    assert "它不在任何已知社区里，最近的也有 85" in said
    assert "3 new, 0 updated, 0 unchanged, 1 refused" in said


def test_it_takes_what_stands_just_outside_when_a_margin_is_allowed(bring, write):
    bring("buildings", file(write, shapes=[*PLACES[:3], house(116.6701, 40.121)]), "--margin", "30")
    assert Building.objects.get(source_code="14").area == SECOND


def test_it_refuses_the_second_row_with_one_key(bring, write):
    said = bring("buildings", file(write, id=[11, 11, 13, 14]))
    assert "source_code: 文件里另一行的键与它相同（第 2 行）" in said
    assert Building.objects.count() == 3


def test_it_keeps_rows_without_a_key_apart_by_what_they_say(bring, write):
    path = write("h.parquet", {"floors": [3, 3, 3]}, [PLACES[0], PLACES[0], PLACES[1]])
    assert "3 new" in bring("buildings", path)
    assert "3 unchanged" in bring("buildings", path)


def test_it_repairs_a_kink_and_says_so(bring, write):
    kink = shapely.Polygon(
        [
            (116.651, 40.121),
            (116.652, 40.121),
            (116.652, 40.122),
            (116.65100001, 40.122),
            (116.65099999, 40.12200001),
            (116.65100001, 40.12200001),
            (116.65099999, 40.122),
            (116.651, 40.121),
        ]
    )
    assert not kink.is_valid
    said = bring("buildings", write("h.parquet", {"id": [1]}, [kink]))
    assert "已修好" in said
    assert Building.objects.get().geometry.valid


def test_it_needs_outlines(refused, write):
    assert "没有边界" in refused("buildings", write("h.csv", {"name": ["a"], "floors": [1]}))


def test_it_reads_outlines_written_as_text(bring, write):
    path = write("h.csv", {"id": [1], "wkt": [PLACES[0].wkt]})
    bring("buildings", path)
    assert np.allclose(Building.objects.get().geometry.extent, PLACES[0].bounds)


def test_it_puts_everything_in_the_community_when_there_are_no_cells(bring, write):
    from gis.models import CellVersion

    CellVersion.objects.all().delete()
    bring("buildings", file(write))
    assert set(Building.objects.values_list("area", flat=True)) == {FIRST, SECOND}
