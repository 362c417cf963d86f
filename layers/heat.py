"""Heat maps: incidents counted into a cube of place bins × time bins for the window on screen.

The browser sums, smooths and colours; no single point leaves the server. Place bins are squares of the drawing CRS
counted from the world's north-west corner, so they stay where they are while the map moves.
"""

import gzip
import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import WanggeError
from layers.heat_times import HOUR_OF_DAY, Times, hours_of_day
from layers.incident_columns import PER_METRE, Columns
from layers.incident_selection import Selection

#: Bins of one cube: what a browser sums in a few milliseconds a frame and holds in some 30 MB.
MOST_BINS = 8_000_000
MAX_ZOOM = 20
#: Sides of a place bin that may be asked for, in pixels of the screen.
SIDES = (4, 8, 16, 32, 64)
_TILE = 256  # px of the world's width at zoom 0


@dataclass(frozen=True)
class Grid:
    """`columns` × `rows` square bins of `size` metres of the drawing CRS; `left` and `top` number the first of them."""

    left: int
    top: int
    columns: int
    rows: int
    size: float

    @property
    def corner(self) -> tuple[float, float]:
        """The north-west corner in the drawing CRS."""
        return self.left * self.size - crs.DRAW_HALF, crs.DRAW_HALF - self.top * self.size

    @property
    def bins(self) -> int:
        return self.columns * self.rows


class Placed(NamedTuple):
    """Where and when n incidents happened, as `Columns` has it, in order of time."""

    east: np.ndarray
    north: np.ndarray
    at: np.ndarray


def grid_over(box: tuple[float, float, float, float], zoom: int, side: int = 8) -> Grid:
    """The bins that cover a window given in degrees (west, south, east, north), of `side` px at that zoom.

    Raises WanggeError for a window that is none, or one of too many bins.
    """
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -85.06 <= south < north <= 85.06 and 0 <= zoom <= MAX_ZOOM):
        raise WanggeError(_("地图范围无法识别。"), fix=_("请重新打开地图。"))
    if side not in SIDES:
        raise WanggeError(_("没有这种网点大小。"), fix=_("请重新打开地图。"))
    size = 2 * crs.DRAW_HALF * side / (_TILE * 2**zoom)
    corners = crs.move(np.array([[west, north], [east, south]]), crs.STORE, crs.DRAW)
    (left, top), (right, bottom) = ((_at(x, 1, size), _at(y, -1, size)) for x, y in corners)
    grid = Grid(left, top, right - left + 1, bottom - top + 1, size)
    if grid.bins > MOST_BINS:
        raise _too_large()
    return grid


def _at(metres: float, sign: int, size: float) -> int:
    return math.floor((crs.DRAW_HALF + sign * metres) / size)


def _too_large() -> WanggeError:
    return WanggeError(_("热力图的范围太大，时间太细。"), fix=_("请缩短时间段、选择更长的步长，或缩小地图窗口。"))


def cube_of(chosen: Selection, grid: Grid, times: Times, zone: ZoneInfo) -> np.ndarray:
    """The chosen incidents counted: int32, times × rows × columns, rows from the north.

    Raises WanggeError where that would be too large to send.
    """
    if grid.bins * len(times) > MOST_BINS:
        raise _too_large()
    cube = np.zeros((len(times), grid.bins), dtype=np.int32)
    for columns, mask in chosen.parts:
        _count(cube, _counted(columns, mask, grid, times), grid, times, zone)
    return cube.reshape(len(times), grid.rows, grid.columns)


def _counted(columns: Columns, mask: np.ndarray, grid: Grid, times: Times) -> Placed:
    """The rows that count. The period is a slice, because rows are in order of time."""
    period = slice(*np.searchsorted(columns.at, [times.edges[0], times.edges[-1]]))
    rows = np.flatnonzero(mask[period] & _within(columns.east[period], columns.north[period], grid))
    return Placed(columns.east[period][rows], columns.north[period][rows], columns.at[period][rows])


def _within(east: np.ndarray, north: np.ndarray, grid: Grid) -> np.ndarray:
    """Mask of the positions in the grid, a bin's breadth generous: `_places` decides at the border."""
    left, top = grid.corner
    pad = grid.size
    right, bottom = left + grid.columns * grid.size, top - grid.rows * grid.size
    low, high = _in_units(left - pad), _in_units(right + pad)
    mask = (east >= low) & (east <= high)
    low, high = _in_units(bottom - pad), _in_units(top + pad)
    return mask & (north >= low) & (north <= high)


def _in_units(metres: float) -> np.int32:
    limits = np.iinfo(np.int32)
    return np.int32(min(max(metres * PER_METRE, limits.min), limits.max))


def _places(rows: Placed, grid: Grid) -> np.ndarray:
    """The place bin of each row, row by row from the north-west; −1 outside the grid."""
    x = np.floor((rows.east / PER_METRE + crs.DRAW_HALF) / grid.size).astype(np.int64) - grid.left
    y = np.floor((crs.DRAW_HALF - rows.north / PER_METRE) / grid.size).astype(np.int64) - grid.top
    outside = (x < 0) | (x >= grid.columns) | (y < 0) | (y >= grid.rows)
    return np.where(outside, -1, y * grid.columns + x)


def _count(cube: np.ndarray, rows: Placed, grid: Grid, times: Times, zone: ZoneInfo) -> None:
    places = _places(rows, grid)
    if times.step == HOUR_OF_DAY:
        keys = hours_of_day(rows.at, zone) * grid.bins + places
        cube += np.bincount(keys[places >= 0], minlength=cube.size).reshape(cube.shape).astype(np.int32)
        return
    # In order of time, so each time bin is a slice: the sums stay in the processor's cache.
    cuts = np.searchsorted(rows.at, times.edges)
    for number, (start, end) in enumerate(pairwise(cuts)):
        if start < end:
            here = places[start:end]
            cube[number] += np.bincount(here[here >= 0], minlength=grid.bins).astype(np.int32)


def packed(cube: np.ndarray, grid: Grid, times: Times) -> bytes:
    """The cube as it travels, gzip: four bytes of length, that much JSON, then the counts, all little endian.

    The JSON is padded so that the counts begin at a multiple of 8. They are of the smallest type that holds them.
    """
    kind = next(kind for kind in ("u1", "<u2", "<u4") if cube.size == 0 or cube.max() <= np.iinfo(kind).max)
    west, north = grid.corner
    head = {
        "west": west, "north": north, "size": grid.size, "columns": grid.columns, "rows": grid.rows,
        "step": times.step, "times": times.names, "days": times.days, "bytes": np.dtype(kind).itemsize,
        "total": int(cube.sum()),
    }  # fmt: skip
    said = json.dumps(head, separators=(",", ":")).encode()
    said += b" " * (-(4 + len(said)) % 8)
    body = len(said).to_bytes(4, "little") + said + cube.astype(kind).tobytes()
    return gzip.compress(body, compresslevel=1, mtime=0)
