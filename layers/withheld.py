"""Withholding small counts of people over the whole tree of places, so that no difference gives one away.

A reader sees counts of cells, of communities, of streets and of the district: every place is the sum of the places in
it, and of what lies in it outside them, and each such sum is an equation for whoever subtracts. One unknown in an
equation is known. So in every equation either nothing is withheld, or enough that

* it holds at least two unknowns (a withheld whole is one of them);
* those inside a shown whole are at least `SMALLEST_SHOWN` people together: their sum is a count of people too;
* and one of them is *loose*: it might be less, since whoever is withheld is known to be at least one person.

Each equation is settled from above: the places withheld as small, then, where that is not enough, the smallest others
with them. A place that is withheld only for its sibling's sake takes one place in it along, and so on down. As the
equations form a tree, nothing withheld can then be worked out. A place whose people all live in places of one person
each is withheld itself, because there is nothing to hide those behind.

Density, shares and rates are withheld with the counts they are made from: the ground of every place is known.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from cachetools import LRUCache

from gis.accounts.scope import Access, Scope
from layers.incident_columns import range_of
from layers.indicator import Asked
from layers.places import LAYERS, Places
from layers.small_counts import OWN_STAFF, SMALLEST_SHOWN


@dataclass(frozen=True)
class Tree:
    """n places of all layers, coarse before fine.

    `parent`: for each the number of the nearest place around it, −1 for none; `depth`: how many places are around it;
    `starts`: layer → its first number. `numbers` are those of the codes.
    """

    numbers: np.ndarray
    parent: np.ndarray
    depth: np.ndarray
    starts: dict[str, int]

    @classmethod
    def of(cls, ground: dict[str, Places]) -> "Tree":
        """The tree of all the places a reader sees."""
        numbers, parent, depth, starts = [], [], [], {}
        above: list[tuple[int, Places, np.ndarray]] = []
        begin = 0
        for layer in reversed(LAYERS):
            places = ground[layer]
            around, levels = np.full(len(places), -1), np.zeros(len(places), dtype=int)
            for start, coarser, their in above:
                at = np.searchsorted(coarser.numbers, places.numbers, side="right") - 1
                found = (at >= 0) & (places.numbers < coarser.numbers[at] + coarser.span) if len(coarser) else at >= 0
                around[found], levels[found] = start + at[found], their[at[found]] + 1
            starts[layer] = begin
            above.append((begin, places, levels))
            numbers.append(places.numbers), parent.append(around), depth.append(levels)
            begin += len(places)
        return cls(np.concatenate(numbers), np.concatenate(parent), np.concatenate(depth), starts)


def withheld(tree: Tree, counts: np.ndarray, own: np.ndarray, also: np.ndarray | None = None) -> np.ndarray:
    """Mask of the n counts to withhold.

    `own`: n flags, where the reader is the place's own staff and sees all; `also`: n flags, of counts that are
    withheld for another reason.
    """
    hiding = _Hiding(tree, np.asarray(counts, dtype=np.int64), np.asarray(own, dtype=bool))
    if also is not None:
        hiding.hidden |= also & (hiding.counts > 0) & ~hiding.own
    deepest = int(tree.depth.max(initial=0))
    for depth in range(deepest, 0, -1):
        hiding.loosen(depth)
    hiding.hide_bare_wholes()
    settled = False
    while not settled:
        settled = all(hiding.settle(depth) for depth in range(1, deepest + 1))
    return hiding.hidden


class _Hiding:
    """The work on one set of counts. What lies in a place outside the places in it is a nameless place of its own."""

    def __init__(self, tree: Tree, counts: np.ndarray, own: np.ndarray) -> None:
        self.tree, self.counts, self.own = tree, counts, own
        self.hidden = _is_small(counts) & ~own
        self.is_whole = np.zeros(len(counts), dtype=bool)
        inner = np.flatnonzero(tree.parent >= 0)
        self.is_whole[tree.parent[inner]] = True
        self.rest = np.where(self.is_whole, counts - self._summed(inner, counts), 0)
        self.rest_hidden = _is_small(self.rest) & ~own
        self.loose = np.where(self.is_whole, self.rest > 1, counts > 1)

    def _summed(self, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Of every place, the sum over those rows that lie directly in it."""
        return np.bincount(self.tree.parent[rows], weights=weights[rows], minlength=len(self.counts)).astype(np.int64)

    def _at(self, depth: int) -> np.ndarray:
        return np.flatnonzero((self.tree.depth == depth) & (self.counts > 0))

    def loosen(self, depth: int) -> None:
        """A whole is loose when one place in it is."""
        self.loose |= self._summed(self._at(depth), self.loose) > 0

    def hide_bare_wholes(self) -> None:
        self.hidden |= self.is_whole & ~self.loose & ~self.own & (self.counts > 0)

    def settle(self, depth: int) -> bool:
        """Withhold enough of the places at this depth for what is withheld of them and of their wholes.

        Where that is not enough the whole is withheld as well, which is to be settled above: False.
        """
        rows = self._at(depth)
        rows = rows[np.lexsort((self.counts[rows], self.tree.parent[rows]))]
        while True:
            poor = self._poor(rows)
            with_rest = poor & (self.rest > 0) & ~self.rest_hidden
            self.rest_hidden |= with_rest
            found = rows[~self.hidden[rows] & ~self.own[rows] & (poor & ~with_rest)[self.tree.parent[rows]]]
            if not len(found) and not with_rest.any():
                bare = poor & ~self.hidden & ~self.own
                self.hidden |= bare
                return not bare.any()
            # The first of each whole is its smallest.
            self.hidden[found[np.unique(self.tree.parent[found], return_index=True)[1]]] = True

    def _poor(self, rows: np.ndarray) -> np.ndarray:
        """Mask of the wholes of these places whose equation has too little unknown in it."""
        gone = rows[self.hidden[rows]]
        places = self._summed(gone, np.ones_like(self.counts)) + self.rest_hidden
        people = self._summed(gone, self.counts) + self.rest * self.rest_hidden
        loose = (self._summed(gone, self.loose) > 0) | (self.rest_hidden & (self.rest > 1))
        enough = (places >= 2) & (people >= SMALLEST_SHOWN) & loose
        wholes = np.zeros(len(self.counts), dtype=bool)
        wholes[self.tree.parent[rows]] = True
        return wholes & np.where(self.hidden, self.loose & ~loose, (places > 0) & ~enough)


