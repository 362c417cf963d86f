"""Improving cells by moving one tile at a time across a border.

Simulated annealing (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671). What is made small is, summed over the
cells, with d the deviation of the load from the target as a share of it, t the tolerance, P the perimeter, A the area,

    6 d² + 45 max(0, |d| − t) + 60 max(0, |d| − 2t) + roundness · P / (2 √(π A)) + price of barriers crossed

P / (2 √(π A)) is one over the root of the Polsby–Popper figure. A metre along a street counts less in P, so borders
rather follow streets.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from gis.areas.plans.tries import BEYOND, EMPTIED_M2, ROUNDER, SQUARE, Tries, Try
from gis.areas.plans.wish import Wish

#: Hears the share of the work that is done, 0 to 1; raises to stop it.
Tell = Callable[[float], None]

FAR_BEYOND = 60.0
#: The perimeter of a circle of area 1.
_CIRCLE = math.sqrt(4 * math.pi)
#: The fall of the sum that is taken once in e tries, at first and at last.
HOT, COLD = 0.5, 0.02
#: Tries between two looks at where the borders are, and reports of how far a search is.
_BREATH = 1_000
#: Heats from hot to cold, at least.
_HEATS = 50


def nobody(_share: float) -> None:
    """Whom a search tells how far it is when nobody asks."""


def within(tell: Tell, done: float, part: float, whole: float) -> Tell:
    """Tells of a part of the work as a share of the whole."""
    return lambda share: tell((done + share * part) / whole)


@dataclass(frozen=True)
class Piece:
    """A block as lists of Python numbers: the search touches one at a time."""

    #: Of each tile its neighbours, the weighted metres between them, and the price of being in one cell.
    near: list[list[tuple[int, float, float]]]
    links: list[list[int]]  # of each tile those with which it can be in one piece
    load: list[float]
    around: list[float]  # weighted metres of the whole perimeter
    area: list[float]  # m²

    @cached_property
    def joined(self) -> list[set[int]]:
        return [set(links) for links in self.links]

    def part(self, rows: list[int]) -> "Piece":
        """Some tiles, numbered from 0; their borders on others count in `around` alone."""
        place = {node: number for number, node in enumerate(rows)}
        near = [[(place[other], *rest) for other, *rest in self.near[node] if other in place] for node in rows]
        links = [[place[other] for other in self.links[node] if other in place] for node in rows]
        columns = ([values[node] for node in rows] for values in (self.load, self.around, self.area))
        return Piece(near, links, *columns)


class Search:
    """Cells of one block while they are improved, with what each costs now."""

    def __init__(
        self, piece: Piece, cell: list[int], count: int, wish: Wish, far_beyond: float = FAR_BEYOND, step: float = 0.0
    ) -> None:
        """`far_beyond`: another price beyond twice the tolerance; `step`: one of being out of it at all."""
        self.far_beyond, self.step = far_beyond, step
        self.piece = piece
        self.near, self.links, self.load = piece.near, piece.links, piece.load
        self.joined = piece.joined
        self.around, self.area = piece.around, piece.area
        self.cell = cell
        self.target, self.tolerance, self.roundness = wish.target, wish.tolerance, wish.roundness / _CIRCLE
        self.members: list[set[int]] = [set() for _ in range(count)]
        self.loads, self.arounds, self.areas = [0.0] * count, [0.0] * count, [0.0] * count
        for node, name in enumerate(cell):
            self.members[name].add(node)
            self.loads[name] += piece.load[node]
            self.areas[name] += piece.area[node]
            self.arounds[name] += piece.around[node]
            self.arounds[name] -= sum(metres for other, metres, _ in self.near[node] if cell[other] == name)
        self.off_costs, self.shape_costs = [0.0] * count, [0.0] * count
        for name in range(count):
            self._count(name)

    def is_off(self, load: float) -> bool:
        """Whether a cell's load is out of tolerance."""
        return abs(load / self.target - 1) > self.tolerance + 1e-12

    def cost_of_load(self, load: float) -> float:
        """What a cell costs for being off the target."""
        off = load / self.target - 1
        beyond = abs(off) - self.tolerance
        if beyond <= 0:
            return SQUARE * off * off
        far = beyond - self.tolerance
        return SQUARE * off * off + BEYOND * beyond + self.step + (self.far_beyond * far if far > 0 else 0.0)

    def cost_of_shape(self, around: float, area: float) -> float:
        """What a cell of that perimeter and area costs for not being round."""
        return self.roundness * around / math.sqrt(area)

    def cost(self) -> float:
        """The sum that the search makes small."""
        cell, near = self.cell, self.near
        crossed = sum(price for node in range(len(cell)) for other, _, price in near[node] if cell[other] == cell[node])
        return crossed / 2 + sum(self.off_costs) + sum(self.shape_costs)

    def gain(self, node: int, to: int) -> float:
        """By how much the sum falls when a node moves to a cell. Its own cell must have others."""
        return self.gain_of_shape(node, to) + self.gain_of_load(node, to)

    def gain_of_shape(self, node: int, to: int) -> float:
        """That of perimeters and barriers alone."""
        cell, roundness = self.cell, self.roundness
        here, left, met, gain = cell[node], 0.0, 0.0, 0.0
        for other, metres, price in self.near[node]:
            name = cell[other]
            if name == to:
                met += metres
                gain -= price
            elif name == here:
                left += metres
                gain += price
        area, around, areas, arounds = self.area[node], self.around[node], self.areas, self.arounds
        smaller, larger = areas[here] - area, areas[to] + area
        gain += self.shape_costs[here] + self.shape_costs[to]
        if smaller > EMPTIED_M2:
            gain -= roundness * (arounds[here] - around + 2 * left) / math.sqrt(smaller)
        return gain - roundness * (arounds[to] + around - 2 * met) / math.sqrt(larger)

    def gain_of_load(self, node: int, to: int) -> float:
        """That of loads alone."""
        return self.gain_of_amount(self.load[node], self.cell[node], to)

    def gain_of_amount(self, amount: float, here: int, to: int) -> float:
        """That of so much load given by one cell to another."""
        loads, costs = self.loads, self.off_costs
        after = self.cost_of_load(loads[here] - amount) + self.cost_of_load(loads[to] + amount)
        return costs[here] + costs[to] - after

    def gain_of_merging(self, one: int, other: int) -> float:
        """By how much the sum falls when two cells become one."""
        common = [
            (metres, price)
            for node in self.members[one]
            for other_node, metres, price in self.near[node]
            if self.cell[other_node] == other
        ]
        shared, crossed = sum(metres for metres, _ in common), sum(price for _, price in common)
        load, area = self.loads[one] + self.loads[other], self.areas[one] + self.areas[other]
        together = self.cost_of_load(load)
        together += self.cost_of_shape(self.arounds[one] + self.arounds[other] - 2 * shared, area)
        costs = self.off_costs, self.shape_costs
        return sum(of[one] + of[other] for of in costs) - together - crossed

    def move(self, node: int, to: int) -> None:
        """Put a node into a cell."""
        cell = self.cell
        here, left, met = cell[node], 0.0, 0.0
        for other, metres, _ in self.near[node]:
            name = cell[other]
            if name == to:
                met += metres
            elif name == here:
                left += metres
        self._change(here, -self.load[node], 2 * left - self.around[node], -self.area[node])
        self._change(to, self.load[node], self.around[node] - 2 * met, self.area[node])
        self.members[here].discard(node)
        self.members[to].add(node)
        cell[node] = to

    def _change(self, name: int, load: float, around: float, area: float) -> None:
        self.loads[name] += load
        self.arounds[name] += around
        self.areas[name] += area
        self._count(name)

    def _count(self, name: int) -> None:
        """What a cell costs now; one without tiles costs nothing."""
        there = self.areas[name] > EMPTIED_M2
        self.off_costs[name] = self.cost_of_load(self.loads[name]) if there else 0.0
        self.shape_costs[name] = self.cost_of_shape(self.arounds[name], self.areas[name]) if there else 0.0

    def holds_without(self, node: int) -> bool:
        """Whether its cell stays in one piece, and is not empty, when a node leaves it."""
        cell = self.cell
        here = cell[node]
        rest = [other for other in self.links[node] if cell[other] == here]
        if len(rest) < 2:
            return bool(rest)
        return self._reach(node, here, rest)

    def _reach(self, node: int, here: int, rest: list[int]) -> bool:
        """Whether tiles of a cell are joined without one: through each other, or through the rest of the cell."""
        joined = self.joined
        missing, waiting = set(rest[1:]), rest[:1]
        for one in waiting:
            found = joined[one] & missing
            if found:
                missing -= found
                if not missing:
                    return True
                waiting.extend(found)
        unseen = self.members[here] - {node, *waiting}
        while waiting:
            found = joined[waiting.pop()] & unseen
            unseen -= found
            missing -= found
            if not missing:
                return True
            waiting.extend(found)
        return False


