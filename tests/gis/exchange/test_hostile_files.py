"""Files that lie or attack: one plain sentence with the fix each, and nothing half-written."""

import io
import json
import os
import zipfile

import pytest
import shapely

from gis.collection.sheets.opening import open_table
from gis.errors import BadFile
from gis.exchange.reading import read_table
from gis.models import Area, Building, Incident

pytestmark = pytest.mark.usefixtures("ground")
BOX = shapely.box(116.651, 40.121, 116.652, 40.122)


@pytest.fixture
def put(tmp_path):
    def save(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


def zipped(way: int = zipfile.ZIP_DEFLATED, /, **members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_it_refuses_an_empty_file(put, refused):
    assert "是空的" in refused("incidents", put("a.csv", b""))


def test_it_refuses_a_file_without_rows(put, refused):
    assert "没有数据行" in refused("incidents", put("a.csv", b"time,lon,lat\n"))
    assert "没有数据行" in refused("buildings", put("a.geojson", b'{"type":"FeatureCollection","features":[]}'))


def test_it_refuses_a_missing_file(tmp_path, refused):
    assert "没有文件" in refused("incidents", tmp_path / "nothing.csv")


def test_it_refuses_a_folder(tmp_path, refused):
    assert "没有文件" in refused("incidents", tmp_path)


@pytest.mark.parametrize("name", ["a.csv", "a.gpkg", "a.geojson", "a.parquet", "a.xlsx", "a.shp", "a.zip"])
def test_it_refuses_noise_under_any_name(put, refused, name):
    assert refused("buildings", put(name, os.urandom(5000)))
    assert not Building.objects.exists()


@pytest.mark.parametrize(
    "head",
    [b"SQLite format 3\x00", b"PAR1", b"\x00\x00\x27\x0a", b"PK\x03\x04", b"{", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
)
def test_it_refuses_noise_with_the_mark_of_a_format(put, refused, head):
    assert refused("buildings", put("a.bin", head + os.urandom(5000)))


def test_it_reads_a_file_by_its_content_when_it_is_named_wrongly(put, bring):
    told = bring("incidents", put("a.xlsx", b"time,lon,lat\n2026-03-05,116.651,40.121\n"))
    assert "its content is a text" in told
    assert Incident.objects.count() == 1


def test_it_refuses_a_zip_bomb(put, refused):
    bomb = zipped(**{"a.csv": b"time,lon,lat\n" + b"0" * (64 * 1024**2)})
    assert "解压后" in refused("incidents", put("a.zip", bomb))


def test_it_refuses_a_workbook_that_is_a_bomb(put, refused):
    bomb = zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<row/>" * (8 * 1024**2)})
    assert "解压后" in refused("incidents", put("a.xlsx", bomb))


def test_it_refuses_an_archive_that_leads_outside(put, refused, tmp_path):
    assert "文件夹之外" in refused("incidents", put("a.zip", zipped(**{"../../evil.csv": b"time,lon,lat\n"})))
    assert not (tmp_path.parent.parent / "evil.csv").exists()


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize(("name", "read"), [("a.csv", read_table), ("xl/workbook.xml", open_table)])
def test_it_refuses_an_archive_damaged_on_the_way(put, way, name, read):
    """Wherever a byte was changed: in the heads, in the names, in what is packed. Some bytes say nothing."""
    whole, refusals = zipped(way, **{name: b"time,lon,lat\n1,2,3\n" + bytes(range(48, 123)) * 9}), 0
    for at in range(4, len(whole), 2):
        try:
            read(put("a.zip", whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]))
        except BadFile as error:
            refusals += "/" not in error.message.replace(name, "")  # no path of this machine
    assert refusals > len(whole) / 4


@pytest.mark.parametrize("stem", ["网" * 100, "folder/" + "网" * 100, "a" * 260])
def test_it_reads_an_archive_of_a_name_as_long_as_other_systems_allow(put, bring, stem):
    packed = zipped(**{f"{stem}.csv": b"time,lon,lat\n2026-03-05,116.651,40.121\n"})
    bring("incidents", put("a.zip", packed))
    assert Incident.objects.count() == 1


def test_an_entry_without_a_name_is_left_alone(put, bring):
    packed = zipped(**{".": b"x", "a.csv": b"time,lon,lat\n2026-03-05,116.651,40.121\n"})
    bring("incidents", put("a.zip", packed))
    assert Incident.objects.count() == 1


def test_it_refuses_an_archive_of_several_data_sets(put, refused):
    assert "2 份数据" in refused("incidents", put("a.zip", zipped(**{"a.csv": b"x", "b.csv": b"x"})))


def test_it_refuses_an_archive_without_data(put, refused):
    assert "没有可以导入的文件" in refused("incidents", put("a.zip", zipped(**{"read.me": b"x"})))


def test_it_refuses_a_shapefile_alone(put, refused, write):
    path = write("s.shp", {"name": ["a"]}, [BOX])
    path.with_suffix(".shx").unlink()
    assert "同一个文件夹" in refused("buildings", path)


def test_it_reads_a_zipped_shapefile(put, bring, write, tmp_path):
    path = write("s.shp", {"id": [1]}, [BOX])
    parts = {part.name: part.read_bytes() for part in tmp_path.glob("s.*")}
    assert "1 new" in bring("buildings", put("s.zip", zipped(**parts)), "--source", "s")
    assert "1 unchanged" in bring("buildings", path)


@pytest.mark.parametrize("label", [None, "UTF-8", "ISO-8859-1"])
def test_it_reads_a_chinese_shapefile_whatever_its_label_says(bring, write, label):
    path = write("s.shp", {"id": [1], "name": ["建新北区𠮷"]}, [BOX], encoding="gb18030")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if label:
        path.with_suffix(".cpg").write_text(label)
    said = bring("buildings", path)
    assert Building.objects.get().name == "建新北区𠮷"
    assert "gb18030" in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_it_reads_text_in_every_usual_encoding(put, bring, encoding, separator):
    rows = [["上报时间", "经度", "纬度", "地点"], ["2026-03-05", "116.651", "40.121", "府前街𠮷野家"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    bring("incidents", put("a.csv", text.encode(encoding)))
    assert Incident.objects.get().place == "府前街𠮷野家"


def test_it_names_the_fix_when_the_encoding_is_not_what_was_said(put, refused):
    path = put("a.csv", "时间,经度,纬度\n2026-03-05,116,40\n".encode("gb18030"))
    assert "--encoding" in refused("incidents", path, "--encoding", "utf-8")


def test_it_refuses_a_file_of_metres_that_claims_degrees(refused, write):
    path = write("a.gpkg", {"id": [1]}, [shapely.box(500000, 4440000, 500100, 4440100)], crs="EPSG:4326")
    assert "--crs" in refused("buildings", path)


def test_it_refuses_a_file_of_degrees_that_claims_metres(refused, write):
    assert "像度" in refused("buildings", write("a.gpkg", {"id": [1]}, [BOX], crs="EPSG:4548"))


def test_it_asks_for_the_coordinate_system_where_there_is_none(refused, write):
    path = write("a.gpkg", {"id": [1]}, [shapely.box(500000, 4440000, 500100, 4440100)], crs=None)
    assert "没有说明坐标系" in refused("buildings", path)


@pytest.mark.parametrize("wish", ["EPSG:99999", "nonsense", "http://example.org/crs"])
def test_it_refuses_a_coordinate_system_that_is_none(refused, write, wish):
    assert "坐标系" in refused("buildings", write("a.gpkg", {"id": [1]}, [BOX]), "--crs", wish)


def test_it_reads_a_file_of_two_hundred_columns(bring, write):
    wide = {f"extra{n}": [n] for n in range(200)}
    assert "and 188 more" in bring("buildings", write("a.parquet", {"id": [1]} | wide, [BOX]))


def test_it_refuses_a_file_of_thousands_of_columns(put, refused):
    head = ",".join(f"c{n}" for n in range(5000))
    assert "列" in refused("incidents", put("a.csv", f"{head}\n{','.join('1' * 5000)}\n".encode()))


def test_it_keeps_a_formula_as_the_text_it_is(bring, write):
    bring("areas", write("a.csv", {"code": ["110113001008"], "name": ["=1+1"]}))
    assert Area.objects.get(code="110113001008").name == "=1+1"


def test_it_writes_no_formula_into_its_report(bring, write, tmp_path):
    from python_calamine import CalamineWorkbook

    report = tmp_path / "report.xlsx"
    bring(
        "incidents",
        write(
            "a.csv",
            {
                "id": ["=1+1", "=1+1", "c"],
                "time": ["2026-03-05"] * 3,
                "lon": [116.651, 116.651, 200],
                "lat": [40.121] * 3,
            },
        ),
        "--report",
        str(report),
    )
    rows = CalamineWorkbook.from_path(report).get_sheet_by_name("被拒的行").to_python()
    assert rows[0] == ["行", "字段", "原因", "怎么办"]
    assert [row[0] for row in rows[1:]] == [3.0, 4.0]


def test_it_says_when_the_report_cannot_be_written(refused, write, tmp_path):
    path = write("a.csv", {"time": ["2026-03-05"], "lon": [116.651], "lat": [40.121]})
    assert "cannot be written" in refused("incidents", path, "--report", str(tmp_path / "no" / "report.xlsx"))


def test_it_refuses_a_row_with_too_many_cells(put, bring):
    text = "time,lon,lat,place\n2026-03-05,116.651,40.121,a\n2026-03-05,116.651,40.121,a, b\n"
    said = bring("incidents", put("a.csv", text.encode()))
    assert "这一行的列比表头多（第 3 行）" in said
    assert Incident.objects.count() == 1


def test_it_drops_control_characters(put, bring):
    bring("incidents", put("a.csv", b"time,lon,lat,place\n2026-03-05,116.651,40.121,a\x01b\x7f\n"))
    assert Incident.objects.get().place == "ab"


def test_it_survives_deep_and_broken_geojson(put, refused):
    broken = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[1]]]}}],
    }
    assert refused("buildings", put("a.geojson", json.dumps(broken).encode()))
    assert refused("buildings", put("b.geojson", b"[" * 100_000))


def test_it_imports_nothing_when_the_user_names_a_wrong_column(refused, write):
    path = write("a.csv", {"time": ["2026-03-05"], "lon": [116.651], "lat": [40.121]})
    assert "是不是" in refused("incidents", path, "--map", "place=adress")
    assert not Incident.objects.exists()


def test_it_takes_a_heading_below_a_title(tmp_path, bring):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "事件清单（2026年）")
        for row, cells in enumerate(
            (["上报时间", "经度", "纬度"], ["2026-03-05", 116.651, 40.121], ["2026-03-05", 200, 40.121])
        ):
            sheet.write_row(row + 2, 0, cells)
    said = bring("incidents", path)
    assert "1 new" in said
    assert "（第 5 行）" in said


def test_it_says_which_sheets_there_are(tmp_path, refused):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("一").write_row(0, 0, ["time"])
    assert "里面有：一" in refused("incidents", path, "--layer", "二")
    assert "没有数据行" in refused("incidents", path)
