"""Incidents on the map: those of a window counted into clusters, every one of them in exactly one.

Bins of the screen's grid, and those whose middles would overlap put together; so a cluster stays where it is while the
map moves, and its number is a sum and not a guess.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from gis import crs
from layers.bins import Grid, places_in, within
from layers.incident_columns import PER_METRE
from layers.incident_selection import Selection, is_late, is_open

#: Sides of the bins, px of the screen.
SIDE = 64
#: Middles closer than this would lie on each other, share of a bin's side.
_TOO_CLOSE = 0.8


@dataclass(frozen=True)
class Clusters:
    """n clusters, the largest first: arrays of one length.

    `middle` and `box` (west, south, east, north of the members) are in degrees, n × 2 and n × 4; `ids` names the
    incident where there is but one, 0 elsewhere. `total` counts the members.
    """

    middle: np.ndarray
    box: np.ndarray
    count: np.ndarray
    late: np.ndarray
    open: np.ndarray
    doubt: np.ndarray
    ids: np.ndarray

    def __len__(self) -> int:
        return len(self.count)

    @property
    def total(self) -> int:
        return int(self.count.sum())


def clusters_in(chosen: Selection, grid: Grid, now: datetime) -> Clusters:
    """The chosen incidents of a window. `now`, a whole second, decides what is late."""
    rows = _rows_in(chosen, grid, now)
    count = np.bincount(rows.places, minlength=grid.bins)
    filled = np.flatnonzero(count)
    middle = np.column_stack([_sums(rows.places, one, grid.bins)[filled] for one in (rows.east, rows.north)])
    root = _together(filled, count[filled], middle / count[filled, None], grid)
    kept, joined = np.unique(root, return_inverse=True)
    number_of = np.zeros(grid.bins, dtype=np.int64)
    number_of[filled] = joined
    return _summed(rows, number_of[rows.places], len(kept))


@dataclass(frozen=True)
class _Rows:
    """Incidents in the window: arrays of one length."""

    ids: np.ndarray
    east: np.ndarray  # centimetres of the drawing CRS
    north: np.ndarray
    late: np.ndarray
    open: np.ndarray
    doubt: np.ndarray
    places: np.ndarray  # the bin


def _rows_in(chosen: Selection, grid: Grid, now: datetime) -> _Rows:
    parts = []
    for columns, mask in chosen.parts:
        rows = np.flatnonzero(mask & within(columns.east, columns.north, grid))
        places = places_in(columns.east[rows], columns.north[rows], grid)
        if (places < 0).any():
            rows, places = rows[places >= 0], places[places >= 0]
        asked = columns.ids, columns.east, columns.north, is_late(columns, now), is_open(columns), columns.doubt
        parts.append([*(one[rows] for one in asked), places])
    return _Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _together(bins: np.ndarray, count: np.ndarray, middle: np.ndarray, grid: Grid) -> np.ndarray:
    """For each bin the row of the bin that it joins: the fullest of those too close to it, of which it may be itself.

    Who joins one that joins another goes with it. Only neighbours are looked at, so that what lies beyond the window
    changes nothing but its edge.
    """
    best = np.arange(len(bins))
    nearest = (_TOO_CLOSE * grid.size * PER_METRE) ** 2
    for across, down in _AROUND:
        rows, others = _beside(bins, across, down, grid.columns)
        near = ((middle[rows] - middle[others]) ** 2).sum(axis=1) < nearest
        rows, others = rows[near], others[near]
        held = best[rows]
        fuller = (count[others] > count[held]) | ((count[others] == count[held]) & (others < held))
        best[rows[fuller]] = others[fuller]
    while ((further := best[best]) != best).any():
        best = further
    return best


_AROUND = [(across, down) for across in (-1, 0, 1) for down in (-1, 0, 1) if across or down]


def _beside(bins: np.ndarray, across: int, down: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of those bins that have a filled neighbour in a direction, and the rows of these. `bins` ascends."""
    x = bins % columns + across
    wanted = bins + down * columns + across
    found = np.minimum(np.searchsorted(bins, wanted), len(bins) - 1)
    rows = np.flatnonzero((x >= 0) & (x < columns) & (bins[found] == wanted)) if len(bins) else found
    return rows, found[rows]


def _summed(rows: _Rows, at: np.ndarray, number: int) -> Clusters:
    count = np.bincount(at, minlength=number)
    east, north = _sums(at, rows.east, number) / count, _sums(at, rows.north, number) / count
    box = np.column_stack([_ends(np.minimum, at, rows, number), _ends(np.maximum, at, rows, number)])
    ids = np.where(count == 1, _sums(at, rows.ids, number), 0).astype(np.int64)
    late, still_open, doubt = (_sums(at, one, number).astype(int) for one in (rows.late, rows.open, rows.doubt))
    order = np.argsort(-count, kind="stable")
    parts = _degrees(np.column_stack([east, north])), _degrees(box), count, late, still_open, doubt, ids
    return Clusters(*(part[order] for part in parts))


def _sums(at: np.ndarray, values: np.ndarray, number: int) -> np.ndarray:
    return np.bincount(at, weights=values, minlength=number)


def _ends(which: np.ufunc, at: np.ndarray, rows: _Rows, number: int) -> np.ndarray:
    ends = np.full((number, 2), np.inf if which is np.minimum else -np.inf)
    which.at(ends[:, 0], at, rows.east)
    which.at(ends[:, 1], at, rows.north)
    return ends


def _degrees(positions: np.ndarray) -> np.ndarray:
    """Positions of the copy, pair by pair, in degrees."""
    moved = crs.move(positions.reshape(-1, 2) / PER_METRE, crs.DRAW, crs.STORE)
    return moved.reshape(positions.shape)
