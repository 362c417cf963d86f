"""The formats for other programs, read back by programs: the rows, codes, figures and outlines of the map."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import crs
from gis.incidents.finding import Wanted
from layers.reports import delimited, vector
from layers.reports.tables import told_of
from layers.reports.vector import cut, short_names
from tests.layers.test_report_files import WITHHELD, contents_of

WRITERS = {
    "csv": delimited.write_utf8, "csv-gb": delimited.write_gb18030, "geojson": vector.write_geojson,
    "shp": vector.write_shapefile, "kml": vector.write_kml, "dxf": vector.write_dxf, "parquet": vector.write_parquet,
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(kind, contents):
        told = []
        made = WRITERS[kind](told_of(contents), tmp_path / f"report.{kind}", told.append)
        assert told == sorted(told)
        assert all(0 <= percent <= 100 for percent in told)
        return made

    return write


def rows_of(data: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding))))


@pytest.mark.parametrize(("kind", "encoding"), [("csv", "utf-8-sig"), ("csv-gb", "gb18030")])
def test_csv_has_the_figures_of_the_map_and_withholds(cast, written, kind, encoding):
    contents = contents_of(cast.li, WITHHELD)
    head, *rows = rows_of(written(kind, contents).read_bytes(), encoding)
    assert head[:3] == ["代码", "名称", "上级"]
    assert [row[0] for row in rows] == contents.places["code"].tolist()
    assert [row[3] for row in rows] == ["" if np.isnan(one) else str(one) for one in contents.places["figure"]]
    assert {row[4] for row, hidden in zip(rows, contents.places["withheld"], strict=True) if hidden} == {
        "人数少，不显示"
    }


def test_a_name_is_no_formula_and_every_sign_survives(cast, written):
    contents = contents_of(cast.li)
    names = contents.places["name"].tolist()
    places = contents.places.assign(name=["=HYPERLINK(1)", '𠮷，"引号"\n换行', *names[2:]])
    for kind, encoding in (("csv", "utf-8-sig"), ("csv-gb", "gb18030")):
        _head, *rows = rows_of(written(kind, replace(contents, places=places)).read_bytes(), encoding)
        assert [row[1] for row in rows[:2]] == ["'=HYPERLINK(1)", '𠮷，"引号"\n换行']


def test_two_tables_come_together_and_say_what_they_are(cast, written):
    contents = contents_of(cast.li, incidents=Wanted())
    with zipfile.ZipFile(written("csv", contents)) as archive:
        assert archive.namelist() == ["数据.csv", "事件.csv", "about.txt"]
        cases = rows_of(archive.read("事件.csv"), "utf-8-sig")
        assert contents.title in archive.read("about.txt").decode()
    assert sorted(row[0] for row in cases[1:]) == sorted(contents.incidents["number"])
    assert len(cases[0]) == len(cases[1])


def test_geojson_opens_with_the_same_outlines(cast, written):
    contents = contents_of(cast.li, WITHHELD)
    path = written("geojson", contents)
    features = json.loads(path.read_text())["features"]
    read = gpd.GeoDataFrame.from_features(features, crs=crs.STORE)
    assert read["code"].tolist() == contents.places["code"].tolist()
    assert np.array_equal(read["figure"].astype(float), contents.places["figure"], equal_nan=True)
    assert shapely.equals(read.geometry.to_numpy(), contents.places.geometry.to_numpy()).all()
    assert pyogrio.read_info(path)["features"] == len(features)  # GDAL knows it


def test_a_shapefile_keeps_long_names_beside_and_text_in_utf8(cast, written, tmp_path):
    contents = contents_of(cast.li, incidents=Wanted())
    with zipfile.ZipFile(written("shp", contents)) as archive:
        archive.extractall(tmp_path / "out")
    places = pyogrio.read_dataframe(tmp_path / "out" / "places.shp")
    cases = pyogrio.read_dataframe(tmp_path / "out" / "incidents.shp")
    fields = {(row[0], row[1]): row[2] for row in csv.reader((tmp_path / "out" / "fields.csv").open())}
    assert places["code"].tolist() == contents.places["code"].tolist()
    assert places["name"].tolist() == contents.places["name"].tolist()
    assert fields["incidents", "reported_a"] == "reported_at"
    assert sorted(cases["number"]) == sorted(contents.incidents["number"])
    assert places.crs.to_epsg() == 4326


def test_kml_opens_with_outlines_and_points(cast, written):
    contents = contents_of(cast.li, incidents=Wanted())
    path = written("kml", contents)
    text = path.read_text()
    assert text.count("<Placemark>") == len(contents.places) + len(contents.incidents)
    assert text.count("<Point>") == len(contents.incidents)
    opened = [len(pyogrio.read_dataframe(path, layer=layer)) for layer, _kind in pyogrio.list_layers(path)]
    assert sum(opened) == len(contents.places) + len(contents.incidents)


def test_dxf_holds_every_place_in_metres(cast, written):
    contents = contents_of(cast.li)
    path = written("dxf", contents)
    read = pyogrio.read_dataframe(path)
    plane = crs.metric(*contents.places.geometry.iloc[0].centroid.coords[0])
    outline = contents.places.to_crs(plane).geometry
    assert set(contents.places["code"]) <= set(read["Layer"])
    first = read[(read["Layer"] == contents.places["code"].iloc[0]) & (read.geom_type != "Point")].geometry.iloc[0]
    assert shapely.hausdorff_distance(first, outline.iloc[0].boundary) < 0.01


def test_geoparquet_keeps_types_and_crs(cast, written):
    contents = contents_of(cast.li, incidents=Wanted())
    with zipfile.ZipFile(written("parquet", contents)) as archive:
        cases = gpd.read_parquet(io.BytesIO(archive.read("incidents.parquet")))
    assert cases.crs.to_epsg() == 4326
    assert str(cases["reported_at"].dtype).startswith("datetime64")
    assert sorted(cases["number"]) == sorted(contents.incidents["number"])


@pytest.mark.parametrize("kind", WRITERS)
def test_nothing_at_all_is_still_a_file(cast, written, kind):
    contents = contents_of(cast.li, incidents=Wanted(text="有这样的词吗"))
    assert len(contents.incidents) == 0
    assert written(kind, contents).stat().st_size


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=30))
def test_short_names_fit_and_are_unlike(names):
    short = short_names(names)
    assert list(short) == names
    assert all(len(one.encode()) <= 10 for one in short.values())
    assert len({one.casefold() for one in short.values()}) == len(names)


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_halves_no_sign(text, most):
    kept = cut(text, most)
    assert text.startswith(kept)
    assert len(kept.encode()) <= most
