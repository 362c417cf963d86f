"""Square bins of the drawing CRS over a window of the map.

Counted from the world's north-west corner, so that they stay where they are while the map moves.
"""

import math
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import WanggeError
from layers.incident_columns import PER_METRE

MAX_ZOOM = 20
#: Sides of a bin that may be asked for, in pixels of the screen.
SIDES = (4, 8, 16, 32, 64)
#: Bins of one window: what a browser sums in a few milliseconds a frame and holds in some 30 MB.
MOST_BINS = 8_000_000
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
        raise too_large()
    return grid


def _at(metres: float, sign: int, size: float) -> int:
    return math.floor((crs.DRAW_HALF + sign * metres) / size)


def too_large() -> WanggeError:
    return WanggeError(_("热力图的范围太大，时间太细。"), fix=_("请缩短时间段、选择更长的步长，或缩小地图窗口。"))


def within(east: np.ndarray, north: np.ndarray, grid: Grid) -> np.ndarray:
    """Mask of the positions in the grid, a bin's breadth generous: `places_in` decides at the border."""
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


def places_in(east: np.ndarray, north: np.ndarray, grid: Grid) -> np.ndarray:
    """The bin of each position, row by row from the north-west; −1 outside the grid."""
    x = np.floor((east / PER_METRE + crs.DRAW_HALF) / grid.size).astype(np.int64) - grid.left
    y = np.floor((crs.DRAW_HALF - north / PER_METRE) / grid.size).astype(np.int64) - grid.top
    outside = (x < 0) | (x >= grid.columns) | (y < 0) | (y >= grid.rows)
    return np.where(outside, -1, y * grid.columns + x)
