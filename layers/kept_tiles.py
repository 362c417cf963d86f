"""Tiles kept in memory as they go over the wire, for as long as the geometry they were made from is the same."""

import gzip
from datetime import date
from threading import Lock

import pyarrow as pa
from cachetools import LRUCache
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.changes import version
from layers.tiles import MIN_ZOOM, tile

#: Raise it when tiles come to hold something else of the same ground: browsers keep those they have by the mark.
_FORM = 3
#: Bytes of compressed tiles a process keeps; the least recently asked for go first.
KEPT_BYTES = 64 * 1024 * 1024


# The 200 are for the key; an empty tile is worth keeping too.
_kept: LRUCache = LRUCache(KEPT_BYTES, getsizeof=lambda packed: len(packed) + 200)
_lock = Lock()


def mark_of(name: str, scope: Scope, day: date | None = None) -> str:
    """What the tiles of a layer and scope depend on besides their address: changes so far, areas, and the day."""
    # The day, because cells are in force from one day to another.
    now = version(name) if name in MIN_ZOOM else 0
    shown = "" if name == "base" else scope.setting
    return f"{_FORM}.{now}.{day or timezone.localdate():%Y%m%d}.{shown}"


def kept_tile(
    name: str, z: int, x: int, y: int, scope: Scope, mark: str, coding: str = "gzip", day: date | None = None
) -> bytes:
    """The tile of that mark as it travels in a `coding` of PACKED, made now or kept; empty bytes for an empty one.

    Raises BadGeometry for an address that is no tile.
    """
    key = (name, z, x, y, mark, coding)
    with _lock:
        packed = _kept.get(key)
    if packed is None:
        content = tile(name, z, x, y, scope, day)
        packed = PACKED[coding](content) if content else b""
        with _lock:
            _kept[key] = packed
    return packed


def _gzip(content: bytes) -> bytes:
    # The lightest level: two thirds of the time of the usual one, a tenth more bytes.
    return gzip.compress(content, compresslevel=1, mtime=0)


def _zstd(content: bytes) -> bytes:
    return pa.compress(content, codec="zstd", asbytes=True)


#: How tiles travel, best first: Zstandard takes a fifth of the time for as few bytes.
PACKED = {"zstd": _zstd, "gzip": _gzip}


def forget() -> None:
    """Drop every kept tile: after a test whose changes were taken back, or to measure from cold."""
    with _lock:
        _kept.clear()
