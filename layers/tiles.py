"""Vector tiles made in SQL from the stored drawing copies. A tile carries an id and names; figures travel apart.

| set | data zoom | layer | attributes besides the id |
|---|---|---|---|
| base | 6–16 | ground | kind, name (from zoom 12; below it open land only) |
| | | way | kind, rank, name (from zoom 12) |
| areas | 4–16 | area | code, level, name (of communities from zoom 12) |
| cells | 10–16 | cell | code, name (both from zoom 12; the list of places has them by id) |
| buildings | 12–13 | block | none, not even an id: the built ground of one area |
| | 14–16 | building | kind, floors, label |

Areas and the base map are few and large, so they are clipped and thinned (`ST_AsMVTGeom`). Cells, communities, blocks
and buildings are many and small: one affine step turns the stored copy into tile units, a third to a fifth of the cost;
they are not clipped, so the drawing layer clips. The half added before the cast rounds what `ST_AsMVT` would truncate.
From afar, where a tile holds thousands of outlines, the stored thinned copy is drawn, and words, which would be most of
the tile, are left out.
Scope is a condition of the query: `&&` is not leakproof, so a GiST index is unusable under row-level security.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import psycopg
from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.areas.outline import AREAS_ON
from gis.errors import BadGeometry
from gis.places.blocks import make_blocks

EXTENT = 4096
MAX_ZOOM = 16
_BUFFER = 128  # tile units: half the widest road, so that neither roads nor outlines show the tile's edge
_MARGIN = _BUFFER / EXTENT

#: Smallest data zoom at which each set of tiles has anything in it.
MIN_ZOOM = {"base": 6, "areas": 4, "cells": 10, "buildings": 12}
#: From here on houses one by one, below them blocks.
HOUSES_FROM = 14
#: From here on names, and outlines with every corner.
_NEAR = 12
#: What is told from paper from afar.
_OPEN_LAND = ["farm", "park", "water", "industry"]
#: What makes a tile, in the order of its layers: SQL that selects the encoded layer first, and its parameters.
Statements = Iterator[tuple[str, list]]


@dataclass(frozen=True)
class Frame:
    """A tile's place in the drawing CRS."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, z: int, x: int, y: int) -> "Frame":
        size = 2 * crs.DRAW_HALF / 2**z
        west, north = x * size - crs.DRAW_HALF, crs.DRAW_HALF - y * size
        return cls(west, north - size, west + size, north)

    @property
    def unit(self) -> float:
        """Metres of the drawing CRS per tile unit."""
        return (self.east - self.west) / EXTENT

    @property
    def padded(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the tile with the margin that is drawn beyond its edge."""
        pad = (self.east - self.west) * _MARGIN
        return self.west - pad, self.south - pad, self.east + pad, self.north + pad

    def affine(self, column: str) -> str:
        scale = 1 / self.unit
        east, north = -self.west * scale + 0.5, self.north * scale + 0.5
        return f"ST_Affine({column}, {scale!r}, 0, 0, {-scale!r}, {east!r}, {north!r})"

    def clipped(self, column: str) -> str:
        """The geometry thinned to half a tile unit of what the eye can tell apart, clipped to the tile."""
        box = _envelope(self.west, self.south, self.east, self.north)
        return f"ST_AsMVTGeom(ST_Simplify({column}, {4 * self.unit!r}, true), {box}, {EXTENT}, {_BUFFER}, true)"

    def touches(self, column: str) -> str:
        return f"{column} && {_envelope(*self.padded)}"


def _envelope(*bounds: float) -> str:
    # A constant: with the column's own SRID in it the condition could not be answered by an index.
    return f"ST_MakeEnvelope({', '.join(map(repr, bounds))}, {crs.DRAW})"


def tile(name: str, z: int, x: int, y: int, scope: Scope, day: date | None = None) -> bytes:
    """One Mapbox vector tile, uncompressed; empty bytes when nothing is there. `day`: of cells and areas, not today.

    Raises BadGeometry for an address that is no tile.
    """
    if name not in MIN_ZOOM or not 0 <= z <= MAX_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise BadGeometry("There is no such tile.", fix=f"Ask for zoom 0 to {MAX_ZOOM} and a column and row inside it.")
    if z < MIN_ZOOM[name] or not scope:
        return b""
    frame = Frame.of(z, x, y)
    if name == "buildings" and z < HOUSES_FROM:
        return _blocks_now(frame, z, scope)
    dated = {"cells": _cells, "areas": _areas}.get(name)
    parts = dated(frame, z, scope, day) if dated else PARTS[name](frame, z, scope)
    return b"".join(content for content, *_ in _run(parts))


def _run(statements: Statements) -> list[tuple]:
    connection.ensure_connection()
    # The driver's own cursor: a tile comes as the bytes it is, not as digits twice as long.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        # Not prepared: the address is part of the text.
        return [_row(cursor.execute(sql, params, binary=True, prepare=False)) for sql, params in statements]


def _row(cursor: psycopg.Cursor) -> tuple:
    content, *more = cursor.fetchone() or (None,)
    return content or b"", *more


def _blocks_now(frame: Frame, z: int, scope: Scope) -> bytes:
    """The blocks, those made first that have changed; whether any has is asked together with them."""
    ((content, is_old),) = _run(_buildings(frame, z, scope))
    if is_old:
        make_blocks(*frame.padded)
        ((content, _),) = _run(_buildings(frame, z, scope))
    return content


def _encode(layer: str, rows: str, key: str = "'id'", more: str = "") -> str:
    # Without a condition on `shape`, which would make every geometry twice: ST_AsMVT passes over rows without one.
    return f"SELECT ST_AsMVT(r, '{layer}', {EXTENT}, 'shape', {key}){more} FROM ({rows}) r"


def _base(frame: Frame, z: int, scope: Scope) -> Statements:
    smallest = (8 * frame.unit) ** 2
    named = ", name" if z >= _NEAR else ""
    yield (
        _encode(
            "ground",
            f"SELECT id, kind{named}, {frame.clipped('drawing')} AS shape FROM grid_ground"
            f" WHERE {frame.touches('drawing')} AND (%s OR kind = ANY(%s)) AND ST_Area(drawing) > {smallest!r}",
        ),
        [z >= _NEAR, _OPEN_LAND],
    )
    yield (
        _encode(
            "way",
            f"SELECT id, kind, rank{named}, {frame.clipped('drawing')} AS shape FROM grid_way"
            f" WHERE {frame.touches('drawing')} AND (kind <> 'road' OR rank = ANY(%s))",
        ),
        [_ranks_at(z)],
    )


def _ranks_at(z: int) -> list[str]:
    shown = ["trunk"] + (["major"] if z >= 10 else []) + (["minor"] if z >= 12 else [])
    return shown + (["lane", "path"] if z >= 14 else [])


def _areas(frame: Frame, z: int, scope: Scope, day: date | None = None) -> Statements:
    levels = ["city", "district", "street"] if z < 10 else ["district", "street", "community"]
    inside, params = scope.sql("code")
    called = "name" if day else "coalesce(nullif(short_name, ''), name)"
    # Neighbours thinned apart would not share their border, which is drawn once: near by communities keep every corner.
    stored = "drawing" if z >= _NEAR or day else "coarse"
    if z < _NEAR:
        called = f"CASE WHEN level <> 'community' THEN {called} END"
    shape = f"CASE level WHEN 'community' THEN {frame.affine(stored)} ELSE {frame.clipped(stored)} END"
    yield (
        _encode(
            "area",
            f"SELECT id, code, {called} AS name, level, {shape} AS shape"
            f" FROM {AREAS_ON if day else 'grid_area'} WHERE {frame.touches('drawing')} AND level = ANY(%s)"
            f" AND {inside}",
        ),
        [*([day] * 3 if day else []), levels, *params],
    )


def _cells(frame: Frame, z: int, scope: Scope, day: date | None = None) -> Statements:
    inside, params = scope.sql("code")
    words = ", code, name" if z >= _NEAR else ""
    shape = frame.affine("drawing" if z > _NEAR else "coarse")
    yield (
        _encode(
            "cell",
            f"SELECT id{words}, {shape} AS shape FROM grid_cellversion"
            f" WHERE {frame.touches('drawing')} AND valid @> coalesce(%s::date, current_date) AND {inside}",
        ),
        [day, *params],
    )


def _buildings(frame: Frame, z: int, scope: Scope) -> Statements:
    inside, params = scope.sql("area")
    here = f"WHERE {frame.touches('drawing')} AND {inside}"
    shape = f"{frame.affine('drawing')} AS shape"
    if z < HOUSES_FROM:
        is_old = f", EXISTS (SELECT FROM grid_blockchange WHERE {frame.touches('touched')})"
        yield _encode("block", f"SELECT {shape} FROM grid_block {here}", "NULL", is_old), params
    else:
        columns = "id, kind, floors, number AS label"
        yield _encode("building", f"SELECT {columns}, {shape} FROM grid_building {here}"), params


PARTS = {"base": _base, "areas": _areas, "cells": _cells, "buildings": _buildings}
