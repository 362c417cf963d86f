"""The innermost loop of the search for cells, compiled: millions of tries of moving a tile across a border.

Everything here is about tiles and cells as numbers in arrays. `search.Search` says the same in Python for the few moves
that are weighed one by one; a test holds the two together.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from gis.areas.plans.search import BEYOND, EMPTIED_M2, ROUNDER, SQUARE, Piece, Search

#: Compiled once for a machine and kept beside the sources or in NUMBA_CACHE_DIR; no division here is by zero.
_compiled = njit(cache=True, error_model="numpy", forceinline=True)


class Network(NamedTuple):
    """Ground of n tiles. Rows of tile i in a list of edges are start[i] … start[i + 1] − 1."""

    near_start: np.ndarray  # n + 1 ints
    near: np.ndarray  # the tile beside, along a border of …
    metres: np.ndarray  # … so many weighted metres, …
    price: np.ndarray  # … and what both in one cell cost
    start: np.ndarray  # n + 1 ints
    owner: np.ndarray  # the tile whose edge it is
    link: np.ndarray  # a tile with which it can be in one piece
    back: np.ndarray  # the edge the other way
    load: np.ndarray  # of n tiles
    around: np.ndarray  # weighted metres of the whole perimeter
    area: np.ndarray  # m²


class Prices(NamedTuple):
    """What a cell costs: see `annealing`."""

    target: float
    tolerance: float
    square: float
    beyond: float
    far_beyond: float
    step: float
    roundness: float


class Cells(NamedTuple):
    """The cells of a network while they change, with what each costs now, and the edges that cross a border."""

    cell: np.ndarray  # n ints
    size: np.ndarray  # of c cells: tiles
    load: np.ndarray
    around: np.ndarray
    area: np.ndarray
    off: np.ndarray  # what it costs for its load
    shape: np.ndarray  # and for its shape
    crossing: np.ndarray  # the edges between two cells, in any order; behind the first `many[0]` anything
    place: np.ndarray  # of each edge its place there, −1: inside a cell
    many: np.ndarray  # one int
    seen: np.ndarray  # of each tile the walk that came by last
    walk: np.ndarray  # room for the tiles of a walk
    walks: np.ndarray  # one int: walks so far


def as_arrays(search: Search) -> tuple[Network, Prices, Cells]:
    """A search for this room; what is done to it here goes back by `Search.settle`."""
    network, tiles, count = _network(search.piece), len(search.cell), search.count
    far, step = float(search.far_beyond), float(search.step)
    prices = Prices(search.target, search.tolerance, SQUARE, BEYOND, far, step, search.roundness)
    sums = (np.zeros(count) for _ in range(5))
    edges = len(network.link)
    room = (np.zeros(many, int) for many in (edges, edges, 1, tiles, tiles, 1))
    cells = Cells(np.array(search.cell, int), np.zeros(count, int), *sums, *room)
    _settle(network, prices, cells)
    return network, prices, cells


def _network(piece: Piece) -> Network:
    """Two tiles that meet along several borders have one link."""
    near_start, near = _rows([[other for other, _, _ in some] for some in piece.near])
    metres, price = (np.array([row[at] for some in piece.near for row in some], float) for at in (1, 2))
    start, link = _rows([sorted(some) for some in piece.joined])
    owner = np.repeat(np.arange(len(piece.links)), np.diff(start))
    back = np.lexsort((owner, link))  # edges are in order of (owner, link), so these are those of (link, owner)
    columns = (np.array(of, float) for of in (piece.load, piece.around, piece.area))
    return Network(near_start, near, metres, price, start, owner, link, back, *columns)


def _rows(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Where each list begins and the last one ends when they stand one after the other, and all of them so."""
    start = np.append(0, np.cumsum([len(some) for some in lists], dtype=int))
    return start, np.array([one for some in lists for one in some], dtype=int)


@_compiled
def cost_of_load(prices: Prices, load: float) -> float:
    """As `Search.cost_of_load`."""
    off = abs(load / prices.target - 1)
    beyond = off - prices.tolerance
    cost = prices.square * off * off
    if beyond > 0:
        cost += prices.step + prices.beyond * beyond + prices.far_beyond * max(beyond - prices.tolerance, 0.0)
    return cost


