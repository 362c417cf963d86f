"""Which shape each of many points lies in, exactly, for whole columns at once.

A raster of bins is laid over the shapes. Most bins lie wholly inside one shape: a point in one is answered by looking
it up. In the others the point's crossing number is counted, over those edges of the candidates that reach the bin's
row. Signs that floating point cannot be sure of (Shewchuk's bound, "Adaptive Precision Floating-Point Arithmetic and
Fast Robust Geometric Predicates", 1997) are left to GEOS, so the answer is that of its `intersects`, for any point.
"""

import numpy as np
import shapely

NOWHERE = -1
#: Bins for each shape: more make the index slower to build and the points faster to find.
BINS_A_SHAPE = 100
_MOST_BINS = 16_000_000
_CHUNK = 1 << 17  # points at a time: what they need stays in the processor's cache
_UNSURE = 4e-16  # of |left| + |right|; Shewchuk's ccwerrboundA is 3.33e-16
_SLACK = 1e-6  # of a bin: an edge's bins are listed generously, since where it crosses a row is rounded


class Locator:
    """An index over valid polygons and multipolygons (object array; None and empty ones hold nothing).

    Coordinates in any plane unit, degrees included; those of the points are the same.
    """

    def __init__(self, shapes: np.ndarray, bins_a_shape: float = BINS_A_SHAPE):
        self.shapes = np.asarray(shapes, dtype=object)
        self._read_edges()
        if len(self._owner):
            self._lay_raster(bins_a_shape)
            self._list_edges_by_row()
            self._list_candidates()
            self._fill()

    def find(self, xy: np.ndarray) -> np.ndarray:
        """Index of the first shape that holds or touches each point (n × 2), NOWHERE where none does (int64).

        Shapes in ascending order of their codes make that the lowest code (design decision 7).
        """
        xy = np.asarray(xy, dtype=float).reshape(-1, 2)
        found = np.full(len(xy), NOWHERE, dtype=np.int64)
        for start in range(0, len(xy) if len(self._owner) else 0, _CHUNK):
            self._find_some(xy[start : start + _CHUNK], found[start : start + _CHUNK])
        return found

    def _read_edges(self) -> None:
        polygons, whose = shapely.get_parts(self.shapes, return_index=True)
        rings, polygon = shapely.get_rings(polygons, return_index=True)
        owner = whose[polygon]
        points, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[1:] == ring[:-1]
        self._from, self._to = points[:-1][same], points[1:][same]
        self._owner = owner[ring[:-1][same]] if len(points) else np.empty(0, dtype=np.int64)

    def _lay_raster(self, bins_a_shape: float) -> None:
        low, high = self._from.min(axis=0), self._from.max(axis=0)
        width, height = np.maximum(high - low, 1e-12)
        covered = min(
            max(shapely.area(self.shapes[~shapely.is_missing(self.shapes)]).sum() / (width * height), 0.01), 1
        )
        bins = min(max(len(self.shapes) * bins_a_shape / covered, 1), _MOST_BINS)  # most may lie between the shapes
        self._columns = int(min(max(np.sqrt(bins * width / height), 1), bins))
        self._rows = int(max(bins / self._columns, 1))
        self._low, self._high = low, high
        self._bins_a_unit = np.array([self._columns / width, self._rows / height])

    def _bin_of(self, values: np.ndarray, axis: int) -> np.ndarray:
        """Column (axis 0) or row (1) of coordinates; rises with them, so a point's bin lies between its edge's ends."""
        last = (self._columns, self._rows)[axis] - 1
        place = (values - self._low[axis]) * self._bins_a_unit[axis]
        return np.clip(place, 0, last).astype(np.int64)

    def _list_edges_by_row(self) -> None:
        """The edges of each shape in each row: `_edge[_row_start[k] : _row_start[k + 1]]`, k = `_first_slot` + row."""
        rows = np.sort(np.column_stack([self._bin_of(self._from[:, 1], 1), self._bin_of(self._to[:, 1], 1)]), axis=1)
        edge, row = _spread(rows[:, 0], rows[:, 1])
        top, bottom = np.full(len(self.shapes), -1), np.full(len(self.shapes), self._rows)
        np.minimum.at(bottom, self._owner, rows[:, 0])
        np.maximum.at(top, self._owner, rows[:, 1])
        heights = np.maximum(top - bottom + 1, 0)
        self._first_slot = np.cumsum(heights) - heights - bottom
        slot = self._first_slot[self._owner[edge]] + row
        order = np.argsort(slot, kind="stable")
        self._edge, self._edge_row = edge[order], row[order]
        self._row_start = np.concatenate([[0], np.cumsum(np.bincount(slot, minlength=heights.sum()))])

    def _list_candidates(self) -> None:
        """The shapes with an edge in each bin: `_candidate[_start[bin] : _start[bin + 1]]`, ascending."""
        row, edge = self._edge_row, self._edge
        low, high = self._in_row(edge, row)
        pair, column = _spread(self._bin_of(low, 0), self._bin_of(high, 0))
        key = (row[pair] * self._columns + column) * len(self.shapes) + self._owner[edge[pair]]
        key = _unique(key)
        bins, self._candidate = np.divmod(key, len(self.shapes))
        self._pairs = key
        counts = np.bincount(bins, minlength=self._rows * self._columns)
        self._start = np.concatenate([[0], np.cumsum(counts)])
        self._border = counts > 0

    def _in_row(self, edge: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest x of each edge within its row, a little generously."""
        (x1, y1), (x2, y2) = self._from[edge].T, self._to[edge].T
        ends = (
            self._low[1] + np.array([-_SLACK, 1 + _SLACK])[:, None] / self._bins_a_unit[1] + row / self._bins_a_unit[1]
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.clip((ends - y1) / (y2 - y1), 0, 1)
        cut = np.where(y1 == y2, np.array([x1, x2]), x1 + at * (x2 - x1))
        slack = _SLACK / self._bins_a_unit[0]
        return cut.min(axis=0) - slack, cut.max(axis=0) + slack

    def _fill(self) -> None:
        """The first shape that holds each bin wholly: found where each row's middle line enters and leaves it."""
        middle = self._low[1] + (self._edge_row + 0.5) / self._bins_a_unit[1]
        (x1, y1), (x2, y2) = self._from[self._edge].T, self._to[self._edge].T
        met = (y1 <= middle) != (y2 <= middle)
        x1, y1, x2, y2, middle = x1[met], y1[met], x2[met], y2[met], middle[met]
        row, owner = self._edge_row[met], self._owner[self._edge[met]]
        x = x1 + (middle - y1) / (y2 - y1) * (x2 - x1)
        order = np.lexsort((x, owner * self._rows + row))
        place = (x[order] - self._low[0]) * self._bins_a_unit[0] - 0.5  # in bins, from the first one's centre
        first = np.clip(np.ceil(place[::2]), 0, self._columns).astype(np.int64)
        last = np.clip(np.floor(place[1::2]), -1, self._columns - 1).astype(np.int64)
        span, column = _spread(first, last)
        bins, shape = row[order][::2][span] * self._columns + column, owner[order][::2][span]
        whole = ~self._border[bins]
        doubtful = np.flatnonzero(~whole)
        keys = bins[doubtful] * len(self.shapes) + shape[doubtful]
        place = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        whole[doubtful] = self._pairs[place] != keys  # none of its own edges comes into the bin: it holds it wholly
        del self._pairs
        self._whole = np.full(self._rows * self._columns, len(self.shapes), dtype=np.int32)
        self._whole[bins[whole][::-1]] = shape[whole][::-1]  # spans ascend by shape; the last to be written stays

    def _find_some(self, xy: np.ndarray, found: np.ndarray) -> None:
        with np.errstate(invalid="ignore"):
            inside = np.flatnonzero(((xy >= self._low) & (xy <= self._high)).all(axis=1))
        x, y = xy[inside].T
        row = self._bin_of(y, 1)
        bins = row * self._columns + self._bin_of(x, 0)
        best = self._whole[bins].astype(np.int64)
        near = np.flatnonzero(self._border[bins])
        which, place = _spread(self._start[bins[near]], self._start[bins[near] + 1] - 1)
        point, shape = near[which], self._candidate[place]
        held = self._holds(shape, x[point], y[point], row[point])
        np.minimum.at(best, point[held], shape[held])
        found[inside] = np.where(best == len(self.shapes), NOWHERE, best)

    def _holds(self, shape: np.ndarray, x: np.ndarray, y: np.ndarray, row: np.ndarray) -> np.ndarray:
        """Whether each shape holds or touches the point beside it, row by row."""
        slot = self._first_slot[shape] + row
        pair, place = _spread(self._row_start[slot], self._row_start[slot + 1] - 1)
        edge = self._edge[place]
        above_from, above_to = self._from[edge, 1] - y[pair], self._to[edge, 1] - y[pair]
        reached = np.flatnonzero((np.minimum(above_from, above_to) <= 0) & (np.maximum(above_from, above_to) >= 0))
        pair, edge, above_from, above_to = pair[reached], edge[reached], above_from[reached], above_to[reached]
        beside_from, beside_to = self._from[edge, 0] - x[pair], self._to[edge, 0] - x[pair]
        left, right = beside_from * above_to, beside_to * above_from
        side = left - right
        crossed = ((above_from > 0) != (above_to > 0)) & ((side > 0) == (above_to > 0))
        held = np.bincount(pair[crossed], minlength=len(shape)) % 2 == 1
        unsure = np.abs(side) <= _UNSURE * (np.abs(left) + np.abs(right))
        unsure &= (np.minimum(beside_from, beside_to) <= 0) & (np.maximum(beside_from, beside_to) >= 0)
        # On an upright or level edge, corners included, differences are exact: the point touches it for certain.
        exact = (beside_from == beside_to) | (above_from == above_to)
        exact |= (beside_from == 0) & (above_from == 0) | (beside_to == 0) & (above_to == 0)
        touched = pair[unsure & exact]
        again = np.setdiff1d(pair[unsure & ~exact], touched)
        held[touched] = True
        held[again] = shapely.intersects_xy(self.shapes[shape[again]], x[again], y[again])
        return held


def _spread(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every whole number from `first` to `last`, both included, with the index of the range it is of."""
    counts = np.maximum(last - first + 1, 0)
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts - first, counts)


def _unique(keys: np.ndarray) -> np.ndarray:
    keys = np.sort(keys)
    return keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
