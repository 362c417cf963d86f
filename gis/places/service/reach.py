"""How far everybody walks: shortest ways by Dijkstra's algorithm (scipy) on a network. Pure, in metres.

Where a way is known on both sides it is walked: from the place to its road, along roads, from the road to the home.
Where one side knows no road, the straight line is taken times `DETOUR`, unless it crosses a river, railway or wall.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from gis.places.service.network import Access, Homes, Network, crosses

#: How much longer than the straight line a walk in a town usually is (1.2–1.4 in the literature on detour indices).
DETOUR = 1.3
#: Metres a second: adults, and people over 65 or with a need for care.
SPEED, SLOW_SPEED = 1.2, 0.8
#: Nodes × sources of distances held at a time: 8 bytes each.
_AT_A_TIME = 4_000_000


@dataclass(frozen=True)
class Pairs:
    """Walks between points and homes: three arrays of equal length."""

    point: np.ndarray
    home: np.ndarray
    metres: np.ndarray

    def within(self, limit: float) -> "Pairs":
        near = self.metres <= limit
        return Pairs(self.point[near], self.home[near], self.metres[near])

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in ("point", "home", "metres")))


@dataclass(frozen=True)
class Nearest:
    """Of each home the metres to its nearest point (inf where none is reached), and which that is (−1 for none).

    `estimated`: no way is known, so the metres are the straight line's times `DETOUR`.
    """

    metres: np.ndarray
    point: np.ndarray
    estimated: np.ndarray


def nearest_points(network: Network, homes: Homes, points: Access) -> Nearest:
    """The nearest of the points for every home."""
    metres, which = np.full(len(homes), np.inf), np.full(len(homes), -1, dtype=np.int64)
    on = homes.node >= 0
    if points.known.any() and on.any():
        graph, sources = with_sources(network.graph, *network.neighbours(points))
        walked, _, came_from = dijkstra(graph, indices=sources, min_only=True, return_predecessors=True)
        metres[on] = walked[homes.node[on]] + homes.off[on]
        from_point = np.flatnonzero(points.known)
        reached = on & np.isfinite(metres)
        which[reached] = from_point[came_from[homes.node[reached]] - len(network)]
    return _or_straight(network, homes, points, metres, which)


def with_sources(graph: csr_matrix, nodes: np.ndarray, metres: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """The graph with a further node for each row of `nodes` (k × 2), from which edges lead to those; and their numbers.

    Only rows are added, so the edges of the graph itself are copied, not sorted anew.
    """
    count, more = graph.shape[0], len(nodes)
    data = np.concatenate([graph.data, np.maximum(metres, 1e-6).ravel()])
    columns = np.concatenate([graph.indices, nodes.ravel()])
    starts = np.concatenate([graph.indptr, graph.indptr[-1] + 2 * np.arange(1, more + 1)])
    return csr_matrix((data, columns, starts), shape=(count + more, count + more)), count + np.arange(more)


def _or_straight(network: Network, homes: Homes, points: Access, metres: np.ndarray, which: np.ndarray) -> Nearest:
    """Straight lines for homes without a way to any point, and towards points without one."""
    estimated = np.zeros(len(homes), dtype=bool)
    for rows, columns in (
        (np.flatnonzero(homes.node < 0), np.arange(len(points))),
        (np.flatnonzero(homes.node >= 0), np.flatnonzero(~points.known)),
    ):
        if len(rows) and len(columns):
            straight, towards = _straight(homes.xy[rows], points.xy[columns], network.barriers)
            shorter = straight < metres[rows]
            metres[rows[shorter]] = straight[shorter]
            which[rows[shorter]] = columns[towards[shorter]]
            estimated[rows[shorter]] = True
    return Nearest(metres, which, estimated)


def _straight(homes: np.ndarray, points: np.ndarray, barriers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Metres and number of the nearest point to which no barrier bars the straight line; inf where all are barred."""
    straight, towards = cKDTree(points).query(homes)
    barred = np.flatnonzero(crosses(_lines(homes, points[towards]), barriers))
    for row in barred:
        free = ~crosses(_lines(np.broadcast_to(homes[row], points.shape), points), barriers)
        away = np.where(free, np.hypot(*(points - homes[row]).T), np.inf)
        towards[row], straight[row] = np.argmin(away), away.min()
    return straight * DETOUR, towards


