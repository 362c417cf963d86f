"""Adding and taking away ground by its borders alone: nothing is computed, so nothing is rounded.

Where the vertices match, a common border of two shapes is the same segment in opposite directions: joining them is
leaving it out. GEOS's overlay falls back to snapping on hard cases and then moves vertices far from the place in hand.
"""

from collections.abc import Sequence

import numpy as np
import shapely

#: Areas that differ by less are the same, m².
_SAME_M2 = 1e-4


def combined(
    shape: shapely.Geometry, won: Sequence[shapely.Geometry], lost: Sequence[shapely.Geometry]
) -> shapely.Geometry:
    """A polygon with some ground beside it and without some inside it; empty where nothing is left.

    Vertices should match. Where they do not, the overlay of GEOS does it, as well as it can.
    """
    edges = _edges([shape, *won], list(lost))
    wanted = shapely.area(shape) + sum(map(shapely.area, won)) - sum(map(shapely.area, lost))
    result = _assembled(edges)
    if abs(shapely.area(result) - wanted) <= _SAME_M2 and shapely.is_valid(result):
        return result
    more = shapely.union_all([shape, *won]) if won else shape
    return shapely.difference(more, shapely.union_all(list(lost))) if lost else more


def _edges(plus: list, minus: list) -> np.ndarray:
    """The directed segments (k × 4) that bound the result, ground on their left."""
    added, taken = _directed(plus), _directed(minus)
    edges = np.concatenate([added, taken[:, [2, 3, 0, 1]]])
    swapped = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    plain = np.where(swapped[:, None], edges[:, [2, 3, 0, 1]], edges)
    unique, number = np.unique(plain, axis=0, return_inverse=True)
    turns = np.bincount(number.reshape(-1), np.where(swapped, -1, 1), len(unique)).astype(int)
    return np.concatenate([unique[turns > 0], unique[turns < 0][:, [2, 3, 0, 1]]])


def _directed(shapes: list) -> np.ndarray:
    """Every segment of polygons, their ground on its left."""
    if not shapes:
        return np.empty((0, 4))
    parts = shapely.orient_polygons(shapely.get_parts(np.array(shapes, dtype=object)), exterior_cw=False)
    xy, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    along = ring[1:] == ring[:-1]
    edges = np.column_stack([xy[:-1], xy[1:]])[along]
    return edges[(edges[:, :2] != edges[:, 2:]).any(axis=1)]


def _assembled(edges: np.ndarray) -> shapely.Geometry:
    """The polygons that directed segments bound: of the faces between them those that lie on their left."""
    if not len(edges):
        return shapely.Polygon()
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(edges.reshape(-1, 2, 2))))
    faces = shapely.orient_polygons(faces, exterior_cw=False)
    have = set(map(tuple, edges.tolist()))
    inside = [face for face in faces if _on_the_left(face, have)]
    return shapely.coverage_union_all(inside) if inside else shapely.Polygon()


def _on_the_left(face: shapely.Geometry, have: set[tuple]) -> bool:
    """Whether most of a face's border runs as the segments do."""
    xy = shapely.get_coordinates(shapely.get_exterior_ring(face))
    steps = np.column_stack([xy[:-1], xy[1:]])
    length = np.hypot(*(xy[1:] - xy[:-1]).T)
    along = np.array([tuple(step) in have for step in steps.tolist()])
    return bool(length[along].sum() > length[~along].sum())
