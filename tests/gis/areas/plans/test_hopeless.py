"""What no cell can hold and be even: proved, not presumed."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.hopeless import Surroundings


def linked(count: int, pairs: list[tuple[int, int]]) -> list[list[int]]:
    links: list[list[int]] = [[] for _ in range(count)]
    for one, other in pairs:
        links[one].append(other)
        links[other].append(one)
    return links


def in_one_piece(links: list[list[int]], tiles: frozenset[int]) -> bool:
    found, waiting = set(), [min(tiles)]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [other for other in links[one] if other in tiles]
    return found == tiles


def by_brute_force(links: list[list[int]], load: list[int], tile: int, low: int, high: int) -> bool:
    """Whether no connected set with the tile is within the limits, by looking at all sets."""
    others = [other for other in range(len(load)) if other != tile]
    sets = (frozenset((tile, *some)) for size in range(len(load)) for some in combinations(others, size))
    return not any(low <= sum(load[one] for one in some) <= high and in_one_piece(links, some) for some in sets)


def test_a_house_of_238_homes_beside_131_is_hopeless_and_beside_20_is_not():
    links = linked(3, [(0, 1), (0, 2)])
    assert Surroundings(links, [238, 131, 166]).is_hopeless(0, 240, 360)
    assert not Surroundings(links, [238, 131, 20]).is_hopeless(0, 240, 360)


def test_a_park_leads_to_what_lies_behind_it():
    links = linked(3, [(0, 1), (1, 2)])
    assert not Surroundings(links, [238, 0, 20]).is_hopeless(0, 240, 360)


def test_what_would_take_too_long_to_prove_is_not_called_hopeless():
    count = 40  # any of 2 ** 39 sets, none of which is of an odd load
    links = linked(count, [(one, other) for one in range(count) for other in range(one)])
    assert not Surroundings(links, [2] * count).is_hopeless(0, 41, 41)


@given(data=st.data(), count=st.integers(1, 8))
@settings(max_examples=300, deadline=None)
def test_on_any_small_graph_it_says_what_a_look_at_all_sets_says(data, count):
    every = [(one, other) for one in range(count) for other in range(one)]
    links = linked(count, data.draw(st.lists(st.sampled_from(every), unique=True)) if every else [])
    load = data.draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    low = data.draw(st.integers(1, 14))
    high = low + data.draw(st.integers(0, 4))
    around = Surroundings(links, load)
    for tile in range(count):
        assert around.is_hopeless(tile, low, high) == by_brute_force(links, load, tile, low, high)
