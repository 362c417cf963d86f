"""Heat maps: incidents counted into a cube of place bins × time bins for the window on screen.

The browser sums, smooths and colours; no single point leaves the server.
"""

import gzip
import json
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from layers.bins import MOST_BINS, Grid, places_in, too_large, within
from layers.heat_times import HOUR_OF_DAY, Times, hours_of_day
from layers.incident_columns import Columns
from layers.incident_selection import Selection


class Placed(NamedTuple):
    """Where and when n incidents happened, as `Columns` has it, in order of time."""

    east: np.ndarray
    north: np.ndarray
    at: np.ndarray


def cube_of(chosen: Selection, grid: Grid, times: Times, zone: ZoneInfo) -> np.ndarray:
    """The chosen incidents counted: int32, times × rows × columns, rows from the north.

    Raises WanggeError where that would be too large to send.
    """
    if grid.bins * len(times) > MOST_BINS:
        raise too_large()
    cube = np.zeros((len(times), grid.bins), dtype=np.int32)
    for columns, mask in chosen.parts:
        _count(cube, _counted(columns, mask, grid, times), grid, times, zone)
    return cube.reshape(len(times), grid.rows, grid.columns)


def _counted(columns: Columns, mask: np.ndarray, grid: Grid, times: Times) -> Placed:
    """The rows that count. The period is a slice, because rows are in order of time."""
    period = slice(*np.searchsorted(columns.at, [times.edges[0], times.edges[-1]]))
    rows = np.flatnonzero(mask[period] & within(columns.east[period], columns.north[period], grid))
    return Placed(columns.east[period][rows], columns.north[period][rows], columns.at[period][rows])


def _count(cube: np.ndarray, rows: Placed, grid: Grid, times: Times, zone: ZoneInfo) -> None:
    places = places_in(rows.east, rows.north, grid)
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
