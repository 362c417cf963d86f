import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.risk.accuracy import accuracy, gain_interval

COUNTS = arrays(int, 20, elements=st.integers(0, 9)).filter(lambda counts: counts.sum() > 0)


def test_it_scores_five_cells_by_hand():
    # The first two of five cells hold 5 of 10 incidents; the best two would have held 8.
    found = accuracy(np.array([5, 4, 3, 2, 1]), np.array([5, 0, 1, 3, 1]), 0.4)
    assert found.hit_rate == pytest.approx(0.5)
    assert found.pai == pytest.approx(0.5 / 0.4)
    assert found.pei == pytest.approx(5 / 8)


@given(COUNTS)
def test_it_gives_a_map_without_opinion_exactly_its_share(happened):
    assert accuracy(np.zeros(20), happened, 0.1).pai == pytest.approx(1)


@given(arrays(int, 20, elements=st.integers(0, 3)), COUNTS, st.permutations(range(20)))
def test_it_does_not_depend_on_the_order_of_the_cells(ranking, happened, order):
    again = accuracy(ranking[list(order)], happened[list(order)], 0.25)
    assert accuracy(ranking, happened, 0.25).hit_rate == pytest.approx(again.hit_rate)


@given(arrays(float, 20, elements=st.floats(0, 1)), COUNTS)
def test_it_finds_nobody_better_than_who_had_known(ranking, happened):
    assert accuracy(ranking, happened, 0.2).pei <= 1 + 1e-9
    assert accuracy(happened, happened, 0.2).pei == pytest.approx(1)


def test_it_has_no_answer_where_nothing_happened():
    assert np.isnan(accuracy(np.arange(10), np.zeros(10), 0.1).pai)


@pytest.mark.parametrize("area", [0, 0.01, 1.2])
def test_it_refuses_an_area_of_no_cell_or_too_many(area):
    with pytest.raises(ValueError, match="at least one cell"):
        accuracy(np.arange(10), np.ones(10), area)


def test_it_gives_an_interval_around_the_ratio():
    ours = np.array([0.5, 0.6, 0.55, 0.65])
    low, high = gain_interval(ours, ours / 1.2)
    assert (low, high) == (pytest.approx(1.2), pytest.approx(1.2))
    low, high = gain_interval(ours, np.array([0.4, 0.6, 0.5, 0.5]))
    assert low < 1.15 < high
