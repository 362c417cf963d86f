"""Withholding small counts over the tree of places, with the reader as an attacker who subtracts."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.withheld import Tree, withheld


def tree_of(parents: list[int]) -> Tree:
    """A tree drawn as the number of each place's parent, −1 for none, parents first."""
    depth: list[int] = []
    for parent in parents:
        depth.append(depth[parent] + 1 if parent >= 0 else 0)
    return Tree(np.arange(len(parents)), np.array(parents), np.array(depth), {})


def hidden(parents: list[int], counts: list[int], own: tuple[int, ...] = ()) -> list[int]:
    mask = withheld(tree_of(parents), np.array(counts), np.isin(np.arange(len(counts)), own))
    return np.flatnonzero(mask).tolist()


#: A community of three cells.
THREE = [-1, 0, 0, 0]
#: A street of two communities, of three cells and of one.
STREET = [-1, 0, 0, 1, 1, 1, 2]


def test_it_withholds_one_to_four_and_what_gives_them_away():
    assert hidden(THREE, [45, 3, 30, 12]) == [1, 3]


def test_it_withholds_nothing_where_nothing_is_small():
    assert hidden(THREE, [45, 5, 28, 12]) == []


def test_it_lets_two_small_counts_cover_each_other_only_when_they_are_five_together():
    assert hidden(THREE, [77, 3, 2, 72]) == [1, 2]
    assert hidden(THREE, [76, 3, 1, 72]) == [1, 2, 3]


def test_it_withholds_the_only_cell_of_a_community_that_is_withheld_for_another_one():
    # 4 gives way to 40, whose only cell would say 40 again.
    assert hidden([-1, 0, 0, 0, 2], [94, 4, 40, 50, 40]) == [1, 2, 4]


def test_it_withholds_communities_above_the_cells_too():
    assert hidden(STREET, [63, 60, 3, 20, 20, 20, 3]) == [1, 2, 3, 6]


def test_it_withholds_the_whole_where_everybody_is_alone_in_a_place():
    assert hidden([-1, 0, 0, 0, 0, 0], [5, 1, 1, 1, 1, 1]) == [0, 1, 2, 3, 4, 5]


def test_it_withholds_what_lies_outside_the_cells_of_a_community():
    # 47 − 30 − 15 would be two people outside the cells.
    assert hidden([-1, 0, 0], [47, 30, 15]) == [2]


def test_it_shows_a_places_own_staff_everything():
    assert hidden(THREE, [45, 3, 30, 12], own=(0, 1, 2, 3)) == []


@dataclass
class Town:
    parents: list[int]
    counts: list[int]


@st.composite
def towns(draw) -> Town:
    """Places of up to four levels; leaves have some people, wholes the sum and perhaps some outside."""
    parents, level = [-1], [0]
    for _ in range(draw(st.integers(1, 3))):
        below = [parent for parent in level for _ in range(draw(st.integers(0, 4)))]
        level = list(range(len(parents), len(parents) + len(below)))
        parents += below
    small = st.integers(0, 7) | st.integers(0, 60)
    beside = st.sampled_from([0, 0, 0, 1, 3, 9])
    counts = [draw(beside if place in parents else small) for place in range(len(parents))]
    for place in range(len(parents) - 1, 0, -1):
        counts[parents[place]] += counts[place]
    return Town(parents, counts)


#: Nobody knows how many there may be at most.
MANY = 10**6


def outside(town: Town, whole: int) -> int:
    """How many are in a place and in none of the places in it."""
    inside = sum(count for count, parent in zip(town.counts, town.parents, strict=True) if parent == whole)
    return town.counts[whole] - inside


def what_is_known(town: Town, mask: np.ndarray) -> dict[int, tuple[int, int]]:
    """What an attacker knows of every count, as (lowest, highest): the withheld are no zeros, and wholes are sums.

    Whether anybody is outside the places of a whole is known too (as −2 − whole), how many is shown nowhere. Bounds
    are narrowed until nothing changes, which in a tree finds all there is to find.
    """
    known = {place: (1, MANY) if mask[place] else (count, count) for place, count in enumerate(town.counts)}
    sums = {}
    for whole in set(town.parents) - {-1}:
        rest = outside(town, whole)
        known[-2 - whole] = (1, MANY) if rest else (0, 0)
        sums[whole] = [*(place for place, parent in enumerate(town.parents) if parent == whole), -2 - whole]
    while True:
        before = dict(known)
        for whole, parts in sums.items():
            _narrow(known, whole, parts)
        if known == before:
            return known


def _narrow(known: dict[int, tuple[int, int]], whole: int, parts: list[int]) -> None:
    low, high = (sum(known[part][side] for part in parts) for side in (0, 1))
    known[whole] = max(known[whole][0], low), min(known[whole][1], high)
    for part in parts:
        fewest, most = (sum(known[one][side] for one in parts if one != part) for side in (0, 1))
        known[part] = max(known[part][0], known[whole][0] - most), min(known[part][1], known[whole][1] - fewest)


def mask_of(town: Town) -> np.ndarray:
    return withheld(tree_of(town.parents), np.array(town.counts), np.zeros(len(town.counts), dtype=bool))


@settings(max_examples=300, deadline=None)
@given(towns())
def test_no_withheld_count_can_be_worked_out_from_those_shown(town):
    mask = mask_of(town)
    known = what_is_known(town, mask)
    for place, count in enumerate(town.counts):
        assert mask[place] or not 0 < count < 5
        assert known[place][0] < known[place][1] or not mask[place], place
    for whole in set(town.parents) - {-1}:
        low, high = known[-2 - whole]
        assert low < high or not 0 < outside(town, whole) < 5, whole


@settings(max_examples=100, deadline=None)
@given(towns())
def test_the_places_withheld_of_a_shown_whole_are_never_a_handful_together(town):
    mask = mask_of(town)
    for whole in set(town.parents) - {-1}:
        shown = sum(town.counts[part] for part, of in enumerate(town.parents) if of == whole and not mask[part])
        assert mask[whole] or not 0 < town.counts[whole] - shown < 5
