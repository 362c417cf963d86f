"""How well areas of one level fit together: overlaps and gaps in square metres, as sentences for the report."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon

from gis.areas.area import Area
from gis.geometry import gaps, overlaps

#: Anything smaller is the noise of coordinates, in m².
SMALLEST = 1.0
#: A sliver open to the outside counts as a gap when its mouth is narrower, in metres.
_MOUTH = 1.0
_LISTED = 10


def describe_coverage(shapes: np.ndarray, names: Sequence[str]) -> list[str]:
    """Sentences on the overlaps and gaps of polygons in degrees; one good sentence when there are none."""
    if len(shapes) < 2:
        return []
    plane = stretch(shapes)
    found = overlaps(plane, SMALLEST)
    holes = gaps(plane, SMALLEST, _MOUTH)
    if not found and not len(holes):
        return ["The outlines fit together: no overlap and no gap of more than 1 m²."]
    return [*_describe_overlaps(found, names), *_describe_gaps(holes, shapes, plane, names)]


def describe_neighbours(shapes: np.ndarray, names: Sequence[str], level: str, codes: np.ndarray) -> list[str]:
    """Sentences on the ground that stored areas of the same level claim too, besides those of these codes."""
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    box = Polygon.from_bbox((west, south, east, north))
    stored = Area.objects.filter(level=level, geometry__bboverlaps=box).exclude(code__in=list(codes))
    rows = list(stored.values_list("code", "name", "geometry"))
    if not rows:
        return []
    others = shapely.from_wkb([bytes(geometry.wkb) for _, _, geometry in rows if geometry])
    plane = stretch(np.concatenate([shapes, others]))
    new, old = plane[: len(shapes)], plane[len(shapes) :]
    place, other = shapely.STRtree(old).query(new, predicate="intersects")
    area = shapely.area(shapely.intersection(new[place], old[other]))
    order = [pair for pair in np.argsort(-area) if area[pair] > SMALLEST]
    lines = [f"  {names[place[p]]} and {rows[other[p]][0]} {rows[other[p]][1]} share {area[p]:,.0f} m²" for p in order]
    head = (
        [f"{len(lines)} overlaps with areas that were here before, {area[order].sum():,.0f} m² in all:"]
        if lines
        else []
    )
    return [*head, *lines[:_LISTED], *_more(len(lines))]


def stretch(shapes: np.ndarray) -> np.ndarray:
    """Shapes in degrees stretched to metres at the latitude of their middle.

    A stretch keeps straight edges straight. A projection does not: two neighbours that share an edge, one with a vertex
    on it and one without, would come apart by a sliver. Areas are within 1 % half a degree north and south of the
    middle. Metres a degree on the ellipsoid of WGS 84 after the usual series in the latitude.
    """
    _, south, _, north = shapely.total_bounds(shapes)
    middle = np.radians((south + north) / 2)
    x = 111_412.84 * np.cos(middle) - 93.5 * np.cos(3 * middle)
    y = 111_132.92 - 559.82 * np.cos(2 * middle) + 1.175 * np.cos(4 * middle)
    return shapely.transform(shapes, lambda xy: xy * [x, y])


def _describe_overlaps(found: list, names: Sequence[str]) -> list[str]:
    if not found:
        return []
    total = sum(overlap.area for overlap in found)
    head = f"{len(found)} pairs of outlines overlap, {total:,.0f} m² in all:"
    lines = [f"  {names[o.first]} and {names[o.second]} share {o.area:,.0f} m²" for o in found[:_LISTED]]
    return [head, *lines, *_more(len(found))]


def _describe_gaps(holes: np.ndarray, shapes: np.ndarray, plane: np.ndarray, names: Sequence[str]) -> list[str]:
    if not len(holes):
        return []
    area = shapely.area(holes)
    head = f"{len(holes)} gaps lie between the outlines, {area.sum():,.0f} m² in all:"
    tree = shapely.STRtree(plane)
    near = [tree.query(hole, predicate="dwithin", distance=0.1)[:3] for hole in holes[:_LISTED]]
    lines = [
        f"  {size:,.0f} m² between {', '.join(names[i] for i in found)}"
        for size, found in zip(area, near, strict=False)
    ]
    return [head, *lines, *_more(len(holes))]


def _more(count: int) -> list[str]:
    return [f"  and {count - _LISTED} more"] if count > _LISTED else []
