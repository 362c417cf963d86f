"""Loads add up to people, supply to capacity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.places.service.load import floating_catchment, nearest_load, shared_load
from gis.places.service.reach import Pairs


def pairs(metres: np.ndarray) -> Pairs:
    """`metres`: points × homes."""
    point, home = np.indices(metres.shape)
    return Pairs(point.ravel(), home.ravel(), metres.ravel())


@st.composite
def streets(draw):
    """Metres from points to homes, capacities, people."""
    points, homes = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    return rng.uniform(0, 1500, (points, homes)), rng.integers(1, 200, points), rng.integers(0, 50, homes)


def test_a_home_counts_at_its_nearest_point_only():
    assert nearest_load(np.array([1, 0, 1, -1]), np.array([3, 5, 7, 9]), 2).tolist() == [5, 10]


def test_the_larger_of_two_equally_near_points_draws_more():
    assert shared_load(pairs(np.full((2, 1), 100.0)), 900, np.array([30, 10]), np.array([8])).tolist() == [6, 2]


def test_supply_by_hand():
    """Two homes of 10 in the first and last third of one point with 61 places: 61 ÷ (10 + 10 × 0.22) = 5 a person."""
    supply = floating_catchment(pairs(np.array([[100.0, 800.0]])), 900, np.array([61]), np.array([10, 10]))
    assert supply.per_person == pytest.approx([5])
    assert supply.access == pytest.approx([5, 1.1])


@given(streets())
def test_shared_loads_add_up_to_the_people_in_reach(street):
    metres, capacity, people = street
    load = shared_load(pairs(metres), 900, capacity, people)
    assert load.sum() == pytest.approx(people[(metres <= 900).any(axis=0)].sum())


@given(streets())
def test_access_times_people_is_the_capacity_in_use(street):
    metres, capacity, people = street
    supply = floating_catchment(pairs(metres), 900, capacity, people)
    used = capacity[((metres <= 900) & (people > 0)).any(axis=1)].sum()
    assert (supply.access * people).sum() == pytest.approx(used)
