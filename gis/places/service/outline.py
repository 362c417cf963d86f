"""The ground within a walk of a point, as an outline to draw. Pure, in metres."""

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from gis.places.service.network import Access, Network
from gis.places.service.reach import DETOUR, with_sources

#: Yards and blocks smaller than this (m²) between reached roads count as reached.
_SMALL_HOLE = 40_000.0
#: How far from a road the ground beside it counts as reached with it, where the walk is not used up before.
BESIDE = 45.0


def ground_within(network: Network, point: Access, limit: float) -> shapely.Geometry:
    """The ground that can be walked to from one point in at most `limit` metres; a circle where no way is known."""
    if not point.known.all() or not len(network):
        return shapely.buffer(shapely.points(point.xy[0]), limit / DETOUR)
    graph, sources = with_sources(network.graph, *network.neighbours(point))
    metres = dijkstra(graph, indices=sources[0], limit=limit)
    reached = _reached_roads(network, metres, limit, int(point.line[0]), float(point.along[0]), float(point.off[0]))
    around = shapely.buffer(np.array(reached, dtype=object), BESIDE)
    ground = shapely.union_all([*around, shapely.buffer(shapely.points(point.xy[0]), min(BESIDE, limit))])
    return shapely.simplify(_without_small_holes(shapely.buffer(ground, -BESIDE / 3)), 2.0)


def _without_small_holes(ground: shapely.Geometry) -> shapely.Geometry:
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > _SMALL_HOLE])
        for part in shapely.get_parts(ground)
    ]
    return shapely.union_all(parts)


def _reached_roads(
    network: Network, metres: np.ndarray, limit: float, own: int, along: float, off: float
) -> list[shapely.Geometry]:
    """Pieces of road no farther than the limit: whole between two reached stops, else as far as the walk lasts."""
    line, at, node = network.stop_line, network.stop_along, network.stop_node
    next_to = np.flatnonzero((line[1:] == line[:-1]) & (np.isfinite(metres[node[1:]]) | np.isfinite(metres[node[:-1]])))
    pieces = []
    for stop in next_to:
        first, last = metres[node[stop]], metres[node[stop + 1]]
        road, start, end = network.lines[line[stop]], at[stop], at[stop + 1]
        if max(first, last) + (end - start) <= limit:
            pieces.append(substring(road, start, end))
            continue
        pieces += [substring(road, start, min(end, start + limit - first))] if first <= limit else []
        pieces += [substring(road, max(start, end - limit + last), end)] if last <= limit else []
    left = limit - off
    if left > 0:
        pieces.append(substring(network.lines[own], max(0.0, along - left), along + left))
    return [shapely.buffer(piece, 0.1) if piece.geom_type == "Point" else piece for piece in pieces]
