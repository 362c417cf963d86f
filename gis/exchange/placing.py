"""Which cell and community a point or an outline belongs to: whole columns at once, in Shapely's STRtree.

A point on a shared border goes to the lowest code. An outline goes where most of it lies.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.areas.holding import most_held

NOWHERE = -1


@dataclass(frozen=True)
class Ground:
    """Areas to place things in, in ascending order of their codes."""

    codes: np.ndarray  # object
    shapes: np.ndarray  # Shapely, degrees
    ids: np.ndarray  # int64: primary keys
    starts: np.ndarray  # datetime64[D], for cells; NaT = open
    ends: np.ndarray  # datetime64[D], not included; NaT = open
    cells: np.ndarray  # int64: identity of the cell, 0 for communities

    def __len__(self) -> int:
        return len(self.codes)

    def where(self, mask: np.ndarray) -> "Ground":
        return Ground(*(column[mask] for column in vars(self).values()))

    def on(self, day: date) -> "Ground":
        """The part in force on a day."""
        moment = np.datetime64(day, "D")
        begun = np.isnat(self.starts) | (self.starts <= moment)
        return self.where(begun & (np.isnat(self.ends) | (self.ends > moment)))


_COMMUNITIES = """
SELECT code, ST_AsBinary(geometry), id, NULL::date, NULL::date, 0 FROM grid_area
WHERE level = 'community' AND geometry && ST_MakeEnvelope(%s, %s, %s, %s, %s) AND (ends IS NULL OR ends > current_date)
"""
_CELLS = """
SELECT v.code, ST_AsBinary(v.geometry), v.id, lower(v.valid), upper(v.valid), v.cell_id
FROM grid_cellversion v JOIN grid_cell c ON c.id = v.cell_id
WHERE c.kind = 'service' AND NOT isempty(v.valid) AND v.geometry && ST_MakeEnvelope(%s, %s, %s, %s, %s)
"""


def communities_within(bounds: np.ndarray, under: str = "") -> Ground:
    """Communities whose outlines meet the bounds (west, south, east, north in degrees), below one area if named."""
    return _load(_COMMUNITIES, bounds, under, "code")


def cells_within(bounds: np.ndarray, under: str = "") -> Ground:
    """Every version of the service cells that meets the bounds, whenever it was in force."""
    return _load(_CELLS, bounds, under, "v.code")


def _load(sql: str, bounds: np.ndarray, under: str, column: str) -> Ground:
    values: list = [*map(float, bounds), crs.STORE]
    if under:
        condition, codes = Scope((under,)).sql(column)
        sql, values = f"{sql} AND {condition}", [*values, *codes]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY 1", values)
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return Ground(
        np.array(columns[0], dtype=object),
        shapely.from_wkb([bytes(shape) for shape in columns[1]]) if rows else np.empty(0, dtype=object),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype="datetime64[D]"),
        np.array(columns[4], dtype="datetime64[D]"),
        np.array(columns[5], dtype=np.int64),
    )


def place_points(xy: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Index of the first shape that holds or touches each point (n × 2), NOWHERE where none does.

    Shapes in ascending order of their codes make that the lowest code.
    """
    place, point = _point_pairs(xy, shapes)
    found = np.full(len(xy), len(shapes), dtype=np.int64)
    np.minimum.at(found, point, place)
    found[found == len(shapes)] = NOWHERE
    return found


def place_points_dated(xy: np.ndarray, days: np.ndarray, ground: Ground) -> np.ndarray:
    """Like `place_points`, among the versions in force on each point's own day (datetime64[D])."""
    place, point = _point_pairs(xy, ground.shapes)
    begun = np.isnat(ground.starts[place]) | (ground.starts[place] <= days[point])
    lasting = np.isnat(ground.ends[place]) | (ground.ends[place] > days[point])
    found = np.full(len(xy), len(ground), dtype=np.int64)
    np.minimum.at(found, point[begun & lasting], place[begun & lasting])
    found[found == len(ground)] = NOWHERE
    return found


def _point_pairs(xy: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(shape, point) index pairs. The tree holds the points, so that each large shape is prepared once."""
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    tree = shapely.STRtree(shapely.points(xy[known]))
    place, point = tree.query(shapes, predicate="intersects")
    return place, known[point]


def place_outlines(outlines: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the shape that holds most of each outline (NOWHERE where none meets it), and the share held by all.

    Two shapes that hold the same share: the lower code. An outline that is missing is nowhere.
    """
    found, share = np.full(len(outlines), NOWHERE, dtype=np.int64), np.zeros(len(outlines))
    present = np.flatnonzero(~shapely.is_missing(outlines))
    tree = shapely.STRtree(outlines[present])
    place, row = tree.query(shapes, predicate="contains_properly")
    found[present[row]], share[present[row]] = place, 1.0
    rest = present[found[present] == NOWHERE]
    place, row = shapely.STRtree(outlines[rest]).query(shapes, predicate="intersects")
    row = rest[row]
    common = shapely.area(shapely.intersection(outlines[row], shapes[place]))
    kept = np.flatnonzero(common > 0)
    kept = kept[most_held(row[kept], place[kept], common[kept])]
    found[row[kept]] = place[kept]
    whole = shapely.area(outlines)
    share[rest] = np.minimum(np.bincount(row, common, len(outlines))[rest] / whole[rest], 1.0)
    return found, share


def nearest(xy: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the nearest shape to each point (degrees), and the distance in metres.

    Measured in the metric zone of each point's neighbourhood: good to a metre up to some 100 km, and a measure of
    "far away" beyond.
    """
    found, metres = np.full(len(xy), NOWHERE, dtype=np.int64), np.full(len(xy), np.inf)
    known = np.isfinite(xy).all(axis=1)
    if not len(shapes) or not known.any():
        return found, metres
    points = shapely.points(xy[known])
    index, place = shapely.STRtree(shapes).query_nearest(points, all_matches=False)
    found[np.flatnonzero(known)[index]] = place
    metres[np.flatnonzero(known)[index]] = _metres(points[index], shapes[place])
    return found, metres


def _metres(points: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    ends = shapely.get_coordinates(shapely.shortest_line(points, shapes)).reshape(-1, 2, 2)
    from_, to = ends[:, 0], ends[:, 1]
    return great_circle(from_, to)


def great_circle(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Metres between positions in degrees (n × 2 each), on a sphere of the Earth's mean radius: within 0.5 %."""
    first, second = np.radians(first), np.radians(second)
    half = (second - first) / 2
    chord = np.sin(half[:, 1]) ** 2 + np.cos(first[:, 1]) * np.cos(second[:, 1]) * np.sin(half[:, 0]) ** 2
    return 2 * 6_371_008.8 * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
