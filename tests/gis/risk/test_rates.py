import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.risk.rates import decay, decayed_count, decayed_days, per


def test_it_gives_incidents_per_thousand_residents():
    assert per(np.array([3, 0, 1]), np.array([1500, 400, 50]), 1000) == pytest.approx([2.0, 0.0, 20.0])


def test_it_has_no_rate_where_nobody_lives():
    assert np.isnan(per(np.array([0, 2]), np.array([0, 0]))).all()


@pytest.mark.parametrize("bad", [-1, np.nan])
def test_it_refuses_a_count_that_is_none(bad):
    with pytest.raises(ValueError, match="at least 0"):
        per(np.array([bad]), np.array([10]))


def test_it_halves_the_weight_with_each_half_life():
    assert decay(np.array([0, 30, 60, 90]), 30) == pytest.approx([1, 0.5, 0.25, 0.125])


@given(st.floats(-1e6, -1e-9))
def test_it_gives_the_future_no_weight(age):
    assert decay(np.array([age]), 30)[0] == 0


def test_it_counts_by_place_and_leaves_out_what_lies_nowhere():
    counted = decayed_count(np.array([0, 2, -1, 2]), np.array([0, 10, 0, 20]), 10, places=3)
    assert counted == pytest.approx([1.0, 0.0, 0.75])


@given(st.floats(1, 300), st.floats(30, 1000))
def test_it_stands_for_as_many_days_as_the_weights_sum_to(half_life, days):
    steps = np.linspace(0, days, 20001)
    assert decayed_days(days, half_life) == pytest.approx(np.trapezoid(decay(steps, half_life), steps), rel=1e-3)


def test_it_refuses_a_half_life_of_nothing():
    with pytest.raises(ValueError, match="half-life"):
        decay(np.array([1.0]), 0)
