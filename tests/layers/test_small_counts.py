"""Small counts: withheld, and their complement with them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.small_counts import SMALLEST_SHOWN, hide

counts = st.lists(st.integers(0, 12), min_size=1, max_size=12)


def test_it_withholds_one_to_four():
    assert hide([0, 1, 4, 5, 900], [1, 2, 2, 3, 3], [False] * 5).tolist() == [False, True, True, False, False]


def test_it_withholds_the_complement_when_only_one_of_a_group_is_small():
    # The community shows 45 in all: 45 − 30 − 12 would give the 3 away, so the 12 goes too.
    assert hide([3, 30, 12], ["a", "a", "a"], [False] * 3).tolist() == [True, False, True]


def test_it_shows_a_places_own_staff_everything():
    assert not hide([3, 2], ["a", "a"], [True, True]).any()


@given(counts)
def test_it_never_leaves_exactly_one_unknown_where_another_could_join_it(numbers):
    hidden = hide(numbers, ["a"] * len(numbers), [False] * len(numbers))
    others = [n for n, gone in zip(numbers, hidden, strict=True) if not gone and n > 0]
    assert hidden.sum() != 1 or not others
    assert all(n >= SMALLEST_SHOWN for n in others)
    assert not np.any(hidden & (np.array(numbers) == 0))