@_compiled
def cost_of_shape(prices: Prices, around: float, area: float) -> float:
    """As `Search.cost_of_shape`; nothing for a cell without tiles."""
    return prices.roundness * around / math.sqrt(area) if area > EMPTIED_M2 else 0.0


@_compiled
def _settle(network: Network, prices: Prices, cells: Cells) -> None:
    """Fill the sums of cells and their crossing edges from `cells.cell` and zeros."""
    cell = cells.cell
    for node in range(len(cell)):
        name = cell[node]
        cells.size[name] += 1
        cells.load[name] += network.load[node]
        cells.area[name] += network.area[node]
        cells.around[name] += network.around[node]
        for edge in range(network.near_start[node], network.near_start[node + 1]):
            if cell[network.near[edge]] == name:
                cells.around[name] -= network.metres[edge]
        for edge in range(network.start[node], network.start[node + 1]):
            cells.place[edge] = -1
            _mark(network, cells, edge)
    for name in range(len(cells.load)):
        _count(prices, cells, name)


@_compiled
def _count(prices: Prices, cells: Cells, name: int) -> None:
    there = cells.area[name] > EMPTIED_M2
    cells.off[name] = cost_of_load(prices, cells.load[name]) if there else 0.0
    cells.shape[name] = cost_of_shape(prices, cells.around[name], cells.area[name])


@_compiled
def _mark(network: Network, cells: Cells, edge: int) -> None:
    """Put an edge among the crossing ones, or take it out."""
    crosses = cells.cell[network.owner[edge]] != cells.cell[network.link[edge]]
    place = cells.place[edge]
    if crosses and place < 0:
        cells.place[edge] = cells.many[0]
        cells.crossing[cells.many[0]] = edge
        cells.many[0] += 1
    elif not crosses and place >= 0:
        cells.many[0] -= 1
        last = cells.crossing[cells.many[0]]
        cells.crossing[place] = last
        cells.place[last] = place
        cells.place[edge] = -1


@_compiled
def _borders(network: Network, cells: Cells, node: int, to: int) -> tuple[float, float, float]:
    """Metres of a tile on its own cell and on another, and by how much the price falls when it moves there."""
    here, left, met, price = cells.cell[node], 0.0, 0.0, 0.0
    for edge in range(network.near_start[node], network.near_start[node + 1]):
        name = cells.cell[network.near[edge]]
        if name == to:
            met += network.metres[edge]
            price -= network.price[edge]
        elif name == here:
            left += network.metres[edge]
            price += network.price[edge]
    return left, met, price


@_compiled
def gain_of_shape(network: Network, prices: Prices, cells: Cells, node: int, to: int) -> float:
    """By how much the costs of perimeters and barriers fall when a tile moves to a cell."""
    here = cells.cell[node]
    left, met, gain = _borders(network, cells, node, to)
    around, area = network.around[node], network.area[node]
    gain += cells.shape[here] + cells.shape[to]
    gain -= cost_of_shape(prices, cells.around[here] - around + 2 * left, cells.area[here] - area)
    return gain - cost_of_shape(prices, cells.around[to] + around - 2 * met, cells.area[to] + area)


@_compiled
def gain_of_load(prices: Prices, cells: Cells, amount: float, here: int, to: int) -> float:
    """By how much the costs of loads fall when one cell gives another so much."""
    after = cost_of_load(prices, cells.load[here] - amount) + cost_of_load(prices, cells.load[to] + amount)
    return cells.off[here] + cells.off[to] - after


@_compiled
def move(network: Network, prices: Prices, cells: Cells, node: int, to: int) -> None:
    """Put a tile into a cell."""
    here = cells.cell[node]
    left, met, _ = _borders(network, cells, node, to)
    cells.around[here] += 2 * left - network.around[node]
    cells.around[to] += network.around[node] - 2 * met
    for name, sign in ((here, -1), (to, 1)):
        cells.size[name] += sign
        cells.load[name] += sign * network.load[node]
        cells.area[name] += sign * network.area[node]
        _count(prices, cells, name)
    cells.cell[node] = to
    for edge in range(network.start[node], network.start[node + 1]):
        _mark(network, cells, edge)
        _mark(network, cells, network.back[edge])


