"""Tries of moving a tile, thousands at once: most fail, and arrays tell which in a tenth of the time.

What an array says is right for the moment at which it was worked out. So what it lets pass is weighed once more before
it is done; what it holds back for a border that has moved since is tried again soon.
"""

from typing import NamedTuple

import numpy as np

#: What a cell costs for being off the target, as its square, and beyond the tolerance.
SQUARE, BEYOND = 6.0, 45.0
#: By how much the second half of an exchange may make up for what the first costs in shape.
ROUNDER = 0.5
#: A cell whose area has fallen below this has no tiles left: sums of areas are not exact, m².
EMPTIED_M2 = 1e-3


class Try(NamedTuple):
    """A tile that may join the cell of another over their border, for a tile of that cell (`back`) or for none (−1)."""

    node: int
    other: int
    back: int
    limit: float  # the least gain that is accepted


class Tries:
    """The borders of a piece of ground as arrays, and chance."""

    def __init__(self, piece, seed: int) -> None:
        """`piece`: an `annealing.Piece`."""
        self.draw = np.random.default_rng(seed)
        self.degree, self.start = _rows(piece.links)
        self.link = np.array([other for some in piece.links for other in some], dtype=int)
        self.node = np.repeat(np.arange(len(piece.links)), self.degree)
        self.near_degree, self.near_start = _rows(piece.near)
        near = np.array([row for some in piece.near for row in some], dtype=float).reshape(-1, 3)
        self.near, self.metres, self.price = near[:, 0].astype(int), near[:, 1], near[:, 2]
        self.load, self.area, self.around = (np.array(of) for of in (piece.load, piece.area, piece.around))

    def hopeful(self, search, count: int, heat: float) -> list[Try]:
        """Of so many random moves over a border those that may pass, alone or as an exchange.

        `search`: an `annealing.Search` over the piece. A fall of the sum is accepted by chance, the less the colder.
        """
        cell = np.array(search.cell)
        at = np.flatnonzero(cell[self.node] != cell[self.link])
        if not len(at):
            return []
        chosen = at[self.draw.integers(0, len(at), count)]
        limit = heat * np.log(1.0 - self.draw.random(count))
        shape, off = self._gain_of_shape(search, cell, chosen), np.array(search.off_costs)
        here, to = cell[self.node[chosen]], cell[self.link[chosen]]
        fits = np.flatnonzero(shape + off[here] + off[to] >= limit)  # or else however well the loads would fit
        chosen, shape, limit = chosen[fits], shape[fits], limit[fits]
        back = self._in_return(search, cell, chosen, shape, limit)
        kept = np.flatnonzero(back >= -1)
        columns = (self.node[chosen], self.link[chosen], back, limit)
        return list(map(Try, *(column[kept].tolist() for column in columns)))

    def _in_return(self, search, cell, chosen, shape, limit) -> np.ndarray:
        """The tile to go the other way; −1: none, the move may pass alone; −2: it does not pass with the one drawn."""
        node, here, to = self.node[chosen], cell[self.node[chosen]], cell[self.link[chosen]]
        loads, off = np.array(search.loads), np.array(search.off_costs)

        def evened(amount: np.ndarray) -> np.ndarray:
            after = _cost(search, loads[here] - amount) + _cost(search, loads[to] + amount)
            return off[here] + off[to] - after

        beside = self._any_link(node, cell, here)
        back = np.where(beside >= 0, self._any_link(beside, cell, to), -1)
        exchanged = (back >= 0) & (shape + evened(self.load[node] - self.load[back]) >= limit - ROUNDER)
        return np.where(shape + evened(self.load[node]) >= limit, -1, np.where(exchanged, back, -2))

    def _any_link(self, node: np.ndarray, cell: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """For each node one of its neighbours in the wanted cell by chance, −1 where there is none."""
        owner, edge = _expanded(self.start[node], self.degree[node])
        right = np.flatnonzero(cell[self.link[edge]] == wanted[owner])
        right = right[np.argsort(self.draw.random(len(right)))]
        found = np.full(len(node), -1)
        found[owner[right]] = self.link[edge[right]]
        return found

    def _gain_of_shape(self, search, cell: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """As `Search.gain_of_shape`, of many moves."""
        node, here, to = self.node[chosen], cell[self.node[chosen]], cell[self.link[chosen]]
        owner, edge = _expanded(self.near_start[node], self.near_degree[node])
        beside = cell[self.near[edge]]
        left, met = beside == here[owner], beside == to[owner]
        staying, meeting = (np.bincount(owner, self.metres[edge] * side, len(node)) for side in (left, met))
        gain = np.bincount(owner, self.price[edge] * (left.astype(float) - met), len(node))
        areas, arounds, costs = (np.array(of) for of in (search.areas, search.arounds, search.shape_costs))
        smaller, larger = np.maximum(areas[here] - self.area[node], EMPTIED_M2), areas[to] + self.area[node]
        before = arounds[here] - self.around[node] + 2 * staying
        after = arounds[to] + self.around[node] - 2 * meeting
        # Not added in place: of nothing beside, the sums are whole numbers.
        gain = gain + costs[here] + costs[to]
        return gain - search.roundness * (before / np.sqrt(smaller) + after / np.sqrt(larger))


def _rows(lists: list[list]) -> tuple[np.ndarray, np.ndarray]:
    """How long each list is, and where it begins when they stand one after the other."""
    length = np.array([len(some) for some in lists], dtype=int)
    return length, np.cumsum(length) - length


def _expanded(start: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places start … start + length − 1 of each row, one after the other: whose each is, and the place."""
    owner = np.repeat(np.arange(len(start)), length)
    return owner, np.arange(len(owner)) + np.repeat(start - np.cumsum(length) + length, length)


def _cost(search, loads: np.ndarray) -> np.ndarray:
    """As `Search.cost_of_load`, of many."""
    off = np.abs(loads / search.target - 1)
    beyond = np.maximum(off - search.tolerance, 0)
    far = np.maximum(beyond - search.tolerance, 0)
    return SQUARE * off * off + BEYOND * beyond + search.step * (beyond > 0) + search.far_beyond * far
