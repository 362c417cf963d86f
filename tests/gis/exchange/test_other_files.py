"""A file that names others: GDAL knows formats that are lists of places to read, whatever the file is called."""

import json
import sqlite3
import zipfile

import geopandas
import pyogrio
import pytest
import shapely

from gis.errors import BadFile
from gis.exchange.drawn.reading import read_outlines

BOX = shapely.box(116.651, 40.121, 116.652, 40.122)
#: What we read and write, with the dialects of GeoJSON and the tiles that tests look into.
OURS = {
    "DXF", "ESRI Shapefile", "ESRIJSON", "GPKG", "GeoJSON", "GeoJSONSeq", "JSONFG", "KML", "LIBKML", "MEM", "MVT",
    "SQLite", "TopoJSON",
}  # fmt: skip


@pytest.fixture
def secret(tmp_path):
    """A file of the server that nobody has sent."""
    path = tmp_path / "secret.geojson"
    geopandas.GeoDataFrame({"name": ["secret"]}, geometry=[BOX], crs=4326).to_file(path)
    return path


def test_gdal_has_no_format_that_is_not_ours():
    assert set(pyogrio.list_drivers()) == OURS


@pytest.mark.parametrize("name", ["a.kml", "a.dxf", "a.json", "a.geojson"])
@pytest.mark.parametrize("shell", ["{}", "<!-- <kml> -->{}", "0\nSECTION {}"])
def test_it_reads_no_other_file_by_a_list_of_sources(tmp_path, secret, name, shell):
    listed = (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    )
    (tmp_path / name).write_text(shell.format(listed))
    with pytest.raises(BadFile):
        read_outlines(tmp_path / name)


@pytest.mark.parametrize("name", ["a.kml", "a.dxf", "a.json", "a.geojson"])
def test_it_runs_no_orders_of_a_file(tmp_path, secret, name):
    order = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"}
    (tmp_path / name).write_text(json.dumps(order))
    with pytest.raises(BadFile):
        read_outlines(tmp_path / name)


def test_it_reads_no_other_file_by_a_virtual_table(tmp_path, secret):
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame({"name": ["mine"]}, geometry=[BOX], crs=4326).to_file(path, layer="mine")
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA writable_schema = 1")
    table = f"CREATE VIRTUAL TABLE leak USING VirtualOGR('{secret}')"
    base.execute("INSERT INTO sqlite_master VALUES ('table', 'leak', 'leak', 0, ?)", [table])
    base.execute("UPDATE gpkg_contents SET table_name = 'leak', identifier = 'leak', data_type = 'attributes'")
    base.close()
    with pytest.raises(BadFile):
        read_outlines(path)


@pytest.mark.parametrize("packed", [False, True])
def test_it_opens_no_workbook_for_outlines(tmp_path, packed):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    if packed:
        content, path = path.read_bytes(), tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.xlsx", content)
    with pytest.raises(BadFile, match="是工作簿"):
        read_outlines(path)


def test_it_opens_no_text_for_outlines(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"name,wkt\nx,POINT (1 1)\n")
    with pytest.raises(BadFile, match="是文本"):
        read_outlines(tmp_path / "a.csv")
