"""Counts of buildings made coarse before anything is summed: no sum and no difference of sums tells of one building.

What is counted (open incidents, visits that are due) is told of groups of buildings only, each with five buildings and
five of what is counted or more, and shared out evenly in the group. So a plan cell of a single tile shows its group's
average, whoever draws it.

The groups are nodes of one fixed tree, halves of halves of the globe, within a community. Two plans, of one day or of
two, of the community or of its street, therefore have groups that are the same or lie in one another: what differs
between them is the same for every building of the smaller group, which is never less than five.
"""

import numpy as np
from scipy.spatial import cKDTree

#: The least that is told, of buildings and of what is counted; a community with fewer (but some) counts as `_SAY`.
LEAST, _SAY = 5, 3
#: Halvings of the globe at most: a quarter of a metre.
_DEEPEST = 54


def coarse(place: np.ndarray, community: np.ndarray, count: np.ndarray) -> np.ndarray:
    """A share for each building of what is counted. `place`: longitude and latitude, n × 2; `community`: codes."""
    found = np.zeros(len(count))
    key = _keys(place)
    for code in np.unique(community):
        rows = np.flatnonzero(community == code)
        total = count[rows].sum()
        if 0 < total < LEAST:
            found[rows] = _SAY / len(rows)
        elif total:
            rows = rows[np.argsort(key[rows], kind="stable")]
            for group in _groups(key[rows], count[rows]):
                found[rows[group]] = count[rows[group]].sum() / (group.stop - group.start)
    return found


def nearest(points: np.ndarray, community: np.ndarray, place: np.ndarray, of_building: np.ndarray) -> np.ndarray:
    """How many of the points lie nearest to each building of their own community; points without any are left out."""
    count = np.zeros(len(place))
    for code in np.unique(community):
        rows = np.flatnonzero(of_building == code)
        if len(rows):
            np.add.at(count, rows[cKDTree(place[rows]).query(points[community == code])[1]], 1)
    return count


def _groups(key: np.ndarray, count: np.ndarray) -> list[slice]:
    """Parts of sorted keys, each as small as may be told."""
    found, before = [], np.append(0, np.cumsum(count))
    waiting = [(0, len(key), _DEEPEST - 1)]
    while waiting:
        low, high, bit = waiting.pop()
        middle = low
        while bit >= 0 and middle in (low, high):  # a halving with all on one side is none
            middle = low + int(np.searchsorted((key[low:high] >> np.uint64(bit)) & np.uint64(1), 1))
            bit -= 1
        sides = [(low, middle), (middle, high)]
        if all(b - a >= LEAST and before[b] - before[a] >= LEAST for a, b in sides):
            waiting += [(a, b, bit) for a, b in sides]
        else:
            found.append(slice(low, high))
    return found


def _keys(place: np.ndarray) -> np.ndarray:
    """Where a place lies in the tree: the bits of longitude and latitude in turn."""
    half = _DEEPEST // 2
    scaled = np.add(np.reshape(place, (-1, 2)), (180, 90)) / (360, 180)
    whole = np.clip(scaled * 2**half, 0, 2**half - 1).astype(np.uint64)
    key = np.zeros(len(whole), dtype=np.uint64)
    for bit in range(half):
        for axis in (0, 1):
            one = (whole[:, axis] >> np.uint64(bit)) & np.uint64(1)
            key |= one << np.uint64(2 * bit + 1 - axis)
    return key
