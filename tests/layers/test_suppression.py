"""Withholding small counts where totals are shown beside them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.suppression import suppress


def hidden(counts: list[int], *lines: list[int], own: bool = False) -> list[int]:
    mask = suppress(np.array(counts), [np.array(line) for line in lines], np.full(len(counts), own))
    return np.flatnonzero(mask).tolist()


def test_it_withholds_one_to_four():
    assert hidden([0, 1, 4, 5, 90]) == [1, 2]


def test_it_withholds_nothing_from_the_places_own_staff():
    assert hidden([1, 2, 30], [0, 1, 2], own=True) == []


def test_it_withholds_a_second_count_that_would_give_the_first_away():
    assert hidden([3, 40, 7], [0, 1, 2]) == [0, 2]


def test_it_leaves_two_small_counts_of_a_line_to_cover_each_other():
    assert hidden([3, 2, 70], [0, 1, 2]) == [0, 1]


def test_it_follows_a_complement_into_the_crossing_line():
    # 3 9
    # 8 7   the 3 takes 9 (its row) and 8 (its column) with it, and then each of those is alone in its other line
    assert hidden([3, 9, 8, 7], [0, 1], [2, 3], [0, 2], [1, 3]) == [0, 1, 2, 3]


def test_it_never_takes_a_zero_as_a_complement():
    assert hidden([3, 0, 0], [0, 1, 2]) == [0]


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=2, max_size=5)
)


@given(tables)
def test_no_line_gives_away_its_only_withheld_count(rows):
    counts = np.array(rows)
    index = np.arange(counts.size).reshape(counts.shape)
    mask = suppress(counts.ravel(), [*index, *index.T], np.zeros(counts.size)).reshape(counts.shape)
    for table, covered in ((counts, mask), (counts.T, mask.T)):
        for line, gone in zip(table, covered, strict=True):
            assert gone.sum() != 1 or (line[~gone] == 0).all()


@given(tables)
def test_every_small_count_is_withheld_and_no_zero_is(rows):
    counts = np.array(rows)
    index = np.arange(counts.size).reshape(counts.shape)
    mask = suppress(counts.ravel(), [*index, *index.T], np.zeros(counts.size)).reshape(counts.shape)
    assert mask[(counts > 0) & (counts < 5)].all()
    assert not mask[counts == 0].any()
