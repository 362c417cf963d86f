"""Which shape a point lies in: always what GeoPandas' sjoin says, the lowest of several."""

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.locating import NOWHERE, Locator


def by_sjoin(xy: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    points = geopandas.GeoDataFrame(geometry=shapely.points(xy))
    joined = points.sjoin(geopandas.GeoDataFrame(geometry=shapes), predicate="intersects", how="left")
    return joined["index_right"].groupby(level=0).min().fillna(NOWHERE).astype(int).to_numpy()


def tiling(seeds: np.ndarray) -> np.ndarray:
    """Cells that share their borders: one around each seed."""
    box = shapely.box(*(seeds.min(axis=0) - 1), *(seeds.max(axis=0) + 1))
    return np.array(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=box)))


def hard_points(shapes: np.ndarray, seed: int) -> np.ndarray:
    """Corners, middles of edges, points one step of floating point beside them, and points all around."""
    corners = shapely.get_coordinates(shapes)
    middles = (corners[1:] + corners[:-1]) / 2
    exact = np.vstack([corners, middles])
    low, high = corners.min(axis=0), corners.max(axis=0)
    anywhere = np.random.default_rng(seed).random((300, 2)) * (high - low) * 1.2 + low - 0.1 * (high - low)
    return np.vstack([exact, np.nextafter(exact, np.inf), np.nextafter(exact, -np.inf), anywhere])


@given(seed=st.integers(0, 10_000), number=st.integers(2, 40), bins=st.sampled_from([0.3, 4, 64, 400]))
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_sjoin_on_cells_with_shared_borders(seed, number, bins):
    shapes = tiling(np.random.default_rng(seed).random((number, 2)) * [0.02, 0.01] + [116.6, 40.1])
    xy = hard_points(shapes, seed)
    assert (Locator(shapes, bins).find(xy) == by_sjoin(xy, shapes)).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_it_agrees_with_sjoin_on_shapes_that_overlap_with_holes_and_several_parts(seed):
    draw = np.random.default_rng(seed)
    blobs = shapely.buffer(shapely.points(draw.random((12, 2))), draw.random(12) * 0.3 + 0.01, quad_segs=3)
    holes = shapely.buffer(shapely.points(draw.random((4, 2))), 0.1)
    shapes = np.append(shapely.difference(blobs, shapely.union_all(holes)), shapely.union_all(holes))
    xy = hard_points(shapes, seed)
    assert (Locator(shapes).find(xy) == by_sjoin(xy, shapes)).all()


def test_it_agrees_with_sjoin_on_upright_squares_of_whole_numbers():
    shapes = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(4) for y in range(4)])
    xy = np.array([(x / 2, y / 2) for x in range(-1, 10) for y in range(-1, 10)], dtype=float)
    assert (Locator(shapes).find(xy) == by_sjoin(xy, shapes)).all()


@pytest.mark.parametrize("shapes", [[], [None], [shapely.Polygon(), None]])
def test_nothing_is_in_no_shape(shapes):
    assert Locator(np.array(shapes, dtype=object)).find(np.zeros((3, 2))).tolist() == [NOWHERE] * 3


def test_missing_shapes_keep_their_place_and_what_is_no_position_is_nowhere():
    shapes = np.array([None, shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    xy = np.array([[0.5, 0.5], [1, 0.5], [1.5, 0.5], [np.nan, 0], [np.inf, 0.5], [9, 9]])
    assert Locator(shapes).find(xy).tolist() == [1, 1, 2, NOWHERE, NOWHERE, NOWHERE]
