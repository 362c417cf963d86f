"""Borders between tiles run straight where that takes nothing from a house, and end where they did."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans import tiles as cutting
from gis.areas.plans.straightening import straightened
from gis.areas.plans.tiles import cut
from tests.gis.areas.plans.drawn import wild

LEFT, RIGHT = shapely.box(0, 0, 10, 30), shapely.box(20, 0, 30, 30)
ZIGZAG = np.array([[15, 0], [16, 8], [14, 16], [16, 24], [15, 30]], float)


def straight(right: shapely.Geometry, corners: np.ndarray) -> np.ndarray:
    houses = np.array([LEFT, right])
    points, owner = shapely.get_coordinates(shapely.segmentize(houses, 1.0), return_index=True)
    ridges = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    return straightened(ridges, houses, points, owner)


def test_a_zigzag_in_a_yard_becomes_one_segment_with_the_same_ends():
    [line] = straight(RIGHT, ZIGZAG)
    assert shapely.get_coordinates(line).tolist() == [[15, 0], [15, 30]]


def test_a_border_round_a_house_stays_round_it():
    bay = shapely.union(RIGHT, shapely.box(13, 10, 20, 20))  # reaches beyond the straight line
    round_it = np.array([[15, 0], [15, 8], [11.5, 10], [11.5, 20], [15, 22], [15, 30]], float)
    [line] = straight(bay, round_it)
    assert shapely.area(shapely.intersection(bay, shapely.polygons([*line.coords, (0, 30), (0, 0)]))) == 0


def test_a_zigzag_along_a_common_wall_follows_the_wall():
    [line] = straight(shapely.box(10, 0, 20, 30), ZIGZAG - (5, 0))
    assert shapely.length(line) == pytest.approx(30)


def test_no_ridges_make_no_borders():
    assert len(straightened(np.array([], dtype=object), np.array([LEFT]), np.zeros((1, 2)), np.zeros(1, int))) == 0


@given(seed=st.integers(0, 100_000))
@settings(max_examples=40, deadline=None)
def test_on_any_ground_borders_only_grow_shorter(seed):
    outline, lines, footprints = wild(seed)
    lengths = []

    def watched(ridges, *beside):
        made = straightened(ridges, *beside)
        lengths.append((shapely.length(made).sum(), shapely.length(ridges).sum()))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "straightened", watched)
        cut(outline, lines, footprints)
    assert all(after <= before + 1e-6 for after, before in lengths)
