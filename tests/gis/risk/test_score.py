from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.risk.score import Component, Dimension, reweighted, score

LEVELS = arrays(float, 6, elements=st.floats(0, 10))


def component(name, dimension, values, **others) -> Component:
    return Component(name, dimension, np.asarray(values, float), (0, 10), "invented", "2026-01-01", **others)


def four(hazard, exposure, vulnerability, capacity) -> list[Component]:
    return [
        component("incidents", Dimension.HAZARD, hazard),
        component("residents", Dimension.EXPOSURE, exposure),
        component("living alone", Dimension.VULNERABILITY, vulnerability),
        component("clinics", Dimension.CAPACITY, capacity),
    ]


def test_it_multiplies_four_dimensions_as_by_hand():
    found = score(four([4], [9], [8], [10 - 1]))
    assert found.score[0] == pytest.approx((4 * 9) ** (1 / 6) * 8 ** (1 / 3) * 1 ** (1 / 3))


def test_it_scales_between_the_bounds_and_cuts_off_outside():
    each = Component("late", Dimension.HAZARD, np.array([-5, 0, 15, 30, 99.0]), (0, 30), "invented", "2026-01-01")
    assert each.scaled().tolist() == [0, 0, 5, 10, 10]


def test_it_reads_falling_bounds_as_the_less_the_worse():
    each = Component("light", Dimension.HAZARD, np.array([0, 20.0]), (20, 0), "invented", "2026-01-01")
    assert each.scaled().tolist() == [10, 0]


def test_it_averages_by_weight_within_a_dimension():
    parts = [component("a", Dimension.HAZARD, [2], weight=3), component("b", Dimension.HAZARD, [6], weight=1)]
    assert score(parts).score[0] == pytest.approx(3)


def test_it_leaves_out_what_is_unknown_and_says_so():
    parts = [component("a", Dimension.HAZARD, [np.nan, 2]), component("b", Dimension.HAZARD, [6, 6])]
    found = score(parts)
    assert found.score == pytest.approx([6, 4])
    assert found.known.tolist() == [0.5, 1]


def test_it_gives_no_score_where_a_whole_dimension_is_unknown():
    assert np.isnan(score(four([np.nan, 3], [5, 3], [5, 3], [5, 3])).score).tolist() == [True, False]


def test_it_follows_the_reader_s_weights():
    parts = reweighted([component("a", Dimension.HAZARD, [2]), component("b", Dimension.HAZARD, [6])], {"a": 0})
    assert score(parts).score[0] == pytest.approx(6)


def test_it_refuses_a_weight_for_something_that_is_not_there():
    with pytest.raises(KeyError, match="nonsense"):
        reweighted(four([1], [1], [1], [1]), {"nonsense": 2})


@pytest.mark.parametrize("wrong", [{"bounds": (3, 3)}, {"weight": -1}, {"weight": np.nan}])
def test_it_refuses_bounds_that_do_not_differ_and_weights_below_nothing(wrong):
    with pytest.raises(ValueError, match="late"):
        replace(component("late", Dimension.HAZARD, [1]), **wrong)


@given(LEVELS, LEVELS, LEVELS, LEVELS)
def test_it_stays_between_0_and_10_and_its_reasons_add_up(hazard, exposure, vulnerability, capacity):
    found = score(four(hazard, exposure, vulnerability, capacity))
    assert ((found.score >= 0) & (found.score <= 10 + 1e-9)).all()
    assert found.reasons.sum(axis=0) == pytest.approx(found.score - found.typical, abs=1e-9)


@given(LEVELS, LEVELS, st.integers(0, 5))
def test_it_adds_up_with_gaps_too(first, second, gap):
    parts = [component("a", Dimension.HAZARD, first, weight=2), component("b", Dimension.HAZARD, second)]
    parts[0].values[gap] = np.nan
    found = score([*parts, component("c", Dimension.CAPACITY, second)])
    assert found.reasons.sum(axis=0) == pytest.approx(found.score - found.typical, abs=1e-9)


@given(LEVELS, st.floats(0, 10), st.floats(0, 5))
def test_it_never_falls_when_a_hazard_rises_and_never_rises_with_capacity(others, level, more):
    base = score(four([level], [others[0]], [others[1]], [others[2]])).score[0]
    worse = score(four([level + more], [others[0]], [others[1]], [others[2]])).score[0]
    better = score(four([level], [others[0]], [others[1]], [min(others[2] + more, 10)])).score[0]
    assert worse >= base - 1e-9
    assert better <= base + 1e-9


def test_it_names_the_component_that_makes_a_place_red():
    found = score(four([2, 2, 2, 9], [5, 5, 5, 5], [4, 4, 4, 4], [6, 6, 6, 6]))
    assert found.reasons[:, 3].argmax() == 0
    assert found.reasons[1:, 3] == pytest.approx([0, 0, 0])


def test_it_gives_no_blame_to_a_component_of_weight_nothing():
    parts = reweighted([*four([2, 9], [5, 5], [4, 4], [6, 6]), component("x", Dimension.HAZARD, [0, 10])], {"x": 0})
    assert score(parts).reasons[4] == pytest.approx([0, 0])


@pytest.mark.filterwarnings("error")
def test_it_passes_over_a_component_nobody_has_counted_yet():
    found = score([*four([2, 9], [5, 5], [4, 4], [6, 6]), component("x", Dimension.HAZARD, [np.nan, np.nan])])
    assert found.score == pytest.approx(score(four([2, 9], [5, 5], [4, 4], [6, 6])).score)
    assert found.reasons.sum(axis=0) == pytest.approx(found.score - found.typical)
    assert found.known == pytest.approx([0.8, 0.8])


@pytest.mark.filterwarnings("error")
def test_it_scores_nobody_where_a_dimension_has_no_data_anywhere():
    assert np.isnan(score(four([np.nan, np.nan], [5, 5], [4, 4], [6, 6])).score).all()


def test_it_needs_something_to_weigh():
    with pytest.raises(ValueError, match="component with a weight"):
        score([component("a", Dimension.HAZARD, [1], weight=0)])


def test_it_takes_the_typical_place_among_those_it_is_told():
    among = np.array([True, True, True, False])
    found = score(four([2, 4, 6, 9], [5, 5, 5, 5], [4, 4, 4, 4], [6, 6, 6, 6]), among=among)
    assert found.typical == pytest.approx(found.score[1])
    assert found.reasons.sum(axis=0) == pytest.approx(found.score - found.typical)