def _is_small(counts: np.ndarray) -> np.ndarray:
    return (counts > 0) & (counts < SMALLEST_SHOWN)


def own_places(numbers: np.ndarray, access: Access) -> np.ndarray:
    """Mask of the places, given by the numbers of their codes, in which the reader works."""
    own = np.zeros(len(numbers), dtype=bool)
    for role, area in access.postings:
        if role in OWN_STAFF:
            low, high = range_of(area)
            own |= (numbers >= low) & (numbers < high)
    return own


_trees: LRUCache = LRUCache(64)
_lock = Lock()


def withheld_from(
    asked: Asked, counts: np.ndarray, areas: np.ndarray | None = None, scope: Scope | None = None
) -> np.ndarray:
    """Mask of the asked places whose count a reader must not see.

    `counts`: of people, beside `areas` (numbers of codes, ascending; `asked.kept.areas` where none are given). `scope`:
    where the reader sees such counts, on whatever layer; where persons are counted at all unless it is given.
    """
    seen = asked.access.which("people.count") if scope is None else scope
    sight = sight_of(asked, seen)
    summed = sight.summed(asked.kept.areas if areas is None else areas, counts)
    return withheld(sight.tree, summed, sight.own)[sight.rows]


@dataclass(frozen=True)
class Sight:
    """The tree a reader sees: `own` (n) where they work, `rows` where the asked places stand in it."""

    ground: dict[str, Places]
    tree: Tree
    own: np.ndarray
    rows: np.ndarray

    def summed(self, areas: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Counts of areas in every place of the tree."""
        return np.concatenate([self.ground[layer].rolled(areas, counts) for layer in reversed(LAYERS)])


def sight_of(asked: Asked, scope: Scope) -> Sight:
    ground = {layer: places.inside(scope) for layer, places in asked.ground.items()}
    with _lock:
        tree = _trees.get(key := tuple(places.mark for places in ground.values()))
    if tree is None:
        tree = Tree.of(ground)
        with _lock:
            _trees[key] = tree
    places = ground[asked.places.layer].numbers
    rows = tree.starts[asked.places.layer] + np.searchsorted(places, asked.places.numbers)
    return Sight(ground, tree, own_places(tree.numbers, asked.access), rows)
