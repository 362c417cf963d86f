"""An expectation that is right on average, alarms as seldom as it says, and is not misled by an old outbreak."""

import numpy as np
import pytest

from gis.incidents.expectation import expect, stand_outs

RANDOM = np.random.default_rng(20261125)


def test_it_expects_what_came():
    told = expect([[10, 10, 11, 9, 10, 10, 9, 11]])
    low, high = told.band()
    assert told.usual[0] == pytest.approx(10, abs=0.2)
    assert low[0] == pytest.approx(4, abs=1)
    assert high[0] == pytest.approx(17, abs=1)


def test_nothing_so_far_does_not_make_the_first_a_wonder():
    told = expect(np.zeros((1, 8)))
    assert told.chance_of_more([1])[0] == pytest.approx(0.06, abs=0.02)
    assert told.chance_of_more([4])[0] < 0.001
    assert told.band()[0][0] == 0


@pytest.mark.parametrize("mean", [0.3, 2, 12, 90])
@pytest.mark.parametrize("spread", [1.0, 2.5])
def test_it_alarms_as_seldom_as_it_says(mean, spread):
    """Counts without and with more variance than chance; 2.5 % should lie beyond each end
    of the band, and from twelve periods it can be known to a factor of two."""
    drawn = _counts(mean, spread, (4000, 13))
    told = expect(drawn[:, :12])
    low, high = told.band()
    assert (drawn[:, 12] > high).mean() < 0.05
    assert (drawn[:, 12] < low).mean() < 0.05


def _counts(mean: float, spread: float, shape: tuple[int, int]) -> np.ndarray:
    if spread == 1:
        return RANDOM.poisson(mean, shape)
    return RANDOM.negative_binomial(mean / (spread - 1), 1 / spread, shape)


def test_an_old_outbreak_does_not_hide_a_new_one():
    quiet, outbreak = expect([[5, 4, 6, 5, 5, 4, 6, 5]]), expect([[5, 4, 60, 5, 5, 4, 6, 5]])
    assert outbreak.chance_of_more([20])[0] < 0.005
    assert outbreak.usual[0] < quiet.usual[0] + 1.5


def test_it_sees_what_is_more_and_what_is_less():
    told = expect(np.full((2, 8), 20))
    assert told.chance_of_more([48, 20])[0] < 1e-5
    assert told.chance_of_fewer([48, 3])[1] < 1e-3
    assert 0.4 < told.chance_of_more([48, 20])[1] < 0.6


def test_few_of_many_ordinary_counts_stand_out():
    drawn = RANDOM.poisson(6, (2000, 13))
    told = expect(drawn[:, :12])
    assert stand_outs(told.chance_of_more(drawn[:, 12])).sum() <= 1
    drawn[7, 12] = 40
    assert np.flatnonzero(stand_outs(told.chance_of_more(drawn[:, 12])))[0] == 7
    assert stand_outs(np.array([])).tolist() == []


def test_it_needs_a_past():
    with pytest.raises(ValueError, match="two earlier periods"):
        expect([[3]])
