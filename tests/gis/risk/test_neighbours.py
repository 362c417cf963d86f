import numpy as np
import pytest
import shapely

from gis.risk.neighbours import queen, row_standardised, with_self, within_distance

SQUARES = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)])


def test_it_joins_squares_by_edge_and_by_corner():
    assert queen(SQUARES).toarray().sum(axis=1).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_it_makes_nobody_its_own_neighbour_and_every_link_mutual():
    weights = queen(SQUARES).toarray()
    assert np.diag(weights).sum() == 0
    assert (weights == weights.T).all()


def test_it_joins_borders_digitised_a_little_apart_only_when_asked():
    apart = np.array([shapely.box(0, 0, 1, 1), shapely.box(1.01, 0, 2, 1)])
    assert queen(apart).nnz == 0
    assert queen(apart, tolerance=0.02).nnz == 2


def test_it_joins_points_up_to_the_distance():
    xy = np.array([[0.0, 0], [100, 0], [250, 0]])
    assert within_distance(xy, 100).toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_it_finds_no_pair_among_distant_points():
    assert within_distance(np.array([[0.0, 0], [9, 9]]), 1).nnz == 0


def test_it_means_over_neighbours_and_leaves_an_island_at_zero():
    weights = within_distance(np.array([[0.0, 0], [1, 0], [-1, 0], [50, 0]]), 1)
    assert row_standardised(weights) @ np.array([9.0, 2, 4, 7]) == pytest.approx([3, 9, 9, 0])


def test_it_adds_the_place_itself_without_touching_the_original():
    weights = queen(SQUARES)
    assert with_self(weights).nnz == weights.nnz + 9
    assert np.diag(weights.toarray()).sum() == 0
