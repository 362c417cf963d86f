"""Vector tiles made in SQL from the stored drawing copies. A tile carries an id and names; figures travel apart.

Areas and the base map are few and large, so they are clipped and thinned (`ST_AsMVTGeom`). Cells and buildings are
many and small: one affine step turns the stored copy into tile units, a third to a fifth of the cost; they are not
clipped, so the drawing layer clips. The half added before the cast rounds what `ST_AsMVT` would truncate.
Scope is a condition of the query: `&&` is not leakproof, so a GiST index is unusable under row-level security.
"""

from dataclasses import dataclass

from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import BadGeometry

EXTENT = 4096
_WORLD = 20037508.342789244  # half the width of the drawing CRS's square, metres of that CRS
MAX_ZOOM = 16
_BUFFER = 128  # tile units: half the widest road, so that neither roads nor outlines show the tile's edge
_MARGIN = _BUFFER / EXTENT


@dataclass(frozen=True)
class Frame:
    """A tile's place in the drawing CRS."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, z: int, x: int, y: int) -> "Frame":
        size = 2 * _WORLD / 2**z
        west, north = x * size - _WORLD, _WORLD - y * size
        return cls(west, north - size, west + size, north)

    @property
    def unit(self) -> float:
        """Metres of the drawing CRS per tile unit."""
        return (self.east - self.west) / EXTENT

    def affine(self, column: str) -> str:
        scale = 1 / self.unit
        east, north = -self.west * scale + 0.5, self.north * scale + 0.5
        return f"ST_Affine({column}, {scale!r}, 0, 0, {-scale!r}, {east!r}, {north!r})"

    def clipped(self, column: str) -> str:
        """The geometry thinned to half a tile unit of what the eye can tell apart, clipped to the tile."""
        box = self._envelope(self.west, self.south, self.east, self.north)
        return f"ST_AsMVTGeom(ST_Simplify({column}, {4 * self.unit!r}, true), {box}, {EXTENT}, {_BUFFER}, true)"

    def touches(self, column: str) -> str:
        pad = (self.east - self.west) * _MARGIN
        return f"{column} && {self._envelope(self.west - pad, self.south - pad, self.east + pad, self.north + pad)}"

    @staticmethod
    def _envelope(*bounds: float) -> str:
        # A constant: with the column's own SRID in it the condition could not be answered by an index.
        return f"ST_MakeEnvelope({', '.join(map(repr, bounds))}, {crs.DRAW})"


#: Smallest data zoom at which each set of tiles has anything in it.
MIN_ZOOM = {"base": 6, "areas": 4, "cells": 10, "buildings": 14}


def tile(name: str, z: int, x: int, y: int, scope: Scope) -> bytes:
    """One Mapbox vector tile, uncompressed; empty bytes when nothing is there.

    Raises BadGeometry for an address that is no tile.
    """
    if name not in MIN_ZOOM or not 0 <= z <= MAX_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise BadGeometry("There is no such tile.", fix=f"Ask for zoom 0 to {MAX_ZOOM} and a column and row inside it.")
    if z < MIN_ZOOM[name]:
        return b""
    parts = PARTS[name](Frame.of(z, x, y), z, scope)
    with connection.cursor() as cursor:
        return b"".join(_run(cursor, sql, params) for sql, params in parts)


def _run(cursor, sql: str, params: list) -> bytes:
    cursor.execute(sql, params)
    return bytes(cursor.fetchone()[0] or b"")


def _encode(layer: str, rows: str) -> str:
    # Without a condition on `shape`, which would make every geometry twice: ST_AsMVT passes over rows without one.
    return f"SELECT ST_AsMVT(r, '{layer}', {EXTENT}, 'shape', 'id') FROM ({rows}) r"


def _base(frame: Frame, z: int, scope: Scope):
    smallest = (8 * frame.unit) ** 2
    yield (
        _encode(
            "ground",
            f"SELECT id, kind, name, {frame.clipped('drawing')} AS shape FROM grid_ground"
            f" WHERE {frame.touches('drawing')} AND ST_Area(drawing) > {smallest!r}",
        ),
        [],
    )
    yield (
        _encode(
            "way",
            f"SELECT id, kind, rank, name, {frame.clipped('drawing')} AS shape FROM grid_way"
            f" WHERE {frame.touches('drawing')} AND (kind <> 'road' OR rank = ANY(%s))",
        ),
        [_ranks_at(z)],
    )


def _ranks_at(z: int) -> list[str]:
    shown = ["trunk"] + (["major"] if z >= 10 else []) + (["minor"] if z >= 12 else [])
    return shown + (["lane", "path"] if z >= 14 else [])


def _areas(frame: Frame, z: int, scope: Scope):
    levels = ["city", "district", "street"] if z < 10 else ["district", "street", "community"]
    inside, params = scope.sql("code")
    shape = frame.clipped("drawing")
    if z >= 12:  # neighbours thinned apart would not share their border, which is drawn once
        shape = f"CASE level WHEN 'community' THEN {frame.affine('drawing')} ELSE {shape} END"
    yield (
        _encode(
            "area",
            f"SELECT id, code, coalesce(nullif(short_name, ''), name) AS name, level, {shape} AS shape"
            f" FROM grid_area WHERE {frame.touches('drawing')} AND level = ANY(%s) AND {inside}",
        ),
        [levels, *params],
    )


def _cells(frame: Frame, z: int, scope: Scope):
    inside, params = scope.sql("code")
    shape = frame.affine("drawing") if z >= 13 else frame.clipped("drawing")
    yield (
        _encode(
            "cell",
            f"SELECT id, code, name, {shape} AS shape FROM grid_cellversion"
            f" WHERE {frame.touches('drawing')} AND valid @> current_date AND {inside}",
        ),
        params,
    )


def _buildings(frame: Frame, z: int, scope: Scope):
    inside, params = scope.sql("area")
    yield (
        _encode(
            "building",
            f"SELECT id, kind, floors, number AS label, {frame.affine('drawing')} AS shape FROM grid_building"
            f" WHERE {frame.touches('drawing')} AND {inside}",
        ),
        params,
    )


PARTS = {"base": _base, "areas": _areas, "cells": _cells, "buildings": _buildings}
