"""Dividing a cell and its neighbours anew, where a cell is still far out of tolerance.

Between tower blocks no chain of one or two moves leads out: 235 and 179 homes in one cell need three cells to shift at
once. A window of a few cells is small enough to be cut and searched from several starts (large neighbourhood search,
Shaw 1998, doi:10.1007/3-540-49481-2_30); what is best there is put in place of what was.
"""

from dataclasses import replace
from math import pi
from random import Random

import numpy as np
from scipy.sparse import csr_array

from gis.areas.plans.annealing import anneal
from gis.areas.plans.bisecting import bisect
from gis.areas.plans.blocks import cells_for
from gis.areas.plans.hopeless import Surroundings
from gis.areas.plans.recombining import recombine
from gis.areas.plans.search import FAR_BEYOND, Search
from gis.areas.plans.wish import Wish

#: How often all cells far off are gone through, each time with a wider window or from another start.
_ROUNDS = 16
#: Tiles of the widest window; and tries of a move for each of them.
_WIDEST, _EFFORT = 600, 1000
_HOT, _COLD = 4.0, 0.01
#: In a window what lies beyond twice the tolerance costs so many times as much.
_STRICT = 6 * FAR_BEYOND
#: How wide the windows about cells out of tolerance are, each time these are gone through.
_EVENING_RINGS = (1, 1, 2)
#: In such a window: what being out of it at all costs, tries for each tile, and the heat at first.
_STEP, _EVENING, _WARM = 1.0, 600, 0.3


def rearrange(search: Search, links: csr_array, middle: np.ndarray, wish: Wish, random: Random) -> Search:
    """The search after every window about a cell beyond twice the tolerance was divided anew."""
    strict = replace(wish, tolerance=2 * wish.tolerance)
    around = Surroundings(search.links, search.load)
    for round_ in range(_ROUNDS):
        for name in sorted(_far_off(search, strict)):
            if name in _far_off(search, strict) and not (round_ and _is_hopeless(search, name, around, strict)):
                search = _anew(search, name, 1 + round_ // 6, links, middle, wish, random)
    for name in sorted(_far_off(search, strict)):
        _give_up(search, name, strict)
    for rings in _EVENING_RINGS:
        for name in sorted(_far_off(search, wish)):
            if name in _far_off(search, wish):
                search = _evened(search, name, rings, wish, random)
    return search


def _evened(search: Search, name: int, rings: int, wish: Wish, random: Random) -> Search:
    """The search after a window about a cell out of tolerance was gone over with a price on being so at all."""
    names = _window(search, name, rings)
    rows = sorted(node for one in names for node in search.members[one])
    if len(names) < 2:
        return search
    inner, place = search.piece.part(rows), {one: number for number, one in enumerate(names)}
    now = [place[search.cell[node]] for node in rows]
    found = Search(inner, now.copy(), len(names), wish, _STRICT, _STEP)
    anneal(found, _EVENING * len(rows), random, hot=_WARM, cold=_COLD)
    recombine(found)
    if found.cost() >= Search(inner, now, len(names), wish, _STRICT, _STEP).cost() - 1e-9:
        return search
    return _put(search, rows, names, found.cell, wish)


def _give_up(search: Search, name: int, strict: Wish) -> None:
    """A remainder that only buildings larger than a cell stand around joins the smallest of their cells."""
    limit = strict.target * (1 + strict.tolerance)
    beside = {search.cell[other] for node in search.members[name] for other in search.links[node]} - {name}
    shut_in = all(max(search.load[node] for node in search.members[one]) > limit for one in beside)
    if beside and shut_in and search.loads[name] < strict.target:
        to = min(beside, key=lambda one: (search.loads[one], one))
        for node in sorted(search.members[name]):
            search.move(node, to)


def _is_hopeless(search: Search, name: int, around: Surroundings, strict: Wish) -> bool:
    """Whether one of its tiles makes any cell too big or too small: the first round made that as little as it can."""
    low, high = (strict.target * (1 + share) for share in (-strict.tolerance, strict.tolerance))
    held = (node for node in search.members[name] if search.load[node] > 0)
    return any(around.is_hopeless(node, low, high) for node in held)


def _far_off(search: Search, strict: Wish) -> set[int]:
    """The cells out of a tolerance, but for those that are so because one tile is too big for any cell."""
    limit = strict.target * (1 + strict.tolerance)
    return {
        name
        for name, members in enumerate(search.members)
        if members
        and abs(search.loads[name] / strict.target - 1) > strict.tolerance + 1e-12
        and max(search.load[node] for node in members) <= limit
    }


def _anew(search, name: int, rings: int, links, middle, wish: Wish, random: Random) -> Search:
    names = _window(search, name, rings)
    rows = sorted(node for one in names for node in search.members[one])
    if len(names) < 2 or len(rows) > _WIDEST:
        return search
    inner = search.piece.part(rows)
    load = np.array(inner.load)
    wanted = cells_for(load, wish)
    start = bisect(links[rows][:, rows].tocsr(), load, middle[rows], wanted, random.uniform(0, pi / 2)).tolist()
    place = {one: number for number, one in enumerate(names)}
    now = [place[search.cell[node]] for node in rows]
    found = [_run(inner, begin, wish, random) for begin in (now, start)]
    best = min(found, key=Search.cost)
    if best.cost() >= Search(inner, now, len(names), wish, _STRICT).cost() - 1e-9:
        return search
    return _put(search, rows, names, best.cell, wish)


def _window(search: Search, name: int, rings: int) -> list[int]:
    """A cell and those that can be reached from it over so many borders, in order; of too many, those of few tiles."""
    names, edge, held = {name}, [name], len(search.members[name])
    for _ in range(rings):
        beside = {search.cell[other] for one in edge for node in search.members[one] for other in search.links[node]}
        edge = []
        for one in sorted(beside - names, key=lambda one: (len(search.members[one]), one)):
            if held + len(search.members[one]) <= _WIDEST:
                edge.append(one)
                held += len(search.members[one])
        names.update(edge)
    return sorted(names)


def _run(inner, start: list[int], wish: Wish, random: Random) -> Search:
    search = Search(inner, start.copy(), max(start) + 1, wish, _STRICT)
    anneal(search, _EFFORT * len(start), random, hot=_HOT, cold=_COLD)
    recombine(search)
    return search


def _put(search: Search, rows: list[int], names: list[int], inner: list[int], wish: Wish) -> Search:
    """The whole search with the cells of a window replaced; names that are left over stay empty."""
    free = iter([*names, *range(len(search.loads), len(search.loads) + len(rows))])
    name_of = {one: next(free) for one in sorted(set(inner))}
    cell = search.cell.copy()
    for node, one in zip(rows, inner, strict=True):
        cell[node] = name_of[one]
    return Search(search.piece, cell, max(len(search.loads), max(cell) + 1), wish)
