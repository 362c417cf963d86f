"""Files of every kind as rows, shapes and row numbers; no database."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import BadFile
from gis.exchange.columns import take_text
from gis.exchange.delimited import decode
from gis.exchange.reading import kind_of, read_table

BOXES = [shapely.box(x, 40.0, x + 0.01, 40.01) for x in (116.0, 116.01)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.gpkg", "sqlite"),
        ("a.shp", "shapefile"),
        ("a.geojson", "json"),
        ("a.parquet", "parquet"),
        ("a.csv", "text"),
        ("a.xlsx", "workbook"),
    ],
)
def test_it_knows_a_file_by_its_first_bytes(write, name, kind):
    shapes = BOXES if kind in ("sqlite", "shapefile", "json") else None
    path = write(name, {"name": ["a", "b"]}, shapes)
    assert kind_of(path) == kind
    table = read_table(path)
    assert list(table.frame["name"]) == ["a", "b"]
    assert (table.shapes is not None) == bool(shapes)


def test_it_numbers_rows_as_a_spreadsheet_shows_them(write):
    assert list(read_table(write("a.csv", {"x": [1, 2]})).rows) == [2, 3]
    assert list(read_table(write("a.xlsx", {"x": [1, 2]})).rows) == [2, 3]
    assert list(read_table(write("a.gpkg", {"x": [1, 2]}, BOXES)).rows) == [1, 2]


def test_it_skips_blank_rows_and_keeps_the_numbers_of_the_others(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n,\n\n3,4\n")
    assert list(read_table(path).rows) == [2, 5]


def test_it_reads_whole_numbers_dates_and_blanks_of_a_workbook(tmp_path):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "day", "note"])
        sheet.write_row(1, 0, [110113001, date(2026, 3, 5), ""])
        sheet.write_row(2, 0, [110113002, datetime(2026, 3, 5, 14, 30), "a"])  # noqa: DTZ001
    table = read_table(path)
    assert list(take_text(table.frame, {"code": "code"}, "code")) == ["110113001", "110113002"]
    assert list(table.frame["note"].isna()) == [True, False]
    assert str(table.frame["day"][0])[:10] == "2026-03-05"


def test_it_keeps_leading_zeros_and_words_that_look_like_nothing(write):
    table = read_table(write("a.csv", {"room": ["007", "NA", "null", ""]}))
    assert list(table.frame["room"][:3]) == ["007", "NA", "null"]


def test_it_gives_every_column_a_name_of_its_own(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\ufeff x ,x,,y\n1,2,3,4\n", encoding="utf-8")
    assert len(set(read_table(path).frame.columns)) == 4


def test_it_reads_the_layer_it_is_told(write, tmp_path):
    import geopandas

    path = write("a.gpkg", {"name": ["a", "b"]}, BOXES, layer="one")
    geopandas.GeoDataFrame({"name": ["c"]}, geometry=BOXES[:1], crs="EPSG:4326").to_file(path, layer="two")
    assert len(read_table(path, layer="two").rows) == 1
    assert "others left alone: two" in read_table(path).how
    with pytest.raises(BadFile, match="没有图层“three”"):
        read_table(path, layer="three")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_it_decodes_what_was_encoded(text, encoding):
    read, _ = decode(text.encode(encoding))
    assert read.removeprefix("\ufeff") == text.removeprefix("\ufeff")


@given(
    st.lists(
        st.text(st.sampled_from("顺义区胜利街道建新北区一二三号楼𠮷"), min_size=4, max_size=12), min_size=3, max_size=20
    )
)
def test_it_decodes_chinese_that_was_written_on_windows(lines):
    # A file of nothing but 一 is good UTF-8 too, in Cyrillic; any ordinary heading settles it.
    text = "\n".join(["编号,名称,义务", *lines])
    assert decode(text.encode("gb18030"))[0] == text


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_reads_back_any_table_a_csv_can_hold(tmp_path, rows):
    path = tmp_path / "t.csv"
    pd.DataFrame(rows, columns=["a", "b", "c"]).to_csv(path, index=False)
    cells = [[cell.strip() or None for cell in row] for row in rows]
    wanted = [row for row in cells if any(row)]
    if not wanted:
        with pytest.raises(BadFile):
            read_table(path)
        return
    read = read_table(path).frame.astype(object)
    assert read.where(read.notna(), None).to_numpy().tolist() == wanted


def test_it_reads_shapes_as_they_stand(write):
    table = read_table(write("a.parquet", {"x": [1, 2]}, BOXES))
    assert np.array_equal(shapely.to_wkb(table.shapes), shapely.to_wkb(np.array(BOXES, dtype=object)))
    assert table.crs == "EPSG:4326"
