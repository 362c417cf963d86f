"""The cells of a block while they are improved: what each costs, and by how much a move makes the sum smaller.

What is made small is, summed over the cells, with d the deviation of the load from the target as a share of it, t the
tolerance, P the perimeter, A the area,

    6 d² + (0.5 + 45 (|d| − t) where |d| > t) + 60 max(0, |d| − 2t)
    + roundness · P / (2 √(π A)) + price of barriers crossed

P / (2 √(π A)) is one over the root of the Polsby–Popper figure. A metre along a street counts less in P, so borders
rather follow streets.
"""

import math
from dataclasses import dataclass
from functools import cached_property

from gis.areas.plans.wish import Wish

#: What a cell costs for being off the target, squared; out of tolerance at all; beyond it; and beyond twice of it.
SQUARE, STEP, BEYOND, FAR_BEYOND = 6.0, 0.5, 45.0, 60.0
#: By how much at most, as good as always, a move makes cells rounder: what it costs in load beyond that is not paid.
ROUNDER = 0.5
#: A cell whose area has fallen below this has no tiles left: sums of areas are not exact, m².
EMPTIED_M2 = 1e-3
#: The perimeter of a circle of area 1.
_CIRCLE = math.sqrt(4 * math.pi)


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
        self, piece: Piece, cell: list[int], count: int, wish: Wish, far_beyond: float = FAR_BEYOND, step: float = STEP
    ) -> None:
        """`far_beyond`: another price beyond twice the tolerance; `step`: one of being out of tolerance at all."""
        self.far_beyond, self.step = far_beyond, step
        self.piece = piece
        self.near, self.links, self.load = piece.near, piece.links, piece.load
        self.joined = piece.joined
        self.around, self.area = piece.around, piece.area
        self.target, self.tolerance, self.roundness = wish.target, wish.tolerance, wish.roundness / _CIRCLE
        self.count = count
        self.settle(cell)

    def settle(self, cell: list[int]) -> None:
        """Take these cells, and count what each costs."""
        self.cell, count = cell, self.count
        self.members: list[set[int]] = [set() for _ in range(count)]
        self.loads, self.arounds, self.areas = [0.0] * count, [0.0] * count, [0.0] * count
        for node, name in enumerate(cell):
            self.members[name].add(node)
            self.loads[name] += self.load[node]
            self.areas[name] += self.area[node]
            self.arounds[name] += self.around[node]
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
