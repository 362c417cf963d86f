"""Roads as a graph to walk on. Pure functions over arrays; every coordinate and length in metres of one plane CRS.

A road may be walked both ways whatever its rank. Nothing else may: a river, a railway or a wall is passed only where
a road crosses it, which is a bridge or a gate. Two roads that cross on the drawing meet; the data knows no levels, so
a footbridge over a motorway counts as a junction.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

#: A road drawn up to the kerb of another one ends half a main road's width from the line that stands for it. A loose
#: end this near to another road is taken to join it, unless a barrier lies between.
JOIN = 35.0
#: Scraps of road shorter than this in all, joined to nothing, are drawing errors: nobody is sent onto them.
SCRAP = 300.0
#: Farther from every road than this, no way is known.
MOST_ACCESS = 200.0
_GRID = 0.01


@dataclass(frozen=True)
class Access:
    """Where places come onto the network.

    `xy`: n × 2. `line`: the road each is nearest to, −1 where none is known. `along`: metres from the beginning of that
    road. `off`: metres from the place to it.
    """

    xy: np.ndarray
    line: np.ndarray
    along: np.ndarray
    off: np.ndarray

    def __len__(self) -> int:
        return len(self.line)

    @property
    def known(self) -> np.ndarray:
        return self.line >= 0


@dataclass(frozen=True)
class Network:
    """Roads, and the nodes along them in order: junctions, ends and the doors of homes.

    `lines`: m LineStrings. `stop_line`, `stop_along`, `stop_node`: s entries ordered by road and then along it, each a
    node on a road. `xy`: n × 2, the nodes. `graph`: n × n, metres between neighbours, both directions.
    """

    lines: np.ndarray
    barriers: np.ndarray
    stop_line: np.ndarray
    stop_along: np.ndarray
    stop_node: np.ndarray
    xy: np.ndarray
    graph: csr_matrix

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The roads by where they lie."""
        return shapely.STRtree(self.lines)

    def neighbours(self, access: Access) -> tuple[np.ndarray, np.ndarray]:
        """For k known places the node before and after each along its road (k × 2), and the metres to them (k × 2)."""
        here = np.flatnonzero(access.known)
        line, along = access.line[here], access.along[here]
        first, last = (np.searchsorted(self.stop_line, line, side) for side in ("left", "right"))
        after = np.empty(len(here), dtype=np.int64)
        for row, (low, high, at) in enumerate(zip(first, last, along, strict=True)):
            after[row] = min(max(low + np.searchsorted(self.stop_along[low:high], at), low + 1), high - 1)
        pair = np.column_stack([after - 1, after])
        return self.stop_node[pair], np.abs(self.stop_along[pair] - along[:, None]) + access.off[here, None]


def build_network(roads: np.ndarray, barriers: np.ndarray) -> Network:
    """A network of LineStrings. `barriers`: LineStrings that nobody crosses where no road does."""
    roads = np.asarray(roads, dtype=object)
    lines = _noded(roads)
    ends = shapely.get_coordinates(shapely.boundary(lines)).reshape(-1, 2) if len(lines) else np.empty((0, 2))
    xy, node = np.unique(np.round(ends, 2), axis=0, return_inverse=True)
    node = node.ravel().reshape(-1, 2)
    lines, stops, xy = _with_loose_ends_joined(lines, node, xy, np.asarray(barriers, dtype=object))
    return _without_scraps(_network(lines, np.asarray(barriers, dtype=object), stops, xy))


def _noded(roads: np.ndarray) -> np.ndarray:
    """Pieces between junctions. A ring is cut in two, so that every piece has two ends."""
    if not len(roads):
        return np.empty(0, dtype=object)
    pieces = shapely.get_parts(shapely.union_all(roads, grid_size=_GRID))
    pieces = pieces[(shapely.get_type_id(pieces) == 1) & (shapely.length(pieces) > 0)]
    rings = shapely.is_closed(pieces)
    halves = [half for ring in pieces[rings] for half in _halves(ring)]
    return np.array([*pieces[~rings], *halves], dtype=object)


def _halves(ring: shapely.LineString) -> list[shapely.LineString]:
    xy = shapely.get_coordinates(ring)
    middle = len(xy) // 2
    return [shapely.linestrings(xy[: middle + 1]), shapely.linestrings(xy[middle:])]


def _with_loose_ends_joined(
    lines: np.ndarray, node: np.ndarray, xy: np.ndarray, barriers: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Lines with the joining pieces added, stops [line, along, node], and the nodes with the new junctions added."""
    lengths = shapely.length(lines) if len(lines) else np.empty(0)
    stops = [np.repeat(np.arange(len(lines)), 2), np.column_stack([np.zeros_like(lengths), lengths]).ravel()]
    stops.append(node.ravel())
    loose = np.flatnonzero(np.bincount(node.ravel(), minlength=len(xy)) == 1)
    end, line = _nearest_other(lines, node, xy, loose, barriers)
    if not len(end):
        return lines, stops, xy
    at = shapely.line_locate_point(lines[line], shapely.points(xy[end]))
    new = len(xy) + np.arange(len(end))
    junctions = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at))
    pieces = shapely.linestrings(np.stack([xy[end], junctions], axis=1))
    number = len(lines) + np.arange(len(end))
    stops = [
        np.concatenate([stops[0], line, number, number]),
        np.concatenate([stops[1], at, np.zeros(len(end)), shapely.length(pieces)]),
        np.concatenate([stops[2], new, end, new]),
    ]
    return np.concatenate([lines, pieces]), stops, np.concatenate([xy, junctions])


def _nearest_other(
    lines: np.ndarray, node: np.ndarray, xy: np.ndarray, loose: np.ndarray, barriers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(loose end, nearest road that it is not an end of), where one is near and no barrier lies between."""
    points = shapely.points(xy[loose])
    end, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=JOIN)
    other = (node[line] != loose[end][:, None]).all(axis=1)
    end, line = end[other], line[other]
    bridges = shapely.shortest_line(points[end], lines[line])
    order = np.lexsort((shapely.length(bridges), end))
    order = order[~crosses(bridges[order], barriers)]
    first = order[np.unique(end[order], return_index=True)[1]]
    return loose[end[first]], line[first]