def anneal(
    search: Search, steps: int, random: Random, tell: Tell = nobody, hot: float = HOT, cold: float = COLD
) -> None:
    """So many tries of moving a tile into a neighbour's cell, ever stricter. `tell` hears the share that is done.

    A move that is refused for the loads alone is tried again as an exchange with a tile near by.
    """
    tries = Tries(search.piece, random.getrandbits(64))
    if not len(tries.node) or len(search.loads) < 2:
        return
    cooling = math.log(cold / hot) / steps
    breath = min(_BREATH, steps // _HEATS + 1)
    for first in range(0, steps, breath):
        tell(first / steps)
        heat = hot * math.exp(cooling * first)
        for one in tries.hopeful(search, min(breath, steps - first), heat):
            _try(search, one)


def _try(search: Search, one: Try) -> None:
    """Move a node, alone or as an exchange, unless the sum gains less than the limit."""
    here, to = search.cell[one.node], search.cell[one.other]
    if here == to or len(search.members[here]) < 2 or search.areas[here] - search.area[one.node] <= EMPTIED_M2:
        return
    if one.back >= 0:
        _exchange(search, one, here, to)
    elif search.gain(one.node, to) >= one.limit and search.holds_without(one.node):
        search.move(one.node, to)


def _exchange(search: Search, one: Try, here: int, to: int) -> None:
    """Move a node to a cell and one of that cell's, beside where it was, back, unless the two fall below the limit."""
    load, back = search.load, one.back
    if search.cell[back] != to:
        return
    shape = search.gain_of_shape(one.node, to)
    evened = search.gain_of_amount(load[one.node] - load[back], here, to)
    # Loads first: most exchanges fail for them, and moving takes long.
    if shape + evened < one.limit - ROUNDER or not search.holds_without(one.node):
        return
    gain = search.gain(one.node, to)
    search.move(one.node, to)
    if _is_beside(search, back, here) and gain + search.gain(back, here) >= one.limit and search.holds_without(back):
        search.move(back, here)
    else:
        search.move(one.node, here)


def _is_beside(search: Search, node: int, name: int) -> bool:
    return any(search.cell[other] == name for other in search.links[node])
