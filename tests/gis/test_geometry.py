"""Every shape here can be drawn on squared paper."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry import gaps, overlaps, repair, robust_distance, uncovered

SQUARE = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"
BOW_TIE = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
#: A 100 × 100 square whose corner is crossed by a kink of a few millimetres.
KINK = "POLYGON ((0 0, 100 0, 100 100, 0.005 100, -0.005 100.01, 0.005 100.01, -0.005 100, 0 0))"


def shapes(*texts):
    return shapely.from_wkt(np.array(texts, dtype=object))


def test_it_leaves_a_good_polygon_alone_but_for_its_type():
    done = repair(shapes(SQUARE))
    assert done.shapes[0].geom_type == "MultiPolygon"
    assert done.shapes[0].area == 4
    assert not done.repaired[0]
    assert done.problem[0] == ""


def test_it_refuses_a_bow_tie_because_its_area_is_unclear():
    done = repair(shapes(BOW_TIE))
    assert "边界自相交" in done.problem[0]
    assert done.shapes[0] is None


def test_it_repairs_a_kink_and_says_so():
    done = repair(shapes(KINK))
    assert done.repaired[0]
    assert done.problem[0] == ""
    assert done.shapes[0].is_valid
    assert done.shapes[0].area == pytest.approx(10_000, rel=0.001)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("POINT (0 0)", "图形不是面"),
        ("LINESTRING (0 0, 1 1)", "图形不是面"),
        ("POLYGON EMPTY", "图形为空"),
        ("POLYGON ((0 0, 1 0, 2 0, 0 0))", "没有围出面积"),
    ],
)
def test_it_refuses_what_is_no_area(text, word):
    assert word in repair(shapes(text)).problem[0]


def test_it_refuses_a_missing_shape_and_a_coordinate_that_is_no_number():
    nan = shapely.polygons([[0, 0], [1, 0], [np.nan, 1], [0, 0]])
    done = repair(np.array([None, nan], dtype=object))
    assert "缺少图形" in done.problem[0]
    assert "坐标不是数字" in done.problem[1]


def test_it_drops_heights_and_says_so():
    done = repair(shapes("POLYGON Z ((0 0 5, 2 0 5, 2 2 5, 0 0 5))"))
    assert done.flattened[0]
    assert not done.shapes[0].has_z


def test_it_takes_the_polygons_of_a_collection():
    done = repair(shapes(f"GEOMETRYCOLLECTION (POINT (9 9), {SQUARE})", SQUARE))
    assert [shape.area for shape in done.shapes] == [4, 4]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=9))
@settings(max_examples=200)
def test_it_never_gives_out_an_invalid_shape(corners):
    ring = [*corners, corners[0]]
    done = repair(np.array([shapely.Polygon(ring)], dtype=object))
    assert (done.shapes[0] is None) == bool(done.problem[0])
    if done.shapes[0] is not None:
        assert done.shapes[0].is_valid
        assert done.shapes[0].geom_type == "MultiPolygon"


def test_it_measures_what_two_squares_share():
    found = overlaps(shapes(SQUARE, "POLYGON ((1 0, 3 0, 3 2, 1 2, 1 0))", "POLYGON ((3 0, 4 0, 4 2, 3 2, 3 0))"))
    assert [(o.first, o.second, o.area) for o in found] == [(0, 1, 2.0)]


def test_it_finds_the_hole_that_four_rectangles_leave():
    ring = shapes(
        "POLYGON ((0 0, 3 0, 3 1, 0 1, 0 0))",
        "POLYGON ((0 2, 3 2, 3 3, 0 3, 0 2))",
        "POLYGON ((0 1, 1 1, 1 2, 0 2, 0 1))",
        "POLYGON ((2 1, 3 1, 3 2, 2 2, 2 1))",
    )
    assert [hole.area for hole in gaps(ring)] == [1.0]
    assert len(gaps(ring, smallest=1.0)) == 0


def test_it_finds_a_sliver_that_is_open_at_its_end():
    pair = shapes("POLYGON ((0 0, 1 0, 1 9, 0 9, 0 0))", "POLYGON ((1.1 0, 2 0, 2 9, 1.1 9, 1.1 0))")
    assert len(gaps(pair)) == 0
    assert sum(hole.area for hole in gaps(pair, widest_opening=0.5)) == pytest.approx(0.9, rel=0.01)


def test_it_measures_what_parts_leave_out_and_what_sticks_out():
    whole = shapely.from_wkt(SQUARE)
    left, over = uncovered(whole, shapes("POLYGON ((0 0, 1 0, 1 3, 0 3, 0 0))"))
    assert (left, over) == (2.0, 1.0)


def test_it_tells_a_stray_point_from_the_bulk():
    points = np.array([[0, 0], [1, 1], [2, 0], [0, 2], [1, 0], [500, 0]], dtype=float)
    distance = robust_distance(points)
    assert distance[-1] > 100
    assert distance[:-1].max() < 4
