"""Walking reach and siting of a street, then of a district, beside another library and straight lines."""

import time
from importlib.util import find_spec

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from gis.accounts.scope import Scope
from gis.places.service.network import Access, Network, build_network, come_onto, settle
from gis.places.service.reach import nearest_points, walks
from gis.places.service.siting import most_reached
from layers.service.ground import Ground, read_ground
from tests.bench.clock import in_turn, seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_LIMIT = 15 * 60 * 1.2
_DRAG_LIMIT_MS = 100.0


def measure(quick: bool) -> Report:
    """The town's street from the database, then copies of it side by side as a district of a million buildings."""
    report = Report(["what", "ms", "beside", "ms beside"])
    with scratch_database("town"):
        ground = _measure_reading(report)
    _measure_street(report, ground, rounds=3 if quick else 9)
    _measure_district(report, ground, 60_000 if quick else 1_000_000)
    return report


def _measure_reading(report: Report) -> Ground:
    started = time.perf_counter()
    ground = read_ground(Scope.of(["110113001"]))
    spent = 1000 * (time.perf_counter() - started)
    report.rows.append(["read and build a street's network, once a version", spent, "", ""])
    nodes, pieces = len(ground.network), len(ground.network.lines)
    report.notes.append(f"Street: {len(ground):,} buildings, {nodes:,} nodes, {pieces:,} pieces of road.")
    return ground


def _scattered(ground: Ground, count: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return shapely.points(ground.homes.xy[rng.integers(len(ground), size=count)] + rng.normal(0, 30, (count, 2)))


def _measure_street(report: Report, ground: Ground, rounds: int) -> None:
    network, homes = ground.network, ground.homes
    points = come_onto(network, _scattered(ground, 8))
    one = _scattered(ground, 1, seed=2)
    candidates = come_onto(network, _scattered(ground, 400, seed=3))
    people = np.random.default_rng(4).integers(0, 60, len(ground))
    found = walks(network, homes, candidates, _LIMIT)
    cover = csr_matrix((np.ones(len(found.point)), (found.point, found.home)), shape=(400, len(ground)))
    far = nearest_points(network, homes, points).metres > 500
    cover, left = cover[:, far], people[far]
    took = in_turn(
        {
            "nearest": lambda: nearest_points(network, homes, points),
            "straight": lambda: cKDTree(points.xy).query(homes.xy),
            **({"networkx": lambda: _by_networkx(network, points)} if find_spec("networkx") else {}),
            "drag": lambda: walks(network, homes, come_onto(network, one), _LIMIT),
            "pairs": lambda: walks(network, homes, candidates, _LIMIT),
            "site3": lambda: most_reached(cover, left, 3),
            "greedy3": lambda: most_reached(cover, left, 3, seconds=0.0),
            "site10": lambda: most_reached(cover, left, 10),
        },
        rounds,
    )
    ms = {name: 1000 * value for name, value in took.items()}
    report.rows += [
        ["minutes of every building of a street to 8 points", ms["nearest"], *_peer(ms)],
        ["the same", ms["nearest"], "straight lines, k-d tree", ms["straight"]],
        ["one dragged place against every building", ms["drag"], "limit", _DRAG_LIMIT_MS],
        ["400 candidates × every building", ms["pairs"], "", ""],
        ["best 3 of 400, proven", ms["site3"], "greedy, unproven", ms["greedy3"]],
        ["best 10 of 400, proven", ms["site10"], "", ""],
    ]
    best, quick = most_reached(cover, left, 10), most_reached(cover, left, 10, seconds=0.0)
    report.notes.append(f"Best 10: {best.how}, {best.gain:,.0f} people; greedy alone {quick.gain:,.0f}.")
    for name, act in (("reach", "nearest"), ("drag", "drag"), ("site", "site3")):
        report.named.append((f"service.{name}_ms", ms[act], "ms"))


def _peer(ms: dict[str, float]) -> tuple[str, object]:
    return ("networkx", ms["networkx"]) if "networkx" in ms else ("networkx is not installed", "")


def _by_networkx(network: Network, points: Access) -> dict:
    """The same many-sources search; its graph is made before the clock starts to be fair to it."""
    import networkx

    graph = _graphs.setdefault(id(network), networkx.from_scipy_sparse_array(network.graph))
    nodes, _metres = network.neighbours(points)
    return networkx.multi_source_dijkstra_path_length(graph, set(nodes.ravel().tolist()))


_graphs: dict[int, object] = {}


def _measure_district(report: Report, street: Ground, buildings: int) -> None:
    """Copies of the street side by side, each in its own square; no database, which `bench tiles` measures."""
    copies = -(-buildings // len(street))
    side = int(np.ceil(np.sqrt(copies)))
    width, height = np.ptp(street.homes.xy, axis=0) + 60
    roads = street.network.lines
    shifts = [(width * (n % side), height * (n // side)) for n in range(copies)]
    every = np.concatenate([shapely.transform(roads, lambda xy, s=s: xy + s) for s in shifts])
    homes = np.concatenate([shapely.points(street.homes.xy + s) for s in shifts])
    started = time.perf_counter()
    bare = build_network(every, np.empty(0, dtype=object))
    network, settled = settle(bare, come_onto(bare, homes))
    spent = time.perf_counter() - started
    points = come_onto(network, homes[np.random.default_rng(5).integers(len(homes), size=8 * copies)])
    reach = seconds(lambda: nearest_points(network, settled, points))
    straight = seconds(lambda: cKDTree(points.xy).query(settled.xy))
    one = seconds(lambda: walks(network, settled, come_onto(network, homes[:1]), _LIMIT))
    report.rows += [
        [f"a district of {len(homes):,} buildings: build its network", 1000 * spent, "", ""],
        [f"minutes of all to {8 * copies:,} points", 1000 * reach, "straight lines, k-d tree", 1000 * straight],
        ["one place against the district", 1000 * one, "limit", _DRAG_LIMIT_MS],
    ]
    report.notes.append(f"District: {len(network):,} nodes, {len(every):,} pieces of road.")
    report.named += [("service.district_s", reach, "s"), ("service.district_build_s", spent, "s")]
