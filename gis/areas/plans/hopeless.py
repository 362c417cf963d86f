"""Tiles that no cell can hold and be even, with the proof: every connected set of tiles around one was looked at.

Example: a house of 238 homes whose smallest neighbour has 131. With a target of 300 it alone is 21 % too small, and
with any of its neighbours 23 % too big. No search does better, so none should go on trying, and a planner is told why.
"""

from collections.abc import Sequence

#: Connected sets that are looked at for one tile before it is left undecided.
_MOST_SETS = 3_000


class Surroundings:
    """Which loads sets of tiles in one piece can have. Ground without load joins any set it touches, for nothing."""

    def __init__(self, links: Sequence[Sequence[int]], load: Sequence[float]) -> None:
        """`links`: of each tile those with which it can be in one piece."""
        self.links, self.load = links, load
        self._near: dict[int, frozenset[int]] = {}

    def is_hopeless(self, tile: int, low: float, high: float) -> bool:
        """Whether surely no connected set with this tile has a load of `low` to `high`. False: one has, or too many
        were to be looked at.
        """
        waiting = [(self.load[tile], self.near(tile), frozenset((tile,)))]
        for _ in range(_MOST_SETS):
            if not waiting:
                return True
            held, edge, seen = waiting.pop()
            if low <= held <= high:
                return False
            if held < low and self._can_reach(held, edge - seen, seen, low, high):
                waiting += self._larger(held, edge, seen, high)
        return False

    def _larger(self, held: float, edge: frozenset[int], seen: frozenset[int], high: float) -> list:
        """The set with one tile more, in every way: each once, since a tile passed over stays out. Heaviest last."""
        found = []
        fitting = (tile for tile in edge - seen if held + self.load[tile] <= high)
        for tile in sorted(fitting, key=lambda tile: (self.load[tile], tile)):
            seen = seen | {tile}
            found.append((held + self.load[tile], edge | self.near(tile), seen))
        return found

    def _can_reach(self, held: float, edge: frozenset[int], seen: frozenset[int], low: float, high: float) -> bool:
        """Whether all that could still be added is enough."""
        waiting, known = [tile for tile in edge if held + self.load[tile] <= high], set(seen) | edge
        total = held
        while waiting and total < low:
            tile = waiting.pop()
            total += self.load[tile]
            beyond = self.near(tile) - known
            known |= beyond
            waiting += [other for other in beyond if held + self.load[other] <= high]
        return total >= low

    def near(self, tile: int) -> frozenset[int]:
        """The tiles with a load that border on a tile, or on ground without load that it borders on."""
        if tile not in self._near:
            found, waiting = {tile}, [tile]
            while waiting:
                beside = set(self.links[waiting.pop()]) - found
                found |= beside
                waiting += [other for other in beside if self.load[other] == 0]
            self._near[tile] = frozenset(other for other in found if self.load[other] > 0 and other != tile)
        return self._near[tile]
