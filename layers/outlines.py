"""A still drawing of some outlines as they are given, for a report: SVG paths with the kind of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.exchange.coverage import stretch

_WIDE = 1000
_EDGE = 20


@dataclass(frozen=True)
class Outline:
    name: str
    kind: str
    path: str
    at: tuple[int, int]  # where its name fits


@dataclass(frozen=True)
class Drawn:
    """`box` is the viewBox, 1,000 units wide."""

    box: str
    outlines: tuple[Outline, ...]


def draw_outlines(rows: Sequence[tuple[str, str, shapely.Geometry]]) -> Drawn | None:
    """Outlines in degrees, each with its name and kind, north above; None for none."""
    if not rows:
        return None
    shapes = stretch(np.array([shape for _, _, shape in rows], dtype=object))
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (_WIDE - 2 * _EDGE) / max(east - west, (north - south) / 1.5, 1)
    moved = shapely.transform(shapes, lambda xy: (xy - [west, north]) * [scale, -scale] + _EDGE)
    moved = shapely.simplify(moved, 0.5)
    high = round((north - south) * scale) + 2 * _EDGE
    places = shapely.get_coordinates(shapely.point_on_surface(moved)).round().astype(int).tolist()
    drawn = [
        Outline(name, kind, _path(shape), (x, y))
        for (name, kind, _), shape, (x, y) in zip(rows, moved, places, strict=True)
    ]
    return Drawn(f"0 0 {_WIDE} {high}", tuple(drawn))


def draw_within(shapes: Sequence[shapely.Geometry], place: int) -> Drawn | None:
    """One of several outlines in the frame of them all, the others faint behind it."""
    rows = [("", "faint", shape) for number, shape in enumerate(shapes) if number != place]
    return draw_outlines([*rows, ("", "goes_on", shapes[place])])


def _path(shape: shapely.Geometry) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    parts = ["M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in shapely.get_coordinates(ring)) + "Z" for ring in rings]
    return "".join(parts)