def crosses(paths: np.ndarray, barriers: np.ndarray) -> np.ndarray:
    """Which of the paths meet a barrier (n flags)."""
    hit = np.zeros(len(paths), dtype=bool)
    if len(paths) and len(barriers):
        hit[shapely.STRtree(barriers).query(paths, predicate="intersects")[0]] = True
    return hit


def _network(lines: np.ndarray, barriers: np.ndarray, stops: list[np.ndarray], xy: np.ndarray) -> Network:
    line, along, node = stops
    order = np.lexsort((along, line))
    line, along, node = line[order], along[order], node[order]
    next_to = line[1:] == line[:-1]
    here, there = node[:-1][next_to], node[1:][next_to]
    # A stop on a junction is nought metres away from it; a sparse matrix would take 0 for "no way".
    metres = np.maximum(np.diff(along)[next_to], 1e-6)
    return Network(lines, barriers, line, along, node, xy, _symmetric(here, there, metres, len(xy)))


def _symmetric(here: np.ndarray, there: np.ndarray, metres: np.ndarray, count: int) -> csr_matrix:
    """The graph of the edges, both ways; of two edges between the same nodes the shorter."""
    low, high = np.minimum(here, there), np.maximum(here, there)
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], metres[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first &= low != high
    low, high, metres = low[first], high[first], metres[first]
    rows, columns = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_matrix((np.concatenate([metres, metres]), (rows, columns)), shape=(count, count))


def _without_scraps(network: Network) -> Network:
    if not len(network):
        return network
    part = connected_components(network.graph, directed=False)[1]
    of_line = part[network.stop_node[np.searchsorted(network.stop_line, np.arange(len(network.lines)))]]
    length = np.bincount(of_line, shapely.length(network.lines), part.max() + 1)
    kept = length[of_line] >= SCRAP
    if kept.all():
        return network
    number = np.cumsum(kept) - 1
    stays = kept[network.stop_line]
    stops = [number[network.stop_line[stays]], network.stop_along[stays], network.stop_node[stays]]
    return _network(network.lines[kept], network.barriers, stops, network.xy)


def come_onto(network: Network, shapes: np.ndarray) -> Access:
    """Where points or outlines come onto the nearest road, without crossing a barrier.

    An outline comes out where it is nearest to the road: no door is recorded.
    """
    shapes = np.asarray(shapes, dtype=object)
    count = len(shapes)
    line, along, off = np.full(count, -1, dtype=np.int64), np.zeros(count), np.zeros(count)
    if len(network.lines) and count:
        index, nearest = network.tree.query_nearest(shapes, max_distance=MOST_ACCESS, all_matches=False)
        line[index] = nearest
        ways = shapely.shortest_line(shapes[index], network.lines[nearest])
        blocked = index[crosses(ways, network.barriers)]
        line[blocked] = [_nearest_free(shape, network) for shape in shapes[blocked]]
        known = line >= 0
        ways = shapely.shortest_line(shapes[known], network.lines[line[known]])
        along[known] = shapely.line_locate_point(network.lines[line[known]], shapely.get_point(ways, 1))
        off[known] = shapely.length(ways)
    return Access(shapely.get_coordinates(shapely.centroid(shapes)), line, along, off)


def _nearest_free(shape: shapely.Geometry, network: Network) -> int:
    """The nearest road to which no barrier bars the way; −1 where every one is barred."""
    near = network.tree.query(shape, predicate="dwithin", distance=MOST_ACCESS)
    ways = shapely.shortest_line(shape, network.lines[near])
    free = near[~crosses(ways, network.barriers)]
    return int(free[np.argmin(shapely.distance(shape, network.lines[free]))]) if len(free) else -1


@dataclass(frozen=True)
class Homes:
    """Places that are nodes of the network, so that walks to them are read off. `node`: −1 where no way is known."""

    node: np.ndarray
    off: np.ndarray
    xy: np.ndarray

    def __len__(self) -> int:
        return len(self.node)


def settle(network: Network, access: Access) -> tuple[Network, Homes]:
    """The network with a node for every known place, and the places as those nodes."""
    here = np.flatnonzero(access.known)
    line, along = access.line[here], access.along[here]
    node = np.full(len(access), -1, dtype=np.int64)
    node[here] = len(network) + np.arange(len(here))
    doors = shapely.get_coordinates(shapely.line_interpolate_point(network.lines[line], along))
    stops = [
        np.concatenate([network.stop_line, line]),
        np.concatenate([network.stop_along, along]),
        np.concatenate([network.stop_node, node[here]]),
    ]
    settled = _network(network.lines, network.barriers, stops, np.concatenate([network.xy, doors.reshape(-1, 2)]))
    return settled, Homes(node, access.off, access.xy)
