import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse, stats

from gis.risk.hotspots import false_discovery, getis_ord, spots
from gis.risk.neighbours import queen, within_distance

LINE = within_distance(np.array([[x, 0.0] for x in range(5)]), 1)


def test_it_gives_five_places_in_a_line_their_z_by_hand():
    # Mean 2, deviation √((1 + 1 + 1 + 1 + 16) / 5) = 2. The last place has itself and one more: Σ w x = 7, W = S = 2.
    z = getis_ord(np.array([1, 1, 1, 1, 6]), LINE)
    assert z[-1] == pytest.approx((7 - 2 * 2) / (2 * np.sqrt((5 * 2 - 4) / 4)))


def test_it_matches_the_published_yardstick():
    esda = pytest.importorskip("esda", reason="esda is a yardstick, not part of the lock")
    libpysal = pytest.importorskip("libpysal")
    values = np.random.default_rng(3).poisson(2, 900).astype(float)
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(30) for x in range(30)])
    weights = queen(squares)
    neighbours = {i: weights.indices[weights.indptr[i] : weights.indptr[i + 1]].tolist() for i in range(900)}
    theirs = esda.G_Local(values, libpysal.weights.W(neighbours), transform="B", star=True, permutations=0)
    assert np.abs(getis_ord(values, weights) - theirs.Zs).max() < 1e-9


@given(arrays(float, 5, elements=st.floats(-1e6, 1e6)), st.floats(0.1, 100), st.floats(-1000, 1000))
def test_it_does_not_depend_on_the_unit(values, scale, shift):
    if np.ptp(values) > 1e-3:
        assert getis_ord(values * scale + shift, LINE) == pytest.approx(getis_ord(values, LINE), abs=1e-4)


@given(st.floats(-1e6, 1e6))
def test_it_finds_nothing_where_all_is_equal(value):
    assert (getis_ord(np.full(5, value), LINE) == 0).all()


def test_it_finds_nothing_where_everyone_is_a_neighbour():
    assert (getis_ord(np.arange(4), sparse.csr_array(np.ones((4, 4)))) == 0).all()


def test_it_refuses_a_place_without_a_number():
    with pytest.raises(ValueError, match="every place"):
        getis_ord(np.array([1, np.nan, 2, 3, 4]), LINE)


def test_it_finds_a_block_that_is_hot_and_one_that_is_cold():
    values = np.full((30, 30), 10.0) + np.random.default_rng(1).normal(0, 1, (30, 30))
    values[3:7, 3:7] += 12
    values[20:24, 20:24] -= 9
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(30) for x in range(30)])
    kind = spots(values.ravel(), queen(squares)).kind.reshape(30, 30)
    assert (kind[4:6, 4:6] == 3).all()
    assert (kind[21:23, 21:23] == -3).all()
    assert (kind[10:18, 10:18] == 0).mean() > 0.95


def test_it_corrects_five_p_by_hand():
    p = np.array([0.04, 0.001, 0.5, 0.012, np.nan, 0.03])
    assert false_discovery(p) == pytest.approx([0.05, 0.005, 0.5, 0.03, np.nan, 0.05], nan_ok=True)


@given(arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_it_corrects_as_scipy_does(p):
    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


def test_it_seldom_finds_anything_in_pure_chance():
    chance = np.random.default_rng(5)
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(15) for x in range(15)])
    weights = queen(squares)
    wrong = [(spots(chance.normal(size=225), weights).corrected <= 0.05).any() for _ in range(200)]
    assert np.mean(wrong) < 0.1
