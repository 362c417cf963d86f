"""Where a drawing's cells are not what was asked for, and cannot easily be: said cell by cell."""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import misfit, pieces
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.ground import Between, part_of
from gis.areas.plans.scorecard import Scorecard, score
from gis.areas.plans.wish import Wish


@dataclass(frozen=True)
class WeakPoints:
    """Numbers of cells. A cell is named once in each list that it belongs to."""

    pockets: list[tuple[int, float]]  # and the load of the smaller piece beyond a barrier
    crossings: list[tuple[int, float]]  # and the metres of barrier inside
    towers: list[tuple[int, float]]  # and the load of a building that alone is more than a cell may hold
    off: list[tuple[int, float]]  # and the deviation, beyond the tolerance for no such building
    torn: list[tuple[int, int]]  # compound, and in how many cells it lies
    awkward: list[tuple[str, float]]  # community, and its load where no number of cells comes near the target


def card_of(
    drawing: Drawing, weights: dict[str, float], wish: Wish, among: np.ndarray | None = None
) -> Scorecard | None:
    """The scorecard of all cells of a drawing, or of those on some tiles (a mask); None where there are none."""
    has = drawing.cell != NO_CELL
    rows = np.flatnonzero(has if among is None else has & among)
    if not len(rows):
        return None
    ground, _ = part_of(drawing.ground, rows)
    cell = np.unique(drawing.cell[rows], return_inverse=True)[1]
    return score(ground, drawing.shapes[rows], cell, drawing.load(weights)[rows], wish)


def weak_points(drawing: Drawing, weights: dict[str, float], wish: Wish, among: np.ndarray | None = None) -> WeakPoints:
    """Of all cells, or of those on some tiles (a mask)."""
    load = drawing.load(weights)
    numbers, row = np.unique(drawing.cell, return_inverse=True)
    count, most = len(numbers), wish.target * (1 + wish.tolerance)
    held, largest = np.bincount(row, load, count), np.zeros(count)
    np.maximum.at(largest, row, load)
    off = held / wish.target - 1
    is_cell = numbers != NO_CELL
    if among is not None:
        is_cell &= np.bincount(row, among, count) > 0
    beyond = is_cell & (np.abs(off) > wish.tolerance + 1e-9) & (largest <= most)
    return WeakPoints(
        _pockets(drawing, load, numbers[is_cell]),
        _named(numbers, _barriers(drawing, row, count), is_cell),
        _named(numbers, largest, is_cell & (largest > most)),
        _named(numbers, off, beyond),
        _torn(drawing, load, most),
        _awkward(drawing, load, wish, drawing.cell != NO_CELL if among is None else among),
    )


def _named(numbers: np.ndarray, values: np.ndarray, chosen: np.ndarray) -> list[tuple[int, float]]:
    chosen = chosen & (np.abs(values) > 1e-9)
    return [(int(n), float(value)) for n, value in zip(numbers[chosen], values[chosen], strict=True)]


def _barriers(drawing: Drawing, row: np.ndarray, count: int) -> np.ndarray:
    """Metres of barrier inside each cell."""
    ground = drawing.ground
    inside = (row[ground.first] == row[ground.second]) & (ground.between == Between.MAJOR)
    return np.bincount(row[ground.first[inside]], ground.length[inside], count)


def _pockets(drawing: Drawing, load: np.ndarray, numbers: np.ndarray) -> list[tuple[int, float]]:
    """Cells that lie on both sides of a barrier, and the load of all but their largest side."""
    ground, cell = drawing.ground, drawing.cell
    side = pieces(ground, (cell[ground.first] == cell[ground.second]) & (ground.between != Between.MAJOR))
    found = []
    for number in numbers:
        by_side = np.bincount(np.unique(side[cell == number], return_inverse=True)[1], load[cell == number])
        if len(by_side) > 1:
            found.append((int(number), float(by_side.sum() - by_side.max())))
    return found


def _awkward(drawing: Drawing, load: np.ndarray, wish: Wish, chosen: np.ndarray) -> list[tuple[str, float]]:
    """Communities whose mean cell is out of tolerance however many there are: 420 homes are no whole cells of 300."""
    codes, place = np.unique(drawing.community[chosen].astype(str), return_inverse=True)
    held = np.bincount(place, load[chosen], len(codes)).tolist()
    pairs = zip(codes.tolist(), held, strict=True)
    return [(code, amount) for code, amount in pairs if amount and misfit(amount, wish.target) > wish.tolerance]


def _torn(drawing: Drawing, load: np.ndarray, most: float) -> list[tuple[int, int]]:
    """Compounds small enough for one cell that lie in several."""
    chosen = (drawing.compound != 0) & (drawing.cell != NO_CELL)
    pairs = np.unique(np.column_stack([drawing.compound[chosen], drawing.cell[chosen]]), axis=0)
    names, times = np.unique(pairs[:, 0], return_counts=True)
    place = np.searchsorted(names, drawing.compound[chosen])
    held = np.bincount(place, load[chosen], len(names))
    several = (times > 1) & (held <= most)
    return [(int(n), int(k)) for n, k in zip(names[several], times[several], strict=True)]
