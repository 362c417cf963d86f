"""The sheet that shows a plan on paper."""

import re

import numpy as np
import shapely

from layers.plan_sheet import FILLS, Piece, draw_sheet, fills


def test_neighbours_get_different_fills():
    first, second = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    chosen = fills(4, first, second)
    assert (chosen[first] != chosen[second]).all()
    assert chosen.max() < len(FILLS)


def test_the_sheet_is_at_a_round_scale_that_fits():
    pieces = [Piece(shapely.box(0, 0, 700, 300), "1", 0)]
    sheet = draw_sheet(pieces, np.empty(0, dtype=object), np.empty(0, dtype=object), (273, 150), "<图>")
    assert sheet.scale == 4000  # 700 m on 265 mm need at least 1:2642; heights need less
    assert sheet.bar == 200
    assert "&lt;图&gt;" in sheet.svg


def test_roads_are_drawn_though_others_lie_outside_the_sheet():
    """A path that says "move to" nowhere ends there: every road after one outside the frame was missing."""
    pieces = [Piece(shapely.box(0, 0, 700, 300), "1", 0)]
    outside, inside = shapely.LineString([(9000, 0), (9000, 300)]), shapely.LineString([(0, 150), (700, 150)])
    sheet = draw_sheet(pieces, np.array([outside, inside]), np.array([outside]), (273, 150), "图")
    paths = re.findall(r' d="([^"]*)"', sheet.svg)
    assert all(re.fullmatch(r"(M-?[\d.]+ -?[\d.]+([L ]-?[\d.]+ -?[\d.]+)+Z?)+", path) for path in paths), paths
    (road,) = re.findall(r'<path d="([^"]*)" fill="none" stroke="#8d8d8d"', sheet.svg)
    assert road.count("M") == 1
