"""Automatic cells, from buildings and roads to the last cell, beside METIS and k-means on the same tiles.

Grounds: two streets of the demonstration's generator in one outline (about 2,500 buildings), as many streets as make
20,000, and 2,000 and 20,000 buildings of New York where `shared/data` is there, their homes guessed from the volume and
no barrier known. The target is 300 households and the tolerance 10 %. Beside them all census
tracts of New York with their people.

`partition.crossings` counts cells whose polygon a barrier cuts for more than a metre and which the scorecard does not
name: it must be 0. A cell that holds a building that alone is more than 10 % over the target is left out of `within10`,
and one with a building more than 20 % over it out of `worst`. So is a cell that holds a tile around which every
connected set of tiles was looked at and none is within 20 % (`gis.areas.plans.hopeless`): the notes name each such tile
with its neighbours, and `partition.raw_worst` says what was left out.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely
from scipy.cluster.vq import kmeans2

from fixtures.town.dwellings import make_dwellings
from fixtures.town.lattice import CENTRE, spots
from fixtures.town.street import make_places
from gis import crs
from gis.areas.plans.annealing import compile_ahead
from gis.areas.plans.blocks import ferried
from gis.areas.plans.ground import Between, Ground, survey
from gis.areas.plans.hopeless import Surroundings
from gis.areas.plans.proposal import propose
from gis.areas.plans.scorecard import Scorecard, compactness, crossings, score, strays
from gis.areas.plans.tiles import Tiles, cut, dissolve
from gis.areas.plans.wish import Wish
from tests.bench.clock import seconds
from tests.bench.peers import peers_python
from tests.bench.report import Report

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_WISH = Wish()
_HEAD = ["ground", "buildings", "who", "seconds", "cells", "within10", "within20", "worst", "raw worst", "proved"]
_HEAD += ["stray", "crossing", "PP", "walk m"]
_MOST = ("worst", "raw_worst", "proved", "stray", "crossings")
_METIS = """
import json, sys, pymetis
given = json.load(sys.stdin)
parts = pymetis.part_graph(given["count"], xadj=given["start"], adjncy=given["other"], vweights=given["load"],
                           eweights=given["cost"], contiguous=True, recursive=False)[1]
