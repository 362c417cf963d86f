"""Withholding where residents are shown beside their kinds or ages: the attacker subtracts in both directions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.withheld_parts import withheld_chain, withheld_parts
from tests.layers.test_withheld import tree_of

#: A street of two communities, of three cells and of one.
STREET = [-1, 0, 0, 1, 1, 1, 2]
_LEAVES = [3, 4, 5, 6]


def summed(leaves: list[int]) -> np.ndarray:
    counts = np.zeros(len(STREET), dtype=np.int64)
    counts[_LEAVES] = leaves
    for place in range(len(STREET) - 1, 0, -1):
        counts[STREET[place]] += counts[place]
    return counts


def masks_of(parts: list[np.ndarray], whole: np.ndarray) -> np.ndarray:
    return np.array(withheld_parts(tree_of(STREET), np.zeros(len(STREET), dtype=bool), whole, parts))


def test_it_withholds_a_second_part_where_one_would_be_the_rest():
    parts = [summed([90, 90, 90, 90]), summed([3, 20, 20, 20]), summed([10, 10, 10, 10])]
    masks = masks_of(parts, sum(parts))
    assert masks[2][3]  # the 3 itself
    assert masks[3][3]  # and 10, or it would be 103 − 90 − 10
    assert masks[3].sum() >= 2  # which no sum over the cells gives back
    assert not masks[0].any()


def test_it_withholds_nothing_where_nothing_is_small():
    parts = [summed([90, 90, 90, 90]), summed([5, 20, 20, 20])]
    assert not masks_of(parts, sum(parts)).any()


def test_it_does_not_tell_two_people_by_the_difference_of_two_ages():
    over60, over65 = summed([20, 30, 30, 30]), summed([18, 20, 20, 20])
    tree, own = tree_of(STREET), np.zeros(len(STREET), dtype=bool)
    masks = withheld_chain(tree, own, [over60, over65], own.copy())
    assert masks[1][3]
    assert masks[1].sum() >= 2


leaf = st.integers(0, 6) | st.integers(0, 40)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(leaf, min_size=4, max_size=4), min_size=3, max_size=4),
    st.lists(st.sampled_from([0, 0, 2, 9]), min_size=4, max_size=4),
)
def test_no_small_part_is_the_rest_of_a_sum(leaves, nowhere):
    """Every sum in which one thing is unknown is solved, until none is left. What is in no part (people whose age is
    not known) and is not zero is unknown too."""
    parts = [summed(part) for part in leaves]
    outside = summed(nowhere)
    table = np.array([sum(parts) + outside, *parts, outside])
    unknown = np.vstack([masks_of(parts, table[0]), outside > 0])
    sums = [[(row, place) for row in range(len(table))] for place in range(len(STREET))]
    for whole in (0, 1, 2):
        inside = [place for place, parent in enumerate(STREET) if parent == whole]
        sums += [[(row, whole), *((row, place) for place in inside)] for row in range(len(parts) + 1)]
    left = unknown.copy()
    while single := [cells for cells in sums if sum(left[cell] for cell in cells) == 1]:
        for cells in single:
            for cell in cells:
                left[cell] = False
    solved = unknown & ~left
    small = (table > 0) & (table < 5)
    assert not (small & ~unknown)[:-1].any()
    assert not (solved & small).any()
