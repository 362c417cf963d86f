"""Tiles cover the outline exactly, one for each building, whatever the buildings look like."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.borders import borders, sums
from gis.areas.plans.tiles import GRID_M, cut, dissolve, enclose
from tests.gis.areas.plans.drawn import estate, houses, wild


def faults(outline: shapely.Geometry, shapes: np.ndarray) -> float:
    """m² that no tile or more than one covers, or that lies outside."""
    whole = shapely.union_all(shapes)
    twice = shapely.area(shapes).sum() - shapely.area(whole)
    return float(abs(twice) + shapely.area(shapely.symmetric_difference(whole, outline)))


def test_each_house_of_a_row_gets_its_square():
    tiles, _ = estate(3, 2)
    assert len(tiles) == 6
    assert sorted(tiles.of_building) == [0, 1, 2, 3, 4, 5]
    assert shapely.area(tiles.shapes) == pytest.approx(np.full(6, 400.0))


def test_a_line_parts_tiles_though_the_nearest_house_is_across():
    road = np.array([shapely.LineString([(12, -1), (12, 21)])])
    tiles = cut(shapely.box(0, 0, 40, 20), road, np.array([shapely.box(1, 5, 11, 15), shapely.box(30, 5, 38, 15)]))
    assert sorted(shapely.area(tiles.shapes)) == pytest.approx([240.0, 560.0])
    assert len(set(tiles.enclosure)) == 2


def test_a_small_piece_stays_on_its_side_of_a_zone():
    """Left of x = 3 there is no house and little ground: joined across, the zone would grow."""
    zones = np.array([shapely.box(0, 0, 3, 20), shapely.box(3, 0, 40, 20)])
    tiles = cut(shapely.box(0, 0, 40, 20), shapely.boundary(zones), np.array([shapely.box(20, 5, 30, 15)]), [zones])
    assert sorted(shapely.area(tiles.shapes)) == pytest.approx([60.0, 740.0])
    assert len(cut(shapely.box(0, 0, 40, 20), shapely.boundary(zones), np.array([shapely.box(20, 5, 30, 15)]))) == 1


def test_a_scrap_between_two_zones_joins_one():
    zones = np.array([shapely.box(0, 0, 20, 20), shapely.box(20.004, 0, 40, 20)])
    tiles = cut(shapely.box(0, 0, 40, 20), shapely.boundary(zones), np.array([shapely.box(25, 5, 35, 15)]), [zones])
    assert len(tiles) == 2
    assert faults(shapely.box(0, 0, 40, 20), tiles.shapes) == 0


def test_ground_without_a_house_is_a_tile_of_its_own():
    tiles = cut(shapely.box(0, 0, 100, 20), np.array([shapely.LineString([(50, 0), (50, 20)])]), houses(1, 1))
    assert len(tiles) == 2
    assert tiles.of_building.tolist() == [int(np.argmin(shapely.get_coordinates(shapely.centroid(tiles.shapes))[:, 0]))]


def test_the_island_of_a_roundabout_joins_a_neighbour():
    ring = np.array([shapely.Point(50, 50).buffer(4).boundary])
    tiles = cut(shapely.box(0, 0, 100, 100), ring, np.array([shapely.box(5, 5, 15, 15)]))
    assert len(tiles) == 1
    assert shapely.area(tiles.shapes[0]) == pytest.approx(10_000)


def test_a_road_that_ends_in_the_middle_parts_nothing():
    assert len(enclose(shapely.box(0, 0, 10, 10), np.array([shapely.LineString([(5, -1), (5, 6)])]))) == 1


def test_the_same_house_twice_shares_a_tile_and_one_outside_has_none():
    same = shapely.box(5, 5, 15, 15)
    tiles = cut(shapely.box(0, 0, 40, 20), np.array([], object), np.array([same, same, shapely.box(90, 0, 99, 9)]))
    assert len(tiles) == 1
    assert tiles.of_building.tolist() == [0, 0, -1]
    assert tiles.sums(np.array([3, 4, 50])).tolist() == [7]


def test_an_outline_without_area_is_refused():
    with pytest.raises(ValueError, match="no area"):
        cut(shapely.Polygon(), np.array([], object), houses(1, 1))


@given(seed=st.integers(0, 100_000))
@settings(max_examples=120, deadline=None)
def test_tiles_of_any_ground_are_a_coverage_of_it(seed):
    outline, lines, footprints = wild(seed)
    tiles = cut(outline, lines, footprints)
    snapped = shapely.set_precision(outline, GRID_M)
    assert shapely.coverage_is_valid(tiles.shapes)
    # Where a line meets the outline a new vertex may lie half a step of the grid beside it.
    assert faults(snapped, tiles.shapes) < GRID_M * shapely.length(snapped)
    assert (shapely.get_num_geometries(tiles.shapes) == 1).all()
    inside = shapely.intersects(snapped, shapely.point_on_surface(footprints)) if len(footprints) else np.array([])
    assert ((tiles.of_building >= 0) == inside).all()


@given(seed=st.integers(0, 100_000))
@settings(max_examples=40, deadline=None)
def test_any_grouping_of_tiles_dissolves_into_a_coverage_without_a_gap(seed):
    outline, lines, footprints = wild(seed)
    tiles = cut(outline, lines, footprints)
    group = np.random.default_rng(seed).integers(0, 4, len(tiles))
    group = np.unique(group, return_inverse=True)[1]
    cells = dissolve(tiles.shapes, group)
    assert shapely.coverage_is_valid(cells)
    assert shapely.area(cells).sum() == pytest.approx(shapely.area(tiles.shapes).sum(), abs=1e-6)
    assert faults(shapely.union_all(tiles.shapes), cells) < 1e-6


def test_a_border_is_found_from_both_sides_and_summed():
    two = np.array(
        [
            shapely.Polygon([(0, 0), (4, 0), (4, 2), (4, 3), (0, 3)]),
            shapely.Polygon([(4, 0), (9, 0), (9, 3), (4, 3), (4, 2)]),
        ]
    )
    found = borders(two)
    first, second, metres = sums(found.first, found.second, found.length)
    assert (first.tolist(), second.tolist(), metres.tolist()) == ([0], [1], [3.0])
