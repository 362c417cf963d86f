"""Boxes and shapes as programs write them, in any CRS that is served, as shapes of the stored one."""

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import BadQuery
from layers.features.kind import Condition, Kind

#: Corners of a shape in a filter.
_MOST_CORNERS = 20_000
#: Pieces into which a side of a box is cut before it is moved from a plane, where it would be straight no longer.
_PIECES = 16
#: Beyond this latitude the drawing CRS ends.
_DRAWN_TO = 85.05


def within_box(kind: Kind, text: str, served: crs.Served) -> Condition:
    """The features that meet a box: `west,south,east,north` in the axes of its CRS, or with heights six numbers.

    Where west lies east of east, in degrees, the box goes across the antimeridian. Raises BadQuery.
    """
    box = polygon_of(text.split(","), served)
    sql, params = f"ST_Intersects({kind.shape}, ST_GeomFromWKB(%s, {crs.STORE}))", (shapely.to_wkb(box),)
    if not kind.found or (drawn := _drawn(box)) is None:
        return Condition(sql, params)
    around = f"{kind.found} && ST_MakeEnvelope(%s, %s, %s, %s, {crs.DRAW})"
    return Condition(f"{around} AND {sql}", (*drawn, *params))


def _drawn(box: shapely.Geometry) -> tuple[float, ...] | None:
    """The bounds in the drawing CRS, by which an index finds. None where the box goes beyond what is drawn."""
    west, south, east, north = shapely.bounds(box)
    if south < -_DRAWN_TO or north > _DRAWN_TO:
        return None
    corners = crs.move(np.array([[west, south], [east, north]]), crs.STORE, crs.DRAW)
    metre = np.array([[-1.0, -1.0], [1.0, 1.0]])  # for the rounding of both
    return tuple((corners + metre).ravel().tolist())


def polygon_of(parts: list[str], served: crs.Served) -> shapely.Geometry:
    """Four or six numbers as a polygon in degrees, two where the antimeridian parts it. Raises BadQuery."""
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not np.isfinite(numbers).all():
        raise BadQuery(_("范围不是四个数。"), fix=_("请写成 bbox=116.5,40.0,116.7,40.2。"))
    low, high = ((numbers[0], numbers[1]), (numbers[len(numbers) // 2], numbers[len(numbers) // 2 + 1]))
    (west, south), (east, north) = (end[::-1] if served.flips else end for end in (low, high))
    if south > north or (west > east and not served.in_degrees):
        raise BadQuery(_("范围的角反了。"), fix=_("先写西南角，再写东北角；EPSG:4326 先写纬度。"))
    if served.in_degrees:
        return _in_degrees(west, south, east, north)
    side = np.linspace(0, 1, _PIECES, endpoint=False)
    ring = np.concatenate([_side(*ends, side) for ends in _sides(west, south, east, north)])
    return placed(shapely.polygons(ring[:, ::-1] if served.flips else ring), served)


def _in_degrees(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    if not (-180 <= west <= 180 and -180 <= east <= 180 and south >= -90 and north <= 90):
        raise BadQuery(_("范围超出了经纬度。"), fix=_("经度 -180 到 180，纬度 -90 到 90；EPSG:4326 先写纬度。"))
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.multipolygons([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])


def _sides(west: float, south: float, east: float, north: float) -> list[tuple]:
    corners = [(west, south), (east, south), (east, north), (west, north)]
    return list(zip(corners, corners[1:] + corners[:1], strict=True))


def _side(start: tuple, end: tuple, share: np.ndarray) -> np.ndarray:
    return np.array(start) + share[:, None] * (np.array(end) - np.array(start))


def placed(shape: shapely.Geometry, served: crs.Served) -> shapely.Geometry:
    """A shape in the axes of a CRS as one in degrees, east before north. Raises BadQuery."""
    if shapely.is_empty(shape) or shapely.get_num_coordinates(shape) > _MOST_CORNERS:
        raise BadQuery(_("filter 中的形状是空的，或太复杂。"), fix=_("请核对形状。"))
    with np.errstate(all="ignore"):
        moved = shapely.transform(shapely.force_2d(shape), lambda xy: _moved(xy, served))
    x, y = shapely.get_coordinates(moved).T
    if not (np.isfinite(x).all() and np.isfinite(y).all() and abs(x).max() <= 180 and abs(y).max() <= 90):
        raise BadQuery(_("形状超出了坐标系的范围。"), fix=_("请核对 bbox-crs 或 filter-crs，以及坐标的先后。"))
    if not shapely.is_valid(moved):
        raise BadQuery(_("形状与自己相交。"), fix=_("请改正形状。"))
    return moved


def _moved(xy: np.ndarray, served: crs.Served) -> np.ndarray:
    return crs.move(xy[:, ::-1] if served.flips else xy, served.srid, crs.STORE)
