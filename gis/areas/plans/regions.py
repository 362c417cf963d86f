"""Annealing ground of any size, some cells at a time.

A search over 20,000 tiles touches one at random each step, and waits for memory each time. The same steps over a few
hundred cells, and then over the next few hundred, take half as long. From pass to pass the regions lie across each
other, so that what was their edge is later their middle.
"""

import math
from random import Random

import numpy as np

from gis.areas.plans.annealing import COLD, HOT, Piece, Search, Tell, anneal, nobody, within
from gis.areas.plans.wish import Wish

#: Tiles of a region, about; ground of fewer is searched at once.
_MOST = 2_500
_PASSES = 4


def anneal_by_region(
    piece: Piece, cell: list[int], middle: np.ndarray, wish: Wish, random: Random, tell: Tell = nobody
) -> list[int]:
    """The cells of tiles after so many tries for each as are wished, ever stricter from the first pass to the last."""
    cells = np.array(cell)
    passes = _PASSES if len(cells) > _MOST else 1
    steps, cooled = wish.effort / passes, (COLD / HOT) ** (1 / passes)
    for number in range(passes):
        hot, done = HOT * cooled**number, 0
        for rows in regions(cells, middle, math.pi * number / passes):
            told = within(tell, number + done / len(cells), len(rows) / len(cells), passes)
            cells[rows] = _annealed(piece, rows, cells[rows], wish, int(steps * len(rows)), random, told, hot, cooled)
            done += len(rows)
    return cells.tolist()


def _annealed(piece: Piece, rows: np.ndarray, cells: np.ndarray, wish, steps: int, random, tell, hot, cooled):
    names, own = np.unique(cells, return_inverse=True)
    inner = piece if len(rows) == len(piece.load) else piece.part(rows.tolist())
    search = Search(inner, own.tolist(), len(names), wish)
    anneal(search, steps, random, tell, hot, hot * cooled)
    return names[search.cell]


def regions(cell: np.ndarray, middle: np.ndarray, angle: float) -> list[np.ndarray]:
    """The tiles (sorted rows) of whole cells that lie together, `_MOST` at most, as squares turned by an angle."""
    size = np.bincount(cell)
    names = np.flatnonzero(size)
    centre = np.column_stack([np.bincount(cell, axis) for axis in middle.T])[names] / size[names][:, None]
    turned = centre @ np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    region = np.zeros(len(size), dtype=int)
    for number, some in enumerate(_halved(turned, size[names], np.arange(len(names)))):
        region[names[some]] = number
    order = np.argsort(region[cell], kind="stable")
    return np.split(order, np.flatnonzero(np.diff(region[cell][order])) + 1)


def _halved(place: np.ndarray, size: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """Rows in groups that are small enough: each time cut across the longer side into halves of as many tiles."""
    if len(rows) < 4 or size[rows].sum() <= _MOST:
        return [rows]
    order = rows[np.argsort(place[rows, np.argmax(np.ptp(place[rows], axis=0))], kind="stable")]
    cut = int(np.searchsorted(np.cumsum(size[order]), size[rows].sum() / 2))
    cut = min(max(cut, 2), len(order) - 2)
    return [*_halved(place, size, order[:cut]), *_halved(place, size, order[cut:])]
