"""Knitting: the shapes around some places get the same vertices there. Elsewhere not a digit changes."""

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gis.areas.repairing.fault import thickness

#: Ground thinner than this is what computing with floating point numbers leaves, metres.
NOTHING_M = 1e-6
#: A spike is no wider, metres.
_SPIKE_M = 1e-5
_ROUNDS = 4


def knit(shapes: np.ndarray, fixed: np.ndarray, places: np.ndarray, reach: float) -> np.ndarray:
    """Polygons (n, metres) with matching vertices within `reach` of `places` (shapes).

    A vertex near another one moves there: to one of a fixed shape, else to that which most shapes have. Where a border
    passes a vertex of another shape within reach, it gets that vertex. Fixed shapes only lend theirs.
    """
    places = np.asarray(places, dtype=object)
    if not len(places):
        return shapes
    rings = _Rings(shapes, places, reach)
    anchors, target = _anchors(rings, fixed, reach)
    rings.move(anchors, target, fixed)
    rings.smooth(anchors, fixed)
    for _ in range(_ROUNDS):
        if not rings.insert(anchors, reach, fixed):
            break
    return rings.shapes()


class _Rings:
    """The rings of some polygons, taken apart, and which of them come near a place."""

    def __init__(self, shapes: np.ndarray, places: np.ndarray, reach: float) -> None:
        self._shapes = shapes
        parts, self._part_owner = shapely.get_parts(shapes, return_index=True)
        rings, self._ring_part = shapely.get_rings(parts, return_index=True)
        self.owner = self._part_owner[self._ring_part]
        self._tree = shapely.STRtree(places)
        near = np.unique(self._tree.query(rings, predicate="dwithin", distance=reach)[0])
        self.near = {int(ring): shapely.get_coordinates(rings[ring]) for ring in near}
        self._rings = rings
        self._before = dict(self.near)
        self._reach = reach

    def vertices(self) -> tuple[np.ndarray, np.ndarray]:
        """The vertices near a place, and the row of their shape."""
        if not self.near:
            return np.empty((0, 2)), np.empty(0, dtype=int)
        xy = np.concatenate([one[:-1] for one in self.near.values()])
        owner = np.repeat([self.owner[ring] for ring in self.near], [len(one) - 1 for one in self.near.values()])
        inside = np.unique(self._tree.query(shapely.points(xy), predicate="dwithin", distance=self._reach)[0])
        return xy[inside], owner[inside]

    def move(self, anchors: np.ndarray, target: dict[tuple[float, float], int], fixed: np.ndarray) -> None:
        """Put the vertices on their anchors."""
        moving = {key: anchors[number] for key, number in target.items() if tuple(anchors[number]) != key}
        if not moving:
            return
        for ring, xy in self.near.items():
            if not fixed[self.owner[ring]]:
                self.near[ring] = _without_repeats(np.array([moving.get((x, y), (x, y)) for x, y in xy.tolist()]))

    def smooth(self, anchors: np.ndarray, fixed: np.ndarray) -> None:
        """Take out spikes at the anchors."""
        near = set(map(tuple, anchors.tolist()))
        for ring, xy in self.near.items():
            if not fixed[self.owner[ring]]:
                self.near[ring] = _without_spikes(xy, near)

    def insert(self, anchors: np.ndarray, reach: float, fixed: np.ndarray) -> bool:
        """Give every border the anchors it passes. Whether there was one."""
        changed = False
        tree = shapely.STRtree(shapely.points(anchors))
        for ring, xy in self.near.items():
            if not fixed[self.owner[ring]] and (wider := _with_passed(xy, anchors, tree, reach)) is not None:
                self.near[ring], changed = wider, True
        return changed

    def shapes(self) -> np.ndarray:
        """The polygons again: those whose rings did not change are the same objects."""
        changed = {ring for ring, xy in self.near.items() if not np.array_equal(xy, self._before[ring])}
        out = self._shapes.copy()
        for row in {int(self.owner[ring]) for ring in changed}:
            out[row] = self._rebuilt(row, changed)
        return out

    def _rebuilt(self, row: int, changed: set[int]) -> shapely.Geometry:
        parts = []
        for part in np.flatnonzero(self._part_owner == row):
            rings = []
            for ring in np.flatnonzero(self._ring_part == part):
                xy = self.near[ring] if ring in changed else shapely.get_coordinates(self._rings[ring])
                rings.append(xy)
            if len(rings[0]) >= 4:
                parts.append(shapely.Polygon(rings[0], [hole for hole in rings[1:] if len(hole) >= 4]))
        shape = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        return shape if shapely.is_valid(shape) else polygonal(shapely.make_valid(shape, method="structure"))


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of whatever an operation left, in one piece where there is one; what is less than a hair is none."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    parts = parts[shapely.get_type_id(parts) == 3]
    parts = [part for part in parts if thickness(part) > NOTHING_M]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _anchors(rings: _Rings, fixed: np.ndarray, reach: float) -> tuple[np.ndarray, dict[tuple[float, float], int]]:
    """The points that vertices gather on, and for each vertex which. No chain: a vertex moves at most `reach`."""
    xy, owner = rings.vertices()
    if not len(xy):
        return np.empty((0, 2)), {}
    points, number = np.unique(xy, axis=0, return_inverse=True)
    number = number.reshape(-1)
    users = np.bincount(number, minlength=len(points))
    held = np.bincount(number, fixed[owner], len(points)) > 0
    lowest = np.full(len(points), len(fixed))
    np.minimum.at(lowest, number, owner)
    near = cKDTree(points).query_ball_point(points, reach)
    at = np.full(len(points), -1)
    anchors: list[int] = []
    for point in np.lexsort((lowest, -users, ~held)):
        if at[point] < 0 or held[point]:
            at[[other for other in near[point] if at[other] < 0]] = len(anchors)
            at[point] = len(anchors)
            anchors.append(int(point))
    return points[anchors], {(x, y): int(a) for (x, y), a in zip(points.tolist(), at, strict=True)}


