"""Sites against trying every combination."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from gis.places.service import siting
from gis.places.service.siting import least_walk, most_reached


@st.composite
def problems(draw):
    candidates, demand = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    metres = rng.integers(1, 1000, (candidates, demand)).astype(float)
    return metres, rng.integers(0, 60, demand), draw(st.integers(1, 4))


def cover_of(metres: np.ndarray, limit: float = 400) -> csr_matrix:
    return csr_matrix((metres <= limit).astype(float))


def best_of(metres, k, worth) -> float:
    """The most that any set of `k` candidates is worth."""
    sets = combinations(range(len(metres)), min(k, len(metres)))
    return max(worth(metres[list(chosen)]) for chosen in sets)


@settings(max_examples=50, deadline=None)
@given(problems())
def test_it_reaches_as_many_as_the_best_of_all_choices(problem):
    metres, people, k = problem
    choice = most_reached(cover_of(metres), people, k)
    best = best_of(metres, k, lambda rows: people[(rows <= 400).any(axis=0)].sum())
    assert choice.gain == pytest.approx(best)
    assert (choice.how, choice.gap) == ("exact", pytest.approx(0, abs=1e-6))
    assert people[(metres[choice.chosen] <= 400).any(axis=0)].sum() == pytest.approx(best)


@settings(max_examples=50, deadline=None)
@given(problems())
def test_it_saves_as_much_walking_as_the_best_of_all_choices(problem):
    metres, people, k = problem
    present = np.full(metres.shape[1], 700.0)
    choice = least_walk(csr_matrix(metres), present, people, k)
    best = best_of(metres, k, lambda rows: (people * np.maximum(present - rows.min(axis=0), 0)).sum())
    assert choice.gain == pytest.approx(best)


def test_greedy_alone_would_take_the_middle_and_miss():
    """The middle reaches most at first, the two ends together reach all."""
    cover = csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], dtype=float))
    people = np.array([5, 6, 6, 5])
    assert siting._greedy(cover, people, 2).gain == 17
    assert sorted(most_reached(cover, people, 2).chosen) == [0, 2]


def test_without_time_it_says_that_it_is_not_proven():
    rng = np.random.default_rng(1)
    cover = csr_matrix((rng.random((80, 800)) < 0.05).astype(float))
    choice = most_reached(cover, rng.integers(1, 40, 800), 8, seconds=0.0)
    assert len(choice.chosen) == 8
    assert choice.how == "greedy"
    assert choice.gap is None or choice.gap > 0


def test_it_places_no_more_than_are_of_use():
    choice = most_reached(csr_matrix(np.array([[1.0, 1.0], [1.0, 0.0]])), np.array([3, 4]), 5)
    assert (choice.chosen, choice.gain, choice.gap) == ([0], 7, 0)


def test_where_everybody_is_reached_there_is_nothing_to_place():
    assert most_reached(csr_matrix((3, 0)), np.array([]), 2).chosen == []
    assert least_walk(csr_matrix((3, 4)), np.full(4, 10.0), np.ones(4), 2).chosen == []
