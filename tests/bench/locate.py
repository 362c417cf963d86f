"""Point → cell over the city's cells, a million points in one call, beside GeoPandas' sjoin of the same points.

The figure counts making the index: it is what a caller pays who asks once. The row without it is what a second call
pays. Both answers must be the same for every point: the lowest code on a shared border, nothing outside.
"""

import geopandas
import numpy as np
import shapely
from django.db import connection

from gis.areas.locating import NOWHERE, Locator
from tests.bench.city import city
from tests.bench.clock import seconds
from tests.bench.report import Report

_LIMIT = 3.0


def measure(quick: bool) -> Report:
    """A fiftieth of the city and 100,000 points when `quick`."""
    with city(quick):
        shapes = read_cells()
    xy = points_over(shapes, 100_000 if quick else 1_000_000)
    report = Report(["what", "ms", "times faster than sjoin"])
    kept = {}
    build = _least(lambda: kept.update(index=Locator(shapes)))
    find = _least(lambda: kept.update(ours=kept["index"].find(xy)))
    sjoin = _least(lambda: kept.update(theirs=by_sjoin(xy, shapes)))
    different = int((kept["ours"] != kept["theirs"]).sum())
    assert not different, f"{different} points were placed otherwise than by sjoin"
    report.rows += [
        ["make the index", 1000 * build, ""],
        ["find, the index made before", 1000 * find, sjoin / find],
        ["make the index and find", 1000 * (build + find), sjoin / (build + find)],
        ["GeoPandas sjoin and the lowest code", 1000 * sjoin, 1.0],
    ]
    report.notes.append(
        f"{len(xy):,} points, {len(shapes):,} cells, {int((kept['ours'] != NOWHERE).sum()):,} points in one; the least"
        f" of three runs each; the same answer for every point. Limit: {_LIMIT:g} × with the index."
    )
    report.named += [
        ("locate.sjoin_speedup", sjoin / (build + find), "x"),
        ("locate.sjoin_speedup_kept", sjoin / find, "x"),
        ("locate.ms", 1000 * (build + find), "ms"),
    ]
    return report


def read_cells() -> np.ndarray:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(v.geometry) FROM grid_cellversion v JOIN grid_cell c ON c.id = v.cell_id"
            " WHERE c.kind = 'service' AND v.valid @> current_date ORDER BY v.code"
        )
        return shapely.from_wkb([bytes(shape) for (shape,) in cursor.fetchall()])


def points_over(shapes: np.ndarray, number: int) -> np.ndarray:
    """Points about the cells, as many about each, some beyond it; every thousandth on a corner that cells share."""
    draw = np.random.default_rng(4)
    boxes = shapely.bounds(shapes)[draw.integers(0, len(shapes), number)]
    low, size = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    xy = low + (draw.random((number, 2)) * 1.2 - 0.1) * size
    corners = shapely.get_coordinates(shapes)
    xy[::1000] = corners[draw.integers(0, len(corners), len(xy[::1000]))]
    return xy


def by_sjoin(xy: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*xy.T))
    joined = points.sjoin(geopandas.GeoDataFrame(geometry=shapes), predicate="intersects")
    found = np.full(len(xy), len(shapes), dtype=np.int64)
    np.minimum.at(found, joined.index.to_numpy(), joined["index_right"].to_numpy())
    return np.where(found == len(shapes), NOWHERE, found)


def _least(act) -> float:
    return min(seconds(act) for _ in range(3))
