"""A start for the search: ground cut in two again and again, each time where the cut is short and the shares fit."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

#: Directions in which a line sweeps over the ground.
_DIRECTIONS = 12
#: The smaller side of a sweep gets at least this share of the cells: even halves leave the search more freedom.
_LEAST_SHARE = 0.3
#: How much a side lengthens the cut that is off its load by the whole of it.
_OFF_COSTS = 20.0
#: How many of the cheapest cuts are put in one piece and compared.
_COMPARED = 6


def bisect(links: csr_array, load: np.ndarray, middle: np.ndarray, count: int, turn: float = 0.0) -> np.ndarray:
    """Cells 0 … count−1 (n ints), connected and roughly even, of a connected graph.

    `links`: symmetric; what it costs to part two nodes, 0 along a barrier (stored all the same: it joins them).
    `middle`: n × 2, metres. `turn`: an angle by which the cutting lines are turned, so that starts differ. Recursive
    bisection (Berger and Bokhari 1987); a cut is chosen with the numbers of cells on its sides, so that of 8 cells 3
    and 5 lie beside a barrier with 3.1 and 4.9 cells' load. Fewer than `count` cells come out where there are fewer
    nodes.
    """
    cell = np.zeros(len(load), dtype=int)
    counted = load + 1e-9 * (1 + load.sum())  # so that ground without homes is shared out too
    turned = middle @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    _divide(np.arange(len(load)), min(count, len(load)), 0, links, counted, turned, cell)
    return cell


def _divide(rows, count, name, links, load, middle, cell) -> None:
    cell[rows] = name
    if count < 2:
        return
    few, left = _halved(links[rows][:, rows].tocsr(), load[rows], middle[rows], count)
    _divide(rows[left], few, name, links, load, middle, cell)
    _divide(rows[~left], count - few, name + few, links, load, middle, cell)


def _halved(links: csr_array, load: np.ndarray, middle: np.ndarray, count: int) -> tuple[int, np.ndarray]:
    """How many of the `count` cells one side gets, and its mask (n bools), both sides in one piece."""
    edges = links.tocoo()
    swept = sorted(_sweeps(edges, load, middle, count), key=lambda found: found[0])[:_COMPARED]
    sides = [_in_one_piece(edges, side, load) for _, side in swept]
    sides += [_in_one_piece(edges, side, load) for side in _beside_barriers(links)]
    priced = [(*_price(edges, load, side, count), side) for side in sides if 0 < side.sum() < len(side)]
    _, few, side = min(priced, key=lambda found: found[0])
    return few, side


def _sweeps(edges: coo_array, load: np.ndarray, middle: np.ndarray, count: int) -> Iterator[tuple[float, np.ndarray]]:
    """The cheapest cut by a line of each direction: its price and its mask."""
    for angle in np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS:
        order = np.argsort(middle @ (np.cos(angle), np.sin(angle)), kind="stable")
        place = np.empty(len(order), dtype=int)
        place[order] = np.arange(len(order))
        change = np.bincount(place[edges.row], np.where(place[edges.row] < place[edges.col], edges.data, -edges.data))
        cut = np.maximum(np.cumsum(change)[:-1], 0)  # after the first k + 1 nodes
        price, few = _prices(cut, np.cumsum(load[order])[:-1] / load.sum(), count)
        size = np.arange(1, len(order))
        roomy = (size >= few) & (len(order) - size >= count - few)
        best = int(np.argmin(np.where(roomy, price, np.inf)))
        side = np.zeros(len(order), dtype=bool)
        side[order[: best + 1]] = True
        yield float(price[best]), side


def _prices(cut: np.ndarray, share: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The price of cuts with a share of the load on one side, and how many of the cells that side gets."""
    least = max(1, round(_LEAST_SHARE * count))
    few = np.clip(np.rint(share * count), least, count - least).astype(int)
    off = np.maximum(np.abs(share * count / few - 1), np.abs((1 - share) * count / (count - few) - 1))
    return cut / np.sqrt(np.minimum(few, count - few)) * (1 + _OFF_COSTS * off) + _OFF_COSTS * off**2, few


def _price(edges: coo_array, load: np.ndarray, side: np.ndarray, count: int) -> tuple[float, int]:
    cut, share = edges.data[side[edges.row] & ~side[edges.col]].sum(), load[side].sum() / load.sum()
    few = int(np.clip(round(share * count), 1, count - 1))
    few = int(np.clip(few, max(1, count - (~side).sum()), min(count - 1, side.sum())))
    off = max(abs(share * count / few - 1), abs((1 - share) * count / (count - few) - 1))
    return float(cut / np.sqrt(min(few, count - few)) * (1 + _OFF_COSTS * off) + _OFF_COSTS * off**2), few


def _beside_barriers(links: csr_array) -> Iterator[np.ndarray]:
    """Masks of the pieces that barriers part, where any run through the ground."""
    whole = links.copy()
    whole.data = (links.data > 0).astype(float)
    whole.eliminate_zeros()
    number, piece = connected_components(whole, directed=False)
    if number > 1:
        yield from (piece == one for one in range(number))


def _in_one_piece(edges: coo_array, side: np.ndarray, load: np.ndarray) -> np.ndarray:
    """The side, and then the other one, without all but its heaviest piece."""
    side = _heaviest(edges, side, load)
    return ~_heaviest(edges, ~side, load)


def _heaviest(edges: coo_array, mask: np.ndarray, load: np.ndarray) -> np.ndarray:
    inside = np.flatnonzero(mask[edges.row] & mask[edges.col])
    ends = (edges.row[inside], edges.col[inside])
    # Nodes outside the mask come out as pieces of one node each.
    number, piece = connected_components(csr_array((np.ones(len(inside)), ends), shape=edges.shape), directed=False)
    if number < 2 + (~mask).sum():
        return mask
    return mask & (piece == np.argmax(np.bincount(piece[mask], load[mask])))
