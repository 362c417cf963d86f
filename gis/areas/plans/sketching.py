"""A small picture of a drawing: each cell an outline in a few pixels."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.tiles import dissolve


@dataclass(frozen=True)
class Sketch:
    """`paths` are SVG paths, `numbers` the cell of each (0: nobody's ground), in a box `width` × `height`."""

    width: int
    height: int
    numbers: list[int]
    paths: list[str]


def sketch(shapes: np.ndarray, number: np.ndarray, most: int = 160) -> Sketch:
    """Of shapes in metres that cover without overlap; `number` is the cell of each. The longer side is `most` long."""
    if not len(shapes):
        return Sketch(most, most, [], [])
    numbers, group = np.unique(number, return_inverse=True)
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (most - 2) / max(east - west, north - south, 1e-9)
    outlines = dissolve(shapes, group)
    if len(outlines) > 1:
        outlines = shapely.coverage_simplify(outlines, 0.6 / scale)
    placed = shapely.transform(outlines, lambda xy: np.column_stack([xy[:, 0] - west, north - xy[:, 1]]) * scale + 1)
    width, height = ((np.array([east - west, north - south]) * scale) + 2).round().astype(int).tolist()
    return Sketch(width, height, numbers.tolist(), [path(one) for one in placed])


def path(shape: shapely.Geometry, digits: int = 1) -> str:
    """The rings of a polygon as an SVG path; what they have in common is a hole (fill-rule evenodd)."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_ring(shapely.get_coordinates(ring)[:-1], digits) for ring in rings)


def trace(line: shapely.Geometry, digits: int = 1) -> str:
    """A line as an SVG path."""
    rounded = np.round(shapely.get_coordinates(line), digits)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in rounded.tolist())


def _ring(xy: np.ndarray, digits: int) -> str:
    return trace(shapely.LineString(xy), digits) + "Z"
