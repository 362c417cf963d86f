"""A still drawing of one place for a record page: outlines as SVG paths, made in SQL from the drawing copies.

Units are metres of the drawing CRS from the north-west corner of the place, x to the east, y to the south.
"""

from dataclasses import dataclass

from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.areas.area import LEVELS

_EDGE = 0.06  # white around the place, as a share of its longer side
_MOST = 2000


@dataclass(frozen=True)
class Shape:
    path: str
    title: str
    code: str
    marked: bool = False


@dataclass(frozen=True)
class Sketch:
    """`box` is the viewBox; `mark` a point in its units; `unit` a length that looks the same in every drawing."""

    box: str
    outline: str
    roads: tuple[str, ...]
    shapes: tuple[Shape, ...]
    mark: tuple[float, float] | None
    unit: float
    #: West and north of the place in the drawing CRS, where the drawing's units begin.
    corner: tuple[float, float] = (0.0, 0.0)


_FRAME = """
SELECT ST_XMin(drawing), ST_YMin(drawing), ST_XMax(drawing), ST_YMax(drawing) FROM {table} WHERE {condition}"""


def sketch_cell(version: int, scope: Scope, *, building: int | None = None, point=None) -> Sketch | None:
    """A version of a cell with its buildings, one of them or a point (EPSG:4326) marked."""
    frame = _frame("grid_cellversion", version)
    if frame is None:
        return None
    inside, params = scope.sql("b.area")
    sql = (
        "SELECT {path}, b.number, b.id::text FROM grid_building b, grid_cellversion c"
        f" WHERE c.id = %s AND b.drawing && c.drawing AND ST_Intersects(b.drawing, c.drawing) AND {inside} LIMIT %s"
    )
    shapes = _shapes(frame, sql, "b.drawing", [version, *params, _MOST], marked=str(building))
    return _sketch(frame, "grid_cellversion", version, shapes, point)


def sketch_area(pk: int, code: str, scope: Scope) -> Sketch | None:
    """An area with what lies directly in it: communities of a street, cells of a community."""
    frame = _frame("grid_area", pk)
    if frame is None:
        return None
    inside, params = scope.sql("code")
    if len(code) == 12:
        rows = "grid_cellversion a WHERE valid @> current_date AND code >= %s AND code < %s"
    else:
        longer = min(length for length in LEVELS if length > len(code))
        rows = f"grid_area a WHERE length(code) = {longer} AND drawing IS NOT NULL AND code >= %s AND code < %s"
    sql = f"SELECT {{path}}, name, code FROM {rows} AND {inside} ORDER BY code LIMIT %s"
    shapes = _shapes(frame, sql, "drawing", [code, code + ":", *params, _MOST])
    return _sketch(frame, "grid_area", pk, shapes, None)


def houses_in(pk: int, code: str) -> tuple[str, ...]:
    """The buildings of an area, as plain shapes in the units of its sketch: public ground, without number or use."""
    frame = _frame("grid_area", pk)
    if frame is None:
        return ()
    sql = f"SELECT {_path(frame, 'drawing')} FROM grid_building WHERE area >= %s AND area < %s LIMIT %s"
    return tuple(path for (path,) in _fetch(sql, [code, code + ":", _MOST]) if path)


def _frame(table: str, pk: int) -> tuple[float, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_FRAME.format(table=table, condition="id = %s"), [pk])
        found = cursor.fetchone()
    return found if found and found[0] is not None else None


def _path(frame: tuple, column: str) -> str:
    west, _, _, north = frame
    finest = max(frame[2] - frame[0], frame[3] - frame[1]) / 1000
    moved = f"ST_Translate(ST_Simplify({column}, {finest!r}, true), {-west!r}, {-north!r})"
    return f"ST_AsSVG({moved}, 1, {0 if finest > 0.5 else 1})"


def _shapes(frame: tuple, sql: str, column: str, params: list, marked: str = "") -> tuple[Shape, ...]:
    rows = _fetch(sql.format(path=_path(frame, column)), params)
    return tuple(Shape(path, title, code, code == marked) for path, title, code in rows if path)


def _sketch(frame: tuple, table: str, pk: int, shapes: tuple[Shape, ...], point) -> Sketch:
    west, south, east, north = frame
    edge = _EDGE * max(east - west, north - south)
    box = " ".join(f"{value:.0f}" for value in (-edge, -edge, east - west + 2 * edge, north - south + 2 * edge))
    outline = _fetch(f"SELECT {_path(frame, 'drawing')} FROM {table} WHERE id = %s", [pk])[0][0]
    return Sketch(box, outline, _roads(frame, table, pk), shapes, _mark(frame, point), edge / _EDGE / 45, (west, north))


def _roads(frame: tuple, table: str, pk: int) -> tuple[str, ...]:
    cut = _path(frame, "ST_CollectionExtract(ST_Intersection(w.drawing, c.drawing), 2)")
    sql = (
        f"SELECT {cut} FROM grid_way w, {table} c WHERE c.id = %s AND w.kind = 'road'"
        " AND w.rank IN ('trunk', 'major', 'minor') AND w.drawing && c.drawing LIMIT %s"
    )
    return tuple(path for (path,) in _fetch(sql, [pk, _MOST]) if path)


def _mark(frame: tuple, point) -> tuple[float, float] | None:
    if point is None:
        return None
    drawn = point.transform(crs.DRAW, clone=True)
    return round(drawn.x - frame[0], 1), round(frame[3] - drawn.y, 1)


def _fetch(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
