"""Borders between tiles made as straight as the walls allow.

A Voronoi ridge of points along two walls zigzags where the points do not stand opposite each other: it is longer than
need be, and between two houses that share a wall it runs in and out of both.
"""

import numpy as np
import shapely
from scipy.spatial import cKDTree

#: How far a border may move to be straighter, metres: the most first, less where it would cut more off a house.
_ALLOWED_M = (6.0, 3.0, 1.0)
#: A border keeps so far from walls that it did not touch before, metres: more than rounding to the grid moves it.
_CLEAR_M = 0.01
#: What it may take more from a house that it cut already, m².
_MORE_M2 = 0.5


def straightened(ridges: np.ndarray, footprints: np.ndarray, points: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Ridges (LineStrings) as one line from junction to junction each, that cuts no house it did not cut before.

    `points` and `owner`: the walls that the ridges part. Junctions, and ends on the edge of an enclosure, stay.
    """
    parts = shapely.get_parts(ridges)
    if not len(parts):
        return parts
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])))
    waiting = np.flatnonzero(shapely.get_num_points(lines) > 2)
    houses, owner = np.unique(owner, return_inverse=True)
    grown = shapely.buffer(footprints[houses], _CLEAR_M, join_style="mitre")
    walls = cKDTree(points)
    beside = owner[walls.query(_on(lines[waiting]), k=2)[1]]
    most = np.where(shapely.crosses(lines[waiting][:, None], grown[beside]), _MORE_M2, 0.0)
    for metres in _ALLOWED_M:
        tried = shapely.simplify(lines[waiting], metres, preserve_topology=False)
        good = (_lost(lines[waiting], tried, beside, grown, walls, owner) <= most).all(axis=1)
        lines[waiting[good]] = tried[good]
        waiting, beside, most = waiting[~good], beside[~good], most[~good]
    return lines


def _on(lines: np.ndarray) -> np.ndarray:
    """A point of each line, in the middle of its first segment: the walls nearest to it are those that it parts."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(len(lines)))
    return (xy[first] + xy[first + 1]) / 2


def _lost(lines, tried, beside, houses: np.ndarray, walls: cKDTree, owner: np.ndarray) -> np.ndarray:
    """What each line cuts off the houses beside it (n × 2, m²) when it runs as tried, beyond what it does."""
    loops, line = shapely.get_parts(shapely.polygonize(shapely.union(lines, tried)[:, None]), return_index=True)
    before = owner[walls.query(shapely.get_coordinates(shapely.point_on_surface(loops)))[1]]
    second = (beside[line, 0] != before).astype(int)
    lost, won = _common(loops, houses[before]), _common(loops, houses[beside[line, 1 - second]])
    net = np.bincount(2 * line + second, lost, 2 * len(lines)) - np.bincount(2 * line + 1 - second, won, 2 * len(lines))
    return net.reshape(-1, 2)


def _common(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The area in which each lies over its other, m²."""
    one, other = shapely.bounds(some), shapely.bounds(others)
    near = (one[:, :2] < other[:, 2:]).all(axis=1) & (other[:, :2] < one[:, 2:]).all(axis=1)
    found = np.zeros(len(some))
    found[near] = shapely.area(shapely.intersection(some[near], others[near]))
    return found
