"""Streets drawn on squared paper, in metres, and a second way of measuring them."""

import numpy as np
import shapely
from scipy.sparse.csgraph import floyd_warshall

from gis.places.service.network import Access, Homes, Network, build_network, come_onto, settle


def lines(*texts: str) -> np.ndarray:
    return np.array([shapely.from_wkt(f"LINESTRING({text})") for text in texts], dtype=object)


def dots(*xy: tuple[float, float]) -> np.ndarray:
    return shapely.points(np.array(xy, dtype=float).reshape(-1, 2))


def town(roads: np.ndarray, homes: np.ndarray, barriers: np.ndarray = ()) -> tuple[Network, Homes]:
    network = build_network(roads, np.asarray(barriers, dtype=object))
    return settle(network, come_onto(network, homes))


def by_floyd_warshall(network: Network, homes: Homes, points: Access) -> np.ndarray:
    """Metres from every point to every home where both know a way: points as nodes, every pair of nodes at once."""
    settled, stands = settle(network, points)
    every = floyd_warshall(settled.graph.toarray(), directed=False)
    metres = np.full((len(points), len(homes)), np.inf)
    for row, (node, off) in enumerate(zip(stands.node, stands.off, strict=True)):
        for column in np.flatnonzero(homes.node >= 0):
            if node >= 0:
                metres[row, column] = off + every[node, homes.node[column]] + homes.off[column]
    return metres
