"""The last of the search, for cells still out of tolerance: two moves at once, or one cell fewer.

One move at a time cannot exchange a house of 92 homes for one of 84; two can. Chains of moves that only pay together
are the ejection chains of Glover 1996 (doi:10.1016/0166-218X(94)00037-E), here of length two.
"""

from gis.areas.plans.search import ROUNDER, Search

_LEAST = 1e-9


def recombine(search: Search) -> None:
    """Take whatever makes the sum smaller and begins or ends at a cell out of tolerance, until nothing does."""
    names = range(len(search.loads))
    waiting, rounds = [name for name in names if _is_off(search, name)], 0
    while waiting and rounds < 4 * len(search.loads):
        rounds += 1
        name = waiting.pop()
        if not _is_off(search, name):
            continue
        beside = {search.cell[other] for node in search.members[name] for other in search.links[node]}
        if _chained(search, name) or _merged(search, name):
            # Only those near by have other neighbours than before.
            waiting += sorted(one for one in {name, *beside} - set(waiting) if _is_off(search, one))


def _is_off(search: Search, name: int) -> bool:
    return bool(search.members[name]) and search.is_off(search.loads[name])


def _chained(search: Search, name: int) -> bool:
    """Whether a move out of the cell or into it was made that pays, alone or with a second one."""
    for node, to in _ways(search, name):
        here = search.cell[node]
        if not search.holds_without(node):
            continue
        first = search.gain(node, to)
        search.move(node, to)
        if first > _LEAST or _followed(search, first, here, to):
            return True
        search.move(node, here)
    return False


def _followed(search: Search, first: float, left: int, grown: int) -> bool:
    """Whether a second move, about the grown cell or the one that was left, was made that pays with the first."""
    found = [
        (first + evened + search.gain_of_shape(node, to), node, to)
        for node, to in {*_ways(search, grown), *_ways(search, left)}
        # Loads first: they tell of most that they cannot pay.
        if len(search.members[search.cell[node]]) > 1
        and first + (evened := search.gain_of_load(node, to)) + ROUNDER > _LEAST
    ]
    for total, node, to in sorted(found, reverse=True):
        if total <= _LEAST:
            return False
        if search.holds_without(node):
            search.move(node, to)
            return True
    return False


def _merged(search: Search, name: int) -> bool:
    """Whether the cell became one with a neighbour because both together cost less."""
    beside = sorted({to for _, to in _ways(search, name)} - {name})
    gains = [(search.gain_of_merging(name, other), other) for other in beside]
    gain, other = max(gains, default=(0.0, 0))
    if gain <= _LEAST:
        return False
    for node in sorted(search.members[name]):
        search.move(node, other)
    return True


def _ways(search: Search, name: int) -> list[tuple[int, int]]:
    """Every move out of a cell and every move into it."""
    cell, links = search.cell, search.links
    ways = set()
    for node in search.members[name]:
        for other in links[node]:
            if cell[other] != name:
                ways.add((node, cell[other]))
                ways.add((other, name))
    return sorted(ways)