@_compiled
def holds_without(network: Network, cells: Cells, node: int) -> bool:
    """Whether its cell stays in one piece, and is not empty, when a tile leaves it."""
    here, first, rest = cells.cell[node], -1, 0
    for edge in range(network.start[node], network.start[node + 1]):
        if cells.cell[network.link[edge]] == here:
            first, rest = network.link[edge], rest + 1
    return rest == 1 or (rest > 1 and _reaches(network, cells, node, first, rest))


@_compiled
def _reaches(network: Network, cells: Cells, node: int, first: int, rest: int) -> bool:
    """Whether a walk from one of a tile's `rest` neighbours in its cell comes by all of them, and not by the tile."""
    cell, walk, seen = cells.cell, cells.walk, cells.seen
    cells.walks[0] += 2
    beside = cells.walks[0]  # a neighbour not come by yet; one more: come by
    for edge in range(network.start[node], network.start[node + 1]):
        seen[network.link[edge]] = beside
    seen[node] = seen[first] = beside + 1
    walk[0], done, known, rest = first, 0, 1, rest - 1
    while done < known and rest:
        for edge in range(network.start[walk[done]], network.start[walk[done] + 1]):
            other = network.link[edge]
            if cell[other] == cell[node] and seen[other] != beside + 1:
                rest -= seen[other] == beside
                seen[other], walk[known] = beside + 1, other
                known += 1
        done += 1
    return rest == 0


@_compiled
def _beside(network: Network, cells: Cells, node: int, name: int, draw: np.random.Generator) -> int:
    """One of a tile's neighbours in a cell, by chance; −1: it has none there."""
    found, many = -1, 0
    for edge in range(network.start[node], network.start[node + 1]):
        if cells.cell[network.link[edge]] == name:
            many += 1
            if draw.random() * many < 1:
                found = network.link[edge]
    return found


@_compiled
def _exchange(
    network: Network, prices: Prices, cells: Cells, node: int, to: int, shape: float, limit: float, draw
) -> None:
    """Move a tile to a cell, which gains `shape`, and one of that cell's back, unless both gain less than the limit."""
    here = cells.cell[node]
    pivot = _beside(network, cells, node, here, draw)
    back = _beside(network, cells, pivot, to, draw) if pivot >= 0 else -1
    if back < 0:
        return
    evened = gain_of_load(prices, cells, network.load[node] - network.load[back], here, to)
    # Loads first: most exchanges fail for them, and moving takes long.
    if shape + evened < limit - ROUNDER or not holds_without(network, cells, node):
        return
    move(network, prices, cells, node, to)
    gain = shape + evened + gain_of_shape(network, prices, cells, back, here)
    # That the two still touch is sure: `pivot` stays, and `back` lies beside it.
    if gain >= limit and holds_without(network, cells, back):
        move(network, prices, cells, back, here)
    else:
        move(network, prices, cells, node, here)


@_compiled
def attempt(network: Network, prices: Prices, cells: Cells, heat: float, draw: np.random.Generator) -> None:
    """Try one move over a border by chance, or an exchange where the loads alone forbid it."""
    edge = cells.crossing[int(draw.random() * cells.many[0])]
    node, to = network.owner[edge], cells.cell[network.link[edge]]
    here = cells.cell[node]
    if cells.size[here] < 2 or cells.area[here] - network.area[node] <= EMPTIED_M2:
        return
    limit = heat * math.log(1.0 - draw.random())
    shape = gain_of_shape(network, prices, cells, node, to)
    if shape + cells.off[here] + cells.off[to] < limit:
        return  # however well the loads would fit
    if shape + gain_of_load(prices, cells, network.load[node], here, to) < limit:
        _exchange(network, prices, cells, node, to, shape, limit, draw)
    elif holds_without(network, cells, node):
        move(network, prices, cells, node, to)


@_compiled
def attempts(
    network: Network, prices: Prices, cells: Cells, many: int, heat: float, cooling: float, draw: np.random.Generator
) -> None:
    """So many tries; the heat is multiplied by `cooling` after each."""
    for _ in range(many):
        if cells.many[0] == 0:
            return
        attempt(network, prices, cells, heat, draw)
        heat *= cooling
