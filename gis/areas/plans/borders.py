"""Which shapes of a coverage touch along a line, and for how long."""

from dataclasses import dataclass

import numpy as np
import shapely


@dataclass(frozen=True)
class Borders:
    """The segments that two shapes of an edge-matched coverage have in common: one row a segment."""

    first: np.ndarray  # int, the lower row of the two shapes
    second: np.ndarray  # int
    start: np.ndarray  # k × 2, metres
    end: np.ndarray  # k × 2

    @property
    def length(self) -> np.ndarray:
        return np.hypot(*(self.end - self.start).T)


def borders(shapes: np.ndarray) -> Borders:
    """The common segments of polygons whose vertices match exactly, as polygons of one noded line work do."""
    start, end, owner = segments(shapes)
    xy = np.concatenate([start, end])
    _, number = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    one, other = np.split(number, 2)
    key = np.minimum(one, other) * (number.max(initial=0) + 1) + np.maximum(one, other)
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    here, there = order[twin], order[twin + 1]
    apart = owner[here] != owner[there]
    here, there = here[apart], there[apart]
    pair = np.sort(np.column_stack([owner[here], owner[there]]), axis=1)
    return Borders(pair[:, 0], pair[:, 1], start[here], end[here])


def segments(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every segment of the rings: start and end (k × 2) and the row of its shape."""
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return xy[:-1][same], xy[1:][same], part_owner[ring_owner][ring[:-1][same]]


def sums(first: np.ndarray, second: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs, each once, in order, and the sum of their values (k or k × m)."""
    if not len(first):
        return first, second, values
    pairs, place = np.unique(np.column_stack([first, second]), axis=0, return_inverse=True)
    total = np.zeros((len(pairs), *values.shape[1:]))
    np.add.at(total, place.ravel(), values)
    return pairs[:, 0], pairs[:, 1], total
