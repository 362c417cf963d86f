"""Cells come back from every format as they were written."""

import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import BadFile
from gis.exchange.drawn.cell import DrawnCell
from gis.exchange.drawn.kml import kml_text
from gis.exchange.drawn.reading import read_cells, read_outlines
from gis.exchange.drawn.writing import FORMATS, write

PLANE = 4548
HOLED = shapely.Polygon(
    [(116.65, 40.12), (116.66, 40.12), (116.66, 40.13), (116.65, 40.13)],
    [[(116.652, 40.122), (116.654, 40.122), (116.653, 40.124)]],
)
ISLANDS = shapely.MultiPolygon(
    [shapely.box(116.67, 40.12, 116.68, 40.13), shapely.box(116.69, 40.12, 116.7, 40.1234567890123)]
)
CELLS = [
    DrawnCell(HOLED, "110113001001001", "胜利一格 <&\"'>", "110113001001", "service", 1, 312, 340, 7, 1234.5),
    DrawnCell(ISLANDS, "", "新网格", "110113001001", "dedicated", 2, 0, 0, 0, 0.0),
]


def back(tmp_path, cells, name):
    path = tmp_path / f"plan.{FORMATS[name].ending}"
    path.write_bytes(write(cells, name, PLANE))
    return read_cells(path)


@pytest.mark.parametrize("name", ["geojson", "gpkg", "shp", "kml"])
def test_everything_comes_back_to_the_last_digit(tmp_path, name):
    for before, after in zip(CELLS, back(tmp_path, CELLS, name), strict=True):
        assert shapely.equals_exact(after.shape.normalize(), _as_read(before.shape, name), 1e-13)
        for field in ("code", "name", "community", "kind", "number", "households", "dwellings", "buildings", "area_m2"):
            assert getattr(after, field) == getattr(before, field), field


def _as_read(shape, name):
    many = shape if shape.geom_type == "MultiPolygon" or name == "geojson" else shapely.MultiPolygon([shape])
    one = shape if name in ("shp", "kml") and len(shapely.get_parts(many)) == 1 else many
    if name == "kml" and shape.geom_type == "Polygon":
        one = many
    return one.normalize()


def test_a_drawing_comes_back_to_a_hair_with_its_layers_and_labels(tmp_path):
    after = back(tmp_path, CELLS, "dxf")
    assert [(cell.code, cell.name) for cell in after] == [("110113001001001", "胜利一格 <&\"'>"), ("P2", "新网格")]
    for before, cell in zip(CELLS, after, strict=True):
        assert shapely.hausdorff_distance(before.shape, cell.shape) < 1e-9


def test_a_drawing_without_a_plane_is_refused_unless_one_is_named(tmp_path):
    path = tmp_path / "plan.dxf"
    path.write_bytes(write(CELLS, "dxf", PLANE).split(b"\n", 2)[2])
    with pytest.raises(BadFile, match="坐标系"):
        read_cells(path)
    assert len(read_cells(path, PLANE)) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.floats(73.6, 134.0),
            st.floats(18.0, 53.0),
            st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["geojson", "gpkg", "shp", "kml"]),
)
def test_any_place_and_name_comes_back(tmp_path, places, name):
    cells = [
        DrawnCell(shapely.box(x, y, x + 0.01, y + 0.01), f"{n:015d}", text) for n, (x, y, text) in enumerate(places)
    ]
    for before, after in zip(cells, back(tmp_path, cells, name), strict=True):
        assert after.code == before.code
        assert after.name == before.name.strip()
        assert np.array_equal(np.array(before.shape.bounds), np.array(after.shape.bounds))


def test_a_shapefile_tells_its_encoding_and_its_coordinates():
    with zipfile.ZipFile(io.BytesIO(write(CELLS, "shp", PLANE))) as archive:
        assert archive.read("cells.cpg").strip() == b"UTF-8"
        assert b"WGS_1984" in archive.read("cells.prj")


def test_a_layer_of_a_drawing_may_hold_a_hole_and_an_island_in_it(tmp_path):
    ring = shapely.difference(shapely.box(116, 40, 116.01, 40.01), shapely.box(116.002, 40.002, 116.008, 40.008))
    whole = shapely.union(ring, shapely.box(116.004, 40.004, 116.006, 40.006))
    (cell,) = back(tmp_path, [DrawnCell(whole, "a")], "dxf")
    assert cell.shape.area == pytest.approx(whole.area, rel=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "x">]><kml><Document/></kml>',
        '<?xml version="1.0"?><!DOCTYPE k SYSTEM "file:///etc/passwd"><kml/>',
    ],
)
def test_a_kml_with_entities_is_refused(tmp_path, text):
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / "plan.kml"
        path.write_bytes(text.encode(encoding))
        with pytest.raises(BadFile, match="实体"):
            read_outlines(path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"<kml>", b"0\nSECTION\n", b"PK\x03\x04rubbish", b'{"type":"Point","coordinates":[1,2]}']
)
@pytest.mark.parametrize("ending", ["geojson", "kml", "dxf", "zip"])
def test_rubbish_is_refused_in_words(tmp_path, content, ending):
    path = tmp_path / f"plan.{ending}"
    path.write_bytes(content)
    with pytest.raises(BadFile):
        read_outlines(path)


def test_a_control_character_in_a_name_breaks_no_kml():
    text = kml_text([("甲\x0b乙\ud800", {"说明": "\x00<&>"}, shapely.Point(116.6, 40.1))])
    assert "甲乙" in "".join(ElementTree.fromstring(text.encode()).itertext())  # noqa: S314 - our own