def _lines(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    return shapely.linestrings(np.stack([starts, ends], axis=1))


def walks(network: Network, homes: Homes, points: Access, limit: float) -> Pairs:
    """Every walk from a point to a home of at most `limit` metres."""
    known = np.flatnonzero(points.known)
    found = [_walks_straight(network, homes, points, limit)]
    if len(known) and len(homes):
        nodes, metres = network.neighbours(points)
        for group in _neighbourhoods(points.xy[known], limit):
            found.append(_walks_of(network, homes, points.xy[known], group, nodes, metres, limit, known))
    return sum(found[1:], found[0])


def _neighbourhoods(xy: np.ndarray, limit: float) -> list[np.ndarray]:
    """Points that lie together, so that each group needs only the roads around it."""
    if not np.isfinite(limit):
        return [np.arange(len(xy))]
    squares = np.floor(xy / max(limit, 1.0)).astype(np.int64)
    _, group = np.unique(squares, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group.ravel()[order])) + 1)


def _walks_of(
    network: Network, homes: Homes, xy: np.ndarray, group: np.ndarray, nodes: np.ndarray, metres: np.ndarray,
    limit: float, numbers: np.ndarray,
) -> Pairs:  # fmt: skip
    """The walks of one neighbourhood. No walk leaves the square its length can reach, so the rest is left out."""
    low, high = xy[group].min(axis=0) - limit, xy[group].max(axis=0) + limit
    # The ends of the road a point stands on may lie outside; without them it would stand nowhere.
    inside = ((network.xy >= low) & (network.xy <= high)).all(axis=1)
    inside[nodes[group]] = True
    kept = np.flatnonzero(inside)
    number = np.full(len(network), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    graph, sources = with_sources(network.graph[kept][:, kept], number[nodes[group]], metres[group])
    mine = np.flatnonzero(homes.node >= 0)
    mine = mine[number[homes.node[mine]] >= 0]
    columns, off = number[homes.node[mine]], homes.off[mine]
    found = []
    step = max(1, _AT_A_TIME // max(graph.shape[0], 1))
    for start in range(0, len(group), step):
        walked = dijkstra(graph, indices=sources[start : start + step], limit=limit)[:, columns] + off
        point, home = np.nonzero(walked <= limit) if np.isfinite(limit) else np.nonzero(np.isfinite(walked))
        found.append(Pairs(numbers[group[start + point]], mine[home], walked[point, home]))
    return sum(found[1:], found[0])


def _walks_straight(network: Network, homes: Homes, points: Access, limit: float) -> Pairs:
    """Straight walks where the home or the point knows no way."""
    found = [np.empty((0, 2), dtype=np.int64)]
    for rows, columns in (
        (np.flatnonzero(homes.node < 0), np.arange(len(points))),
        (np.flatnonzero(homes.node >= 0), np.flatnonzero(~points.known)),
    ):
        if len(rows) and len(columns):
            found.append(_near(homes.xy, points.xy, rows, columns, limit / DETOUR))
    point, home = np.concatenate(found).T
    lines = _lines(homes.xy[home], points.xy[point]) if len(home) else np.empty(0, dtype=object)
    free = ~crosses(lines, network.barriers)
    point, home = point[free], home[free]
    return Pairs(point, home, np.hypot(*(homes.xy[home] - points.xy[point]).T) * DETOUR)


def _near(homes: np.ndarray, points: np.ndarray, rows: np.ndarray, columns: np.ndarray, most: float) -> np.ndarray:
    """(point, home) pairs no farther apart than `most` in a straight line."""
    near = cKDTree(homes[rows]).query_ball_point(points[columns], min(most, 1e9))
    counts = [len(one) for one in near]
    homes_of = rows[np.concatenate([np.asarray(one, dtype=np.int64) for one in near])]
    return np.column_stack([np.repeat(columns, counts), homes_of])
