import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.risk.accuracy import accuracy
from gis.risk.lattice import Lattice
from gis.risk.prediction import FOREVER, Ground, Kernel, Past, forecast, kernels, mixture

TOWN = Lattice.over(shapely.box(0, 0, 4999, 4999))


def ground(xy, at, known=None, **others) -> Ground:
    return Ground(TOWN, Past.of(TOWN, xy, at, known), kernels(), **others)


@pytest.fixture(scope="module")
def lived():
    """A year in which incidents keep to three corners, and now and then return to where one has just been."""
    chance = np.random.default_rng(11)
    corners = np.array([[1000, 1000], [3800, 1200], [2500, 4000]])[chance.integers(0, 3, 3000)]
    xy, at = corners + chance.normal(0, 350, (3000, 2)), np.sort(chance.uniform(0, 365, 3000))
    return np.clip(xy, 1, 4998), at


def test_it_finds_the_weights_that_made_the_sample():
    chance = np.random.default_rng(1)
    first, second = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.3, 0.6])
    cells = chance.choice(3, 40000, p=0.25 * first + 0.75 * second)
    assert mixture(np.vstack([first, second])[:, cells], rounds=500) == pytest.approx([0.25, 0.75], abs=0.02)


@given(arrays(float, (4, 12), elements=st.just(0.0) | st.floats(1e-3, 5)))
def test_it_never_makes_the_past_less_likely(densities):
    weights = mixture(densities)
    possible = densities[:, densities.sum(axis=0) > 0]
    assert weights.sum() == pytest.approx(1)
    even = np.log(possible.mean(axis=0)).sum()
    assert np.log(np.maximum(weights @ possible, 1e-300)).sum() >= even - 1e-6


def test_it_weighs_evenly_where_nothing_was_seen():
    assert mixture(np.empty((4, 0))).tolist() == [0.25] * 4


def test_it_shares_out_a_whole_and_says_what_each_surface_brings(lived):
    found = forecast(ground(*lived), 300.0, 14.0, 6)
    assert found.share.sum() == pytest.approx(1)
    assert (found.share > 0).all()
    assert found.parts.sum(axis=0) == pytest.approx(found.share)


def test_it_does_not_see_what_comes_after(lived):
    xy, at = lived
    then = at < 300
    whole, cut = forecast(ground(xy, at), 300.0, 14.0, 6), forecast(ground(xy[then], at[then]), 300.0, 14.0, 6)
    assert (whole.share == cut.share).all()


def test_it_does_not_see_what_was_not_yet_known(lived):
    xy, at = lived
    known = np.where(np.arange(len(at)) % 3 == 0, at + 40, at)
    then = known < 300
    whole, cut = (ground(xy, at, known), ground(xy[then], at[then], known[then]))
    assert (forecast(whole, 300.0, 14.0, 6).share == forecast(cut, 300.0, 14.0, 6).share).all()


def test_it_catches_most_of_what_keeps_to_its_corners(lived):
    xy, at = lived
    happened = np.bincount(Past.of(TOWN, xy, at).within(330, 365), minlength=len(TOWN))
    found = accuracy(forecast(ground(xy, at), 330.0, 35.0, 6).share, happened, 0.1)
    assert found.pai > 5


def test_it_learns_that_only_the_last_days_matter_where_trouble_wanders():
    chance = np.random.default_rng(3)
    at = np.sort(chance.uniform(0, 200, 4000))
    xy = np.column_stack([200 + at * 23, np.full(4000, 2500.0)]) + chance.normal(0, 60, (4000, 2))
    weights = forecast(ground(xy, at), 190.0, 3.0, 6).weights
    fortnight = [kernel.memory == 14.0 for kernel in kernels()]
    assert weights[: len(fortnight)][fortnight].sum() > 0.9


def test_it_takes_a_given_surface_where_it_explains_more():
    chance = np.random.default_rng(4)
    residents = chance.gamma(0.3, 1, len(TOWN))
    residents /= residents.sum()
    cells = chance.choice(len(TOWN), 150, p=residents)
    xy = TOWN.centres()[cells]
    found = forecast(ground(xy, np.sort(chance.uniform(0, 100, 150)), given=residents[None]), 100.0, 10.0, 5)
    assert found.weights[-2] > 0.4


def test_it_weighs_by_nothing_but_age():
    past = ground(np.array([[100.0, 100.0], [4900.0, 4900.0]]), np.array([0.0, 14.0]))
    found = past.surface(Kernel(0.0, 14.0), 14.5)
    assert found[0] / found[-1] == pytest.approx(np.exp(-1), rel=1e-6)
    assert past.surface(Kernel(0.0, FOREVER), 14.5)[0] == pytest.approx(0.5)
