import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from gis.risk.lattice import Lattice

TOWN = Lattice.over(shapely.box(0, 0, 1999, 999))


def test_it_covers_the_area_with_whole_cells():
    assert len(TOWN) == 8 * 4
    assert TOWN.cell_of(np.array([[1, 1], [1998, 998]])).tolist() == [0, 31]


def test_it_knows_what_lies_outside():
    assert TOWN.cell_of(np.array([[-1.0, 5], [5, 1001], [1e9, 1e9], [-1e9, 0]])).tolist() == [-1, -1, -1, -1]


def test_it_finds_each_centre_in_its_own_cell():
    assert TOWN.cell_of(TOWN.centres()).tolist() == list(range(32))


def test_it_leaves_out_the_cells_that_do_not_touch_the_area():
    corner = Lattice.over(shapely.Polygon([(10, 10), (980, 10), (10, 980)]))
    assert len(corner) == 10


@pytest.mark.parametrize("bandwidth", [0.0, 60.0, 150.0, 400.0])
def test_it_spreads_a_whole_and_no_more(bandwidth):
    found = TOWN.surface(np.array([[1000.0, 500.0], [300, 300]]), np.array([1.0, 3.0]), bandwidth)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


def test_it_counts_where_there_is_no_bandwidth():
    found = TOWN.surface(np.array([[10.0, 10], [20, 20], [1900, 900], [-50, 0]]), np.ones(4), 0)
    assert found[[0, 31]] == pytest.approx([2 / 3, 1 / 3])


def test_it_spreads_a_point_as_the_normal_distribution_does():
    fine = Lattice.over(shapely.box(0, 0, 5999, 5999), parts=25)
    found = fine.surface(np.array([[3130.0, 3130.0]]), np.ones(1), 200)
    row = norm.cdf([3250, 3500, 3750], 3125, 200) - norm.cdf([3000, 3250, 3500], 3125, 200)
    middle = fine.cell_of(np.array([[3130.0, 3130.0], [3380, 3130], [3630, 3130]]))
    assert found[middle] == pytest.approx(row[0] * row, abs=0.01)


def test_it_is_even_where_nothing_happened():
    assert TOWN.surface(np.empty((0, 2)), np.empty(0), 100) == pytest.approx(np.full(32, 1 / 32))


@given(st.floats(1, 1998), st.floats(1, 998))
def test_it_ranks_the_cell_of_a_lone_incident_first(x, y):
    here = np.array([[x, y]])
    found = TOWN.surface(here, np.ones(1), 0)
    assert found.argmax() == TOWN.cell_of(here)[0]