json.dump(list(map(int, parts)), sys.stderr)
"""


@dataclass
class Given:
    """What a planner starts from, in metres."""

    name: str
    outline: shapely.Geometry
    lines: np.ndarray
    kinds: np.ndarray
    footprints: np.ndarray
    homes: np.ndarray
    wish: Wish = _WISH


def measure(quick: bool) -> Report:
    """The small grounds only when `quick`."""
    report, figures = Report(_HEAD), {}
    compile_ahead()  # as `up` does
    for given in _grounds(quick):
        figures[given.name] = _row(report, given, peers=not quick)
    if not quick and (_DATA / "nyc_tracts_pop2010.parquet").exists():
        _row(report, _census(), peers=True)  # no limit is set for it
    town = figures["town"]
    report.named += [("partition.small_s", town["seconds"], "s")]
    if "large town" in figures:
        report.named.append(("partition.large_s", figures["large town"]["seconds"], "s"))
    least = {name: min(one[name] for one in figures.values()) for name in ("within10", "polsby_popper")}
    most = {
        name: max(one[name] for one in figures.values())
        for name in ("worst", "raw_worst", "proved", "stray", "crossings")
    }
    report.named += [
        ("partition.within10", 100 * least["within10"], "%"),
        ("partition.worst", 100 * most["worst"], "%"),
        ("partition.raw_worst", 100 * most["raw_worst"], "%"),
        ("partition.proved", most["proved"], "cells"),
        ("partition.stray", most["stray"], ""),
        ("partition.crossings", most["crossings"], ""),
        ("partition.polsby_popper", least["polsby_popper"], ""),
    ]
    report.notes.append("Limits: 2,000 buildings 6 s, 20,000 60 s; within 10 % 88 %; worst 20 %; stray 0; PP 0.58.")
    return report


def _row(report: Report, given: Given, peers: bool) -> dict[str, float]:
    made: dict[str, object] = {}
    spent = seconds(lambda: made.update(_ours(given)))
    tiles, ground, cell = made["tiles"], made["ground"], made["cell"]
    load = tiles.sums(given.homes)
    row = _judged(given, tiles, ground, cell, load)
    report.notes += [f"{given.name}: {one}" for one in row.pop("proofs")]
    _print(report, given, "Wangge", spent, row, score(ground, tiles.shapes, cell, load, given.wish))
    if peers:
        count = len(np.unique(cell))
        for name, other in (("METIS", _metis), ("k-means", _k_means)):
            theirs: dict[str, np.ndarray] = {}
            took = seconds(lambda other=other, theirs=theirs: theirs.update(cell=other(ground, load, count)))
            judged = _judged(given, tiles, ground, theirs["cell"], load)
            _print(report, given, name, took, judged, score(ground, tiles.shapes, theirs["cell"], load, given.wish))
    return row | {"seconds": spent}


def _ours(given: Given) -> dict[str, object]:
    tiles = cut(given.outline, given.lines, given.footprints)
    ground = survey(tiles, given.lines, given.kinds)
    return {"tiles": tiles, "ground": ground, "cell": propose(ground, tiles.sums(given.homes), given.wish).cell}


def _print(report: Report, given: Given, who: str, spent: float, row: dict[str, float], card: Scorecard) -> None:
    report.rows.append(
        [given.name, len(given.footprints), who, spent, card.cells, 100 * row["within10"], 100 * row["within20"],
         100 * row["worst"], 100 * row["raw_worst"], row["proved"], card.stray, card.crossing, row["polsby_popper"],
         card.walk]
    )  # fmt: skip


def _judged(given: Given, tiles: Tiles, ground: Ground, cell: np.ndarray, load: np.ndarray) -> dict[str, object]:
    cell = np.unique(cell, return_inverse=True)[1]
    shapes = dissolve(tiles.shapes, cell)
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, cell, load)
    off = np.abs(np.bincount(cell, load) / given.wish.target - 1)
    near = off[largest <= given.wish.target * 1.1]
    could = largest <= given.wish.target * 1.2
    proofs = _proofs(ground, cell, load, np.flatnonzero(could & (off > 0.2 + 1e-9)), given.wish.target)
    far = off[could & ~np.isin(np.arange(len(off)), list(proofs))]
    drawn = shapely.coverage_simplify(shapes, 3.0, simplify_boundary=False)
    return {
        "within10": float((near <= 0.1 + 1e-9).mean()),
        "within20": float((far <= 0.2 + 1e-9).mean()),
        "worst": float(far.max()),
        "raw_worst": float(off[could].max()),
        "proved": len(proofs),
        "proofs": list(proofs.values()),
        "stray": float(strays(ground, cell)),
        "crossings": float(len(_cut_by_barriers(given, shapes) - set(crossings(ground, cell).tolist()))),
        "polsby_popper": float(compactness(drawn).mean()),
    }


def _proofs(ground: Ground, cell: np.ndarray, load: np.ndarray, off: np.ndarray, target: float) -> dict[int, str]:
    """Of the cells that are off those with a tile that no connected set within 20 % can hold, and which tile it is."""
    links: list[list[int]] = [[] for _ in range(len(load))]
    for one, other in zip(ground.first.tolist(), ground.second.tolist(), strict=True):
        links[one].append(other)
        links[other].append(one)
    around, found = Surroundings(links, load.tolist()), {}
    for name in off.tolist():
        for tile in np.flatnonzero((cell == name) & (load > 0)).tolist():
            if around.is_hopeless(tile, 0.8 * target - 1e-6, 1.2 * target + 1e-6):
                beside = ", ".join(f"{held:.0f}" for held in sorted(load[list(around.near(tile))]))
                found[name] = f"tile {tile} with {load[tile]:.0f}, beside {beside}: no connected set within 20 %"
                break
    return found


def _cut_by_barriers(given: Given, shapes: np.ndarray) -> set[int]:
    """The cells inside which a barrier runs for more than a metre, by their polygons alone."""
    barriers = given.lines[given.kinds == Between.MAJOR]
    inner = shapely.buffer(shapes, -1.0)
    line, row = shapely.STRtree(inner).query(barriers, predicate="intersects")
    inside = shapely.length(shapely.intersection(barriers[line], inner[row])) > 1
    return set(row[inside].tolist())


def _metis(ground: Ground, load: np.ndarray, count: int) -> np.ndarray:
    """METIS k-way over the tiles, barriers the cheapest to cut."""
    ground = ferried(ground)  # it takes a connected graph only
    one, other = np.append(ground.first, ground.second), np.append(ground.second, ground.first)
    cost = np.maximum(ground.length / np.array([1, 2, 20])[ground.between], 1).astype(int)
    order = np.argsort(one, kind="stable")
    start = np.searchsorted(one[order], np.arange(len(ground) + 1))
    asked = {"count": count, "start": start, "other": other[order], "cost": np.tile(cost, 2)[order]}
    asked = {name: np.asarray(values).tolist() for name, values in (asked | {"load": load.astype(int)}).items()}
    command = [peers_python(), "-W", "ignore", "-c", _METIS]
    # METIS prints its own complaints to the standard output, in the midst of whatever stands there.
    told = subprocess.run(
        command, input=json.dumps(asked), text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return np.array(json.loads(told.stderr))


def _k_means(ground: Ground, load: np.ndarray, count: int) -> np.ndarray:
    """SciPy's k-means on the places of the homes: what a spreadsheet user would do."""
    homes = ground.middle.repeat(np.maximum(load.astype(int) // 5, 1), axis=0)
    middle, _ = kmeans2(homes, count, minit="++", seed=1, missing="warn")
    return shapely.STRtree(shapely.points(middle)).nearest(shapely.points(ground.middle))


def _grounds(quick: bool) -> Iterator[Given]:
    yield _town("town", 2)
    if (_DATA / "nyc_buildings.parquet").exists():
        yield _new_york("New York", 2_000)
    if not quick:
        yield _town("large town", 17)
        if (_DATA / "nyc_buildings.parquet").exists():
            yield _new_york("large New York", 20_000)


def _town(name: str, streets: int) -> Given:
    """Streets of the generator as if they were one community."""
    tables = [make_places(spot, 7).tables for spot in spots(streets)]
    system = crs.metric(*CENTRE)

    def column(table: str, field: str) -> np.ndarray:
        return np.concatenate([one[table][field].to_numpy() for one in tables])

    def plane(table: str) -> np.ndarray:
        return shapely.transform(column(table, "shape"), lambda xy: crs.move(xy, crs.STORE, system))

    kinds = np.array([{"major": 2, "minor": 1}.get(one, 0) for one in column("way", "barrier")])
    homes = np.concatenate([_homes(one["building"]) for one in tables])
    outline = shapely.union_all(plane("community"), grid_size=0.001)
    return Given(name, outline, plane("way")[kinds > 0], kinds[kinds > 0], plane("building"), homes)


def _homes(buildings) -> np.ndarray:
    return np.bincount(make_dwellings(buildings)["building"], minlength=len(buildings))


def _new_york(name: str, number: int) -> Given:
    """The tracts nearest to the middle of the buildings, until they hold so many; their borders are the streets."""
    houses = geopandas.read_parquet(_DATA / "nyc_buildings.parquet")
    system = crs.metric(*houses.total_bounds[:2])
    houses = houses.to_crs(system)
    tracts = geopandas.read_parquet(_DATA / "nyc_tracts_pop2010.parquet").to_crs(system)
    tree = shapely.STRtree(shapely.point_on_surface(houses.geometry.to_numpy()))
    middle = shapely.multipoints(shapely.get_coordinates(shapely.centroid(houses.geometry.to_numpy())))
    order = np.argsort(shapely.distance(shapely.centroid(tracts.geometry.to_numpy()), shapely.centroid(middle)))
    chosen, inside = [], 0
    for row in order:
        held = len(tree.query(tracts.geometry.iloc[row], predicate="contains"))
        if inside < number and held >= 20:
            chosen, inside = [*chosen, row], inside + held
    outlines = tracts.geometry.to_numpy()[chosen]
    outline = shapely.union_all(outlines, grid_size=0.001)
    rows = np.unique(tree.query(outline, predicate="contains"))
    floors = np.maximum(houses["height"].fillna(10).to_numpy()[rows] / 3.3, 1)
    homes = np.round(shapely.area(houses.geometry.to_numpy()[rows]) * floors * 0.75 / 110)
    lines = shapely.boundary(outlines)
    return Given(name, outline, lines, np.full(len(lines), Between.MINOR), houses.geometry.to_numpy()[rows], homes)


def _census() -> Given:
    """The tracts of New York as tiles with the people who live there: few large tiles for each cell of 40,000."""
    tracts = geopandas.read_parquet(_DATA / "nyc_tracts_pop2010.parquet")
    outlines = tracts.to_crs(crs.metric(*tracts.total_bounds[:2])).geometry.to_numpy()
    middle = shapely.buffer(shapely.point_on_surface(outlines), 5)
    lines = shapely.boundary(outlines)
    people = tracts["Population"].to_numpy(float)
    outline = shapely.union_all(outlines, grid_size=0.001)
    return Given("census", outline, lines, np.full(len(lines), Between.MINOR), middle, people, Wish(target=40_000))