def _without_spikes(xy: np.ndarray, near: set[tuple[float, float]]) -> np.ndarray:
    """A ring without the vertices (of those near a place) to which it runs and back on the same line."""
    while len(xy) > 4:
        tip, before, after = xy[:-1], np.roll(xy[:-1], 1, axis=0), np.roll(xy[:-1], -1, axis=0)
        back = np.minimum(_off(before, tip, after), _off(after, tip, before)) < _SPIKE_M
        spikes = [number for number in np.flatnonzero(back) if tuple(tip[number].tolist()) in near]
        if not spikes:
            break
        xy = np.delete(tip, spikes[0], axis=0)
        xy = _without_repeats(np.vstack([xy, xy[:1]]))
    return xy


def _off(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of points from segments, row by row."""
    along, out = end - start, point - start
    length = np.einsum("ij,ij->i", along, along)
    share = np.clip(np.einsum("ij,ij->i", out, along) / np.where(length > 0, length, 1), 0, 1)
    return np.hypot(*(out - share[:, None] * along).T)


def _without_repeats(xy: np.ndarray) -> np.ndarray:
    return xy[np.append(True, (xy[1:] != xy[:-1]).any(axis=1))]


def _with_passed(xy: np.ndarray, anchors: np.ndarray, tree: shapely.STRtree, reach: float) -> np.ndarray | None:
    """A ring with the anchors that its segments pass, in their order; None where there is none."""
    if len(xy) < 4:
        return None
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    segment, anchor = tree.query(segments, predicate="dwithin", distance=reach)
    have = set(map(tuple, xy.tolist()))
    new = np.array([tuple(point) not in have for point in anchors[anchor].tolist()], dtype=bool)
    segment, anchor = segment[new], anchor[new]
    if not len(segment):
        return None
    point, start = anchors[anchor], xy[segment]
    along = xy[segment + 1] - start
    length = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", point - start, along) / np.where(length > 0, length, 1)
    off = np.hypot(*(start + share[:, None] * along - point).T)
    best = np.lexsort((off, anchor))  # an anchor goes into the segment that passes it nearest
    best = best[np.append(True, anchor[best][1:] != anchor[best][:-1])]
    best = best[(share[best] > 0) & (share[best] < 1)]
    if not len(best):
        return None
    order = best[np.lexsort((share[best], segment[best]))]
    return np.insert(xy, segment[order] + 1, point[order], axis=0)
