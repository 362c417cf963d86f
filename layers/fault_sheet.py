"""Boundaries and what is wrong with them as SVG: all of it, or a place up close. Pure."""

from collections.abc import Sequence

import numpy as np
import shapely

_WIDE, _HIGH = 800.0, 520.0


def draw_faults(
    shapes: np.ndarray, regions: Sequence[shapely.Geometry], labels: Sequence[str], title: str, look: int | None = None
) -> str:
    """Outlines in grey, faults in red with their number; `look`: the fault to be seen up close."""
    shapes = shapes[~shapely.is_missing(shapes)]
    around = np.array([regions[look]], dtype=object) if look is not None else shapes
    west, south, east, north = shapely.total_bounds(around)
    spare = max(east - west, north - south, 1.0) * (0.3 if look is not None else 0.02)
    west, south, east, north = west - spare, south - spare, east + spare, north + spare
    scale = min(_WIDE / (east - west), _HIGH / (north - south))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    reach = np.array([_WIDE, _HIGH]) / scale / 2
    frame = (*(middle - reach), *(middle + reach))

    def path(shape: shapely.Geometry) -> str:
        near = shapely.simplify(shapely.clip_by_rect(shape, *frame), 0.4 / scale)
        rings = shapely.get_rings(shapely.get_parts(shapely.get_parts([near])))
        lines = [(shapely.get_coordinates(ring) - middle) * [scale, -scale] + [_WIDE / 2, _HIGH / 2] for ring in rings]
        return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.tolist()) + "Z" for line in lines)

    grounds = "".join(f'<path d="{drawn}"/>' for shape in shapes if (drawn := path(shape)))
    marks = []
    for region, label in zip(regions, labels, strict=True):
        ((x, y),) = (shapely.get_coordinates(shapely.point_on_surface(region)) - middle) * [scale, -scale]
        x, y = x + _WIDE / 2, y + _HIGH / 2
        if 0 <= x <= _WIDE and 0 <= y <= _HIGH:
            drawn = path(region)
            marks.append(f'<path class="fault-ground" d="{drawn}"/>' if drawn else "")
            marks.append(
                f'<circle class="fault-mark" cx="{x:.1f}" cy="{y:.1f}" r="9"/>'
                f'<text x="{x:.1f}" y="{y + 4:.1f}">{label}</text>'
            )
    return (
        f'<svg class="fault-map" viewBox="0 0 {_WIDE:g} {_HIGH:g}" role="img" aria-label="{title}">'
        f'<g class="fault-shapes">{grounds}</g>{"".join(marks)}</svg>'
    )
