"""The same person twice in one sheet: rows that are one, in groups, and rows of which somebody should say so.

A chain of likely pairs may join what cannot be one (A like B, B like C, and A and C have different numbers). So a group
is sure only if each of its pairs that was compared may be one person; otherwise all of it is looked at.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.people.matching.deciding import NEW, SURE
from gis.people.matching.description import Description
from gis.people.matching.estimating import learn
from gis.people.matching.pairing import pair
from gis.people.matching.reading import Table, sides
from gis.people.matching.weighing import ratios

#: Of the rows of a sheet, at most so many are believed to repeat another one.
_MOST_REPEATED = 0.2


@dataclass(frozen=True)
class Repeats:
    """`group` numbers the groups: rows of one number are one person, in the order of their first rows. `doubtful` are
    pairs (rows of two columns, likeliest first) that may be one, with their `probability` and `levels`."""

    group: np.ndarray
    doubtful: np.ndarray
    probability: np.ndarray
    levels: np.ndarray

    @property
    def people(self) -> int:
        return int(self.group.max(initial=-1)) + 1


def find_repeats(rows: Table, description: Description) -> Repeats:
    """Compare a sheet with itself."""
    both = sides(rows, None, description)
    pairs = pair(both)
    levels = both.compare(pairs.one, pairs.other)
    model, common = learn(both, pairs, levels)
    share = min(model.known_share, _MOST_REPEATED) / model.population
    weight = ratios(both, model, common, pairs.one, levels) + np.log(share)
    chance = 1 / (1 + np.exp(-np.clip(weight, -500, 500)))
    may, seen = description.may_be_sure(levels), description.must_be_seen(levels)
    one = (chance >= SURE) & may & ~seen
    one &= ~_broken(pairs.one, pairs.other, one, ~may | seen, both.asked)
    group = _groups(pairs.one[one], pairs.other[one], both.asked)
    doubtful = np.flatnonzero(((chance >= NEW) | seen) & (group[pairs.one] != group[pairs.other]))
    doubtful = doubtful[np.argsort(-chance[doubtful], kind="stable")]
    found = np.column_stack([pairs.one[doubtful], pairs.other[doubtful]])
    return Repeats(group, found, chance[doubtful], levels[doubtful])


def _broken(one: np.ndarray, other: np.ndarray, joined: np.ndarray, apart: np.ndarray, rows: int) -> np.ndarray:
    """Which pairs lie in a group that holds a pair which cannot be one person."""
    group = _groups(one[joined], other[joined], rows)
    inside = apart & (group[one] == group[other])
    return np.isin(group[one], group[one[inside]])


def _groups(one: np.ndarray, other: np.ndarray, rows: int) -> np.ndarray:
    """Connected rows have one number, counted from the first row on."""
    if not rows:
        return np.zeros(0, np.int64)
    joined = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(rows, rows))
    found = connected_components(joined, directed=False)[1]
    _, first, again = np.unique(found, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[again]
