import numpy as np
import pytest

from gis.risk.score import Component, Dimension, score
from gis.risk.uncertainty import approximate_certainty, certainty


def component(name, values, deviation=None, dimension=Dimension.HAZARD) -> Component:
    known = None if deviation is None else np.asarray(deviation, float)
    return Component(name, dimension, np.asarray(values, float), (0, 10), "invented", "2026-01-01", deviation=known)


def test_it_is_certain_about_what_was_counted():
    found = certainty([component("a", [3, 7])])
    assert found.low == pytest.approx([3, 7])
    assert found.high == pytest.approx([3, 7])
    assert not found.little.any()


def test_it_spans_what_a_normal_error_spans():
    found = certainty([component("a", [5.0] * 200, [0.5] * 200)], draws=400)
    assert found.low.mean() == pytest.approx(5 - 1.645 * 0.5, abs=0.03)
    assert found.high.mean() == pytest.approx(5 + 1.645 * 0.5, abs=0.03)


def test_it_says_little_data_where_the_interval_is_wide_or_most_is_missing():
    wide = [component("a", [5, 5], [0.1, 4])]
    missing = [component("a", [5, 5]), component("b", [5, np.nan])]
    assert certainty(wide).little.tolist() == [False, True]
    assert certainty(missing).little.tolist() == [False, True]


def test_it_says_little_data_where_there_is_no_score():
    parts = [component("a", [np.nan, 5]), component("b", [5, 5], dimension=Dimension.EXPOSURE)]
    assert certainty(parts).little.tolist() == [True, False]


def test_it_gives_the_same_interval_for_the_same_seed():
    parts = [component("a", [5.0, 2.0], [1, 1])]
    first, again, other = certainty(parts, seed=4), certainty(parts, seed=4), certainty(parts, seed=5)
    assert (first.low == again.low).all()
    assert (first.low != other.low).all()


def test_it_holds_the_score_inside_the_interval():
    parts = [component("a", np.linspace(0, 10, 30), np.full(30, 3.0))]
    found = certainty(parts, draws=20)
    exact = score(parts).score
    assert ((found.low <= exact) & (exact <= found.high)).all()


def test_the_interval_of_a_request_is_about_that_of_the_simulation():
    chance = np.random.default_rng(3)
    parts = [
        component("a", chance.uniform(2, 8, 400), chance.uniform(0.1, 1, 400)),
        component("b", chance.uniform(2, 8, 400), chance.uniform(0.1, 1, 400), Dimension.EXPOSURE),
        component("c", chance.uniform(2, 8, 400), dimension=Dimension.VULNERABILITY),
    ]
    exact, quick = certainty(parts, draws=400), approximate_certainty(parts, score(parts))
    assert np.median(np.abs(quick.low - exact.low)) < 0.05
    assert np.median(np.abs(quick.high - exact.high)) < 0.05
    assert (quick.little == exact.little).mean() > 0.95
