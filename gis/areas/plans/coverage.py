"""Whether the tiles of a drawing cover its outline: no gap, no overlap, nothing lost."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.drawing import Drawing
from gis.areas.plans.tiles import GRID_M

#: Where a line meets the outline the new corner may lie half a step of the grid beside it, and again at a later cut. A
#: difference from the outline that is nowhere wider than this is none, metres.
_DRIFT_M = 5 * GRID_M


@dataclass(frozen=True)
class Faults:
    """All in m²; exactly 0 where there is no fault."""

    gap_m2: float  # holes between tiles, however narrow
    overlap_m2: float  # ground of two tiles
    lost_m2: float  # ground of the outline beyond the tiles, or of tiles beyond the outline

    @property
    def total_m2(self) -> float:
        return self.gap_m2 + self.overlap_m2 + self.lost_m2


def coverage_faults(drawing: Drawing, outline: shapely.Geometry) -> Faults:
    """The three checks: borders match edge by edge, no hole, the same ground as the outline (metres).

    The first alone misses ground that is lost at the outer border.
    """
    return faults_of(drawing.shapes, outline)


def faults_of(shapes: np.ndarray, outline: shapely.Geometry) -> Faults:
    """The same of any polygons."""
    outline = shapely.set_precision(outline, GRID_M)
    matched = bool(shapely.coverage_is_valid(shapes))
    union = shapely.coverage_union_all(shapes) if matched else shapely.union_all(shapes, grid_size=GRID_M)
    overlap = 0.0 if matched else _overlap(shapes)
    holes = _holes(union)
    open_ = shapely.intersects(outline, shapely.point_on_surface(holes))
    gaps = holes[open_]
    whole = shapely.union_all([union, *gaps], grid_size=GRID_M)
    apart = shapely.symmetric_difference(whole, outline, grid_size=GRID_M)
    return Faults(float(shapely.area(gaps).sum()), overlap, _wide(apart))


def _holes(union: shapely.Geometry) -> np.ndarray:
    rings, part = shapely.get_rings(shapely.get_parts(union), return_index=True)
    inner = np.append([False], part[1:] == part[:-1])[: len(rings)]
    return shapely.polygons(rings[inner])


def _overlap(shapes: np.ndarray) -> float:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    return float(shapely.area(shapely.intersection(shapes[one[pairs]], shapes[other[pairs]])).sum())


def _wide(apart: shapely.Geometry) -> float:
    parts = shapely.get_parts(apart)
    parts = parts[shapely.get_dimensions(parts) == 2]
    return float(shapely.area(parts[~shapely.is_empty(shapely.buffer(parts, -_DRIFT_M / 2, quad_segs=1))]).sum())
