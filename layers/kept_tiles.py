"""Tiles kept in memory as they go over the wire, for as long as the geometry they were made from is the same."""

import gzip
from threading import Lock

from cachetools import LRUCache
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.changes import version
from layers.tiles import MIN_ZOOM, tile

#: Bytes of compressed tiles a process keeps; the least recently asked for go first.
KEPT_BYTES = 64 * 1024 * 1024


# The 200 are for the key; an empty tile is worth keeping too.
_kept: LRUCache = LRUCache(KEPT_BYTES, getsizeof=lambda packed: len(packed) + 200)
_lock = Lock()


def mark_of(name: str, scope: Scope) -> str:
    """What the tiles of a layer and scope depend on besides their address: changes so far, areas, and the day."""
    # The day, because cells are in force from one day to another.
    now = version(name) if name in MIN_ZOOM else 0
    shown = "" if name == "base" else scope.setting
    return f"{now}.{timezone.localdate():%Y%m%d}.{shown}"


def kept_tile(name: str, z: int, x: int, y: int, scope: Scope, mark: str) -> bytes:
    """The tile of that mark in gzip, made now or kept from before; empty bytes when nothing is there.

    Raises BadGeometry for an address that is no tile.
    """
    key = (name, z, x, y, mark)
    with _lock:
        packed = _kept.get(key)
    if packed is None:
        content = tile(name, z, x, y, scope)
        # The lightest level: half the time of the usual one, a tenth more bytes.
        packed = gzip.compress(content, compresslevel=1, mtime=0) if content else b""
        with _lock:
            _kept[key] = packed
    return packed


def forget() -> None:
    """Drop every kept tile: after a test whose changes were taken back, or to measure from cold."""
    with _lock:
        _kept.clear()
