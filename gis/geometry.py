"""Shapes: repairing, judging and comparing them. Pure functions over arrays of Shapely geometries.

Lengths and areas are in the unit of the coordinates, so callers bring shapes in metres (`crs.metric`) where a
number matters, and say so.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _

#: A repair that changes more of the area than this is not a repair but a guess.
SAFE_CHANGE = 0.01


@dataclass(frozen=True)
class Repaired:
    """The outcome of `repair`, row by row."""

    shapes: np.ndarray  # MultiPolygon, or None where nothing usable was there
    repaired: np.ndarray  # bool: the ring crossed or touched itself, and was put right
    flattened: np.ndarray  # bool: heights were dropped
    problem: np.ndarray  # object: "" where the shape is usable


def repair(shapes: np.ndarray) -> Repaired:
    """Polygons as valid two-dimensional MultiPolygons, with what had to be done and what could not be.

    A ring that crosses itself is rebuilt by GEOS's *structure* method. The result is kept only if its area is
    within 1 % of what the ring enclosed by the shoelace formula: a bow-tie fails that, a kink passes.
    """
    shapes = np.asarray(shapes, dtype=object)
    flattened = shapely.has_z(shapes)
    flat = shapely.force_2d(shapes)
    problem = _unusable(flat)
    sound = problem == ""
    broken = sound & ~shapely.is_valid(flat)
    fixed = flat.copy()
    fixed[broken] = [_polygons(shape) for shape in shapely.make_valid(flat[broken], method="structure")]
    problem[broken & (change_of_area(flat, fixed) > SAFE_CHANGE)] = _("边界自相交，面积无法确定")
    problem[sound & (shapely.area(fixed) == 0)] = _("边界没有围出面积")
    good = problem == ""
    fixed[good] = as_multipolygons(fixed[good])
    fixed[~good] = None
    return Repaired(fixed, broken & good, flattened & good, problem)


def only(shapes: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The shapes of a mask, None elsewhere (object array)."""
    out = np.full(len(shapes), None, dtype=object)
    out[kept] = shapes[kept]
    return out


def _unusable(shapes: np.ndarray) -> np.ndarray:
    problem = np.full(len(shapes), "", dtype=object)
    kinds = shapely.get_type_id(shapes)
    problem[~np.isin(kinds, (3, 6, 7))] = _("图形不是面")
    problem[(problem == "") & _has_odd_number(shapes)] = _("坐标不是数字")
    problem[shapely.is_empty(shapes) | shapely.is_missing(shapes)] = _("缺少图形或图形为空")
    return problem


def _has_odd_number(shapes: np.ndarray) -> np.ndarray:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    odd = np.zeros(len(shapes), dtype=bool)
    odd[owner[~np.isfinite(xy).all(axis=1)]] = True
    return odd


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygonal part of whatever a repair left over."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return shapely.MultiPolygon([part for part in parts if shapely.get_type_id(part) == 3])


def as_multipolygons(shapes: np.ndarray) -> np.ndarray:
    """Polygons, MultiPolygons and collections of them as MultiPolygons (object array)."""
    shapes = np.asarray(shapes, dtype=object)
    many = shapely.get_type_id(shapes) == 6
    if many.all():
        return shapes
    out = shapes.copy()
    parts, owner = shapely.get_parts(shapes[~many], return_index=True)
    if (shapely.get_type_id(parts) == 6).any():  # a collection of MultiPolygons
        deeper, within = shapely.get_parts(parts, return_index=True)
        parts, owner = deeper, owner[within]
    polygonal = shapely.get_type_id(parts) == 3
    out[~many] = shapely.multipolygons(parts[polygonal], indices=owner[polygonal], out=np.empty((~many).sum(), object))
    return out


def change_of_area(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Share by which the area differs from what the rings enclose by the shoelace formula (0 = same)."""
    old, new = shapely.area(before), shapely.area(after)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.abs(new - old) / np.maximum(old, new)
    return np.nan_to_num(share, nan=0.0)


@dataclass(frozen=True)
class Overlap:
    """Two shapes, by their index, and the ground both claim."""

    first: int
    second: int
    area: float


def overlaps(shapes: np.ndarray, smallest: float = 0.0) -> list[Overlap]:
    """Every pair that shares more than `smallest` of area, the largest first."""
    shapes = np.asarray(shapes, dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    area = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    found = [Overlap(int(i), int(j), float(a)) for i, j, a in zip(first, second, area, strict=True) if a > smallest]
    return sorted(found, key=lambda overlap: -overlap.area)


def gaps(shapes: np.ndarray, smallest: float = 0.0, widest_opening: float = 0.0) -> np.ndarray:
    """The holes that the shapes leave between them, as polygons, the largest first.

    A sliver that is open to the outside counts too when its mouth is narrower than `widest_opening`.
    """
    whole = shapely.union_all(np.asarray(shapes, dtype=object))
    closed = whole
    if widest_opening > 0:
        half = widest_opening / 2
        closed = shapely.buffer(shapely.buffer(whole, half, join_style="mitre"), -half, join_style="mitre")
    rings = shapely.get_rings(shapely.get_parts(closed))
    filled = shapely.union_all(shapely.polygons(rings)) if len(rings) else closed
    missing = shapely.get_parts(shapely.difference(filled, whole))
    missing = missing[(shapely.get_type_id(missing) == 3) & (shapely.area(missing) > smallest)]
    return missing[np.argsort(-shapely.area(missing))]


def uncovered(whole: shapely.Geometry, parts: np.ndarray) -> tuple[float, float]:
    """Area of `whole` that no part covers, and area of the parts that sticks out of it."""
    union = shapely.union_all(np.asarray(parts, dtype=object))
    return (
        float(shapely.area(shapely.difference(whole, union))),
        float(shapely.area(shapely.difference(union, whole))),
    )


def robust_distance(xy: np.ndarray) -> np.ndarray:
    """How far each point (n × 2, a plane) lies from the bulk, in robust standard deviations.

    Distance from the axis-wise median, over the deviation of a round normal cloud with the same median distance
    (the median of a Rayleigh distribution is 1.1774 deviations). Zero everywhere when half the points coincide.
    """
    distance = np.hypot(*(xy - np.nanmedian(xy, axis=0)).T)
    deviation = np.nanmedian(distance) / 1.1774
    return distance / deviation if deviation > 0 else np.zeros(len(xy))
