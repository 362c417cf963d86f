import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from gis.risk.smoothing import smooth, smooth_locally

# Five places by hand: mean 30 / 1000 = 0.03, mean base 200. Weighted variance
# (100 · 0.07² + 200 · 0.01² + 300 · 0.01² + 300 · 0² + 100 · 0.02²) / 1000 = 0.00058;
# A = 0.00058 − 0.03 / 200 = 0.00043.
COUNT = np.array([10, 4, 6, 9, 1])
BASE = np.array([100, 200, 300, 300, 100])


def test_it_draws_five_places_towards_their_mean_as_by_hand():
    small, middle, large = (0.00043 / (0.00043 + 0.03 / base) for base in (100, 200, 300))
    by_hand = [0.03 + small * 0.07, 0.03 - middle * 0.01, 0.03 - large * 0.01, 0.03, 0.03 - small * 0.02]
    assert smooth(COUNT, BASE).rate == pytest.approx(by_hand)


def test_it_matches_the_published_yardstick():
    esda = pytest.importorskip("esda.smoothing", reason="esda is a yardstick, not part of the lock")
    assert smooth(COUNT, BASE).rate == pytest.approx(np.ravel(esda.Empirical_Bayes(COUNT, BASE).r), abs=1e-12)


def test_it_matches_the_published_yardstick_with_neighbours():
    esda = pytest.importorskip("esda.smoothing", reason="esda is a yardstick, not part of the lock")
    libpysal = pytest.importorskip("libpysal")
    ring = {i: [(i - 1) % 5, (i + 1) % 5] for i in range(5)}
    theirs = esda.Spatial_Empirical_Bayes(COUNT, BASE, libpysal.weights.W(ring, id_order=list(range(5)))).r
    assert smooth_locally(COUNT, BASE, _ring()).rate == pytest.approx(np.ravel(theirs), abs=1e-12)


def test_it_takes_the_mean_where_nobody_lives():
    found = smooth(np.append(COUNT, 0), np.append(BASE, 0))
    assert found.rate[-1] == pytest.approx(0.03)
    assert found.weight[-1] == 0
    assert found.variance[-1] == found.variance.max()


def test_it_does_not_blur_what_chance_explains_into_differences():
    found = smooth(np.array([10, 10, 10]), np.array([100, 100, 100]))
    assert found.rate == pytest.approx([0.1, 0.1, 0.1])
    assert found.variance.max() == 0
    assert np.array(found.interval()) == pytest.approx(np.full((2, 3), 0.1))


def test_it_gives_a_place_with_few_people_a_wider_interval_than_one_with_many():
    found = smooth(np.array([1, 500, 30]), np.array([10, 5000, 1000]))
    low, high = found.interval()
    assert (low <= found.rate).all()
    assert (found.rate <= high).all()
    assert (high - low)[0] > (high - low)[1]


def test_it_covers_the_truth_as_often_as_it_says():
    chance = np.random.default_rng(7)
    truth, base = chance.gamma(4, 0.01 / 4, 4000), chance.integers(50, 5000, 4000)
    low, high = smooth(chance.poisson(truth * base), base).interval(0.9)
    assert 0.87 < ((low <= truth) & (truth <= high)).mean() < 0.93


@given(arrays(int, 8, elements=st.integers(0, 50)), arrays(int, 8, elements=st.integers(0, 500)))
def test_it_stays_between_the_raw_rate_and_the_mean(count, base):
    count = np.where(base > 0, count, 0)
    found = smooth(count, base)
    mean = count.sum() / max(base.sum(), 1)
    raw = np.where(base > 0, count / np.maximum(base, 1), mean)
    assert (found.rate >= np.minimum(raw, mean) - 1e-9).all()
    assert (found.rate <= np.maximum(raw, mean) + 1e-9).all()


def test_it_falls_back_to_the_whole_where_a_neighbourhood_is_empty():
    count, base = np.array([5, 15, 0, 0]), np.array([100, 100, 0, 0])
    pair = sparse.csr_array(np.kron(np.eye(2), np.array([[0, 1], [1, 0]])))
    assert smooth_locally(count, base, pair).rate[2:] == pytest.approx([0.1, 0.1])


def _ring() -> sparse.csr_array:
    step = np.roll(np.eye(5), 1, axis=1)
    return sparse.csr_array(step + step.T)


def test_it_draws_the_whole_towards_the_mean_of_its_parts():
    found = smooth(np.append(COUNT, COUNT.sum()), np.append(BASE, BASE.sum()), among=np.arange(6) < 5)
    assert found.rate[:5] == pytest.approx(smooth(COUNT, BASE).rate)
    assert found.rate[5] == pytest.approx(0.03)
    assert found.weight[5] > found.weight[:5].max()
