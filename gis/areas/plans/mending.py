"""Putting right what can be put right without asking: ground in no cell, and parts that lost touch with their cell."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from gis.areas.plans.borders import sums
from gis.areas.plans.drawing import NO_CELL, Drawing, apply, moved
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited
from gis.areas.plans.ground import Between
from gis.areas.plans.parts import parts


def fix_unassigned(drawing: Drawing, weights: dict[str, float]) -> Edit:
    """Give ground that is in no cell to neighbours, tile by tile: each time the one with the least load takes the tile
    with which it has the longest border.

    Not into locked cells, not into another community; over a barrier only what can be reached in no other way. Ground
    that only one cell can reach goes to that one. Said: `tiles` given, and `left` where no cell may take them.
    """
    growing = _Growing(drawing, drawing.load(weights))
    growing.run(over_barriers=False)
    growing.run(over_barriers=True)
    rows = np.flatnonzero(growing.cell != drawing.cell)
    left = int((growing.cell == NO_CELL).sum())
    return edited(drawing, apply(drawing, moved(drawing, rows, growing.cell[rows])), tiles=len(rows), left=left)


def fix_strays(drawing: Drawing, weights: dict[str, float]) -> Edit:
    """Give each part that lost touch with its cell to the neighbour with the longest border, over no barrier if it can.

    Parts of locked cells stay. Said: `tiles` given, and `left` parts that no neighbour may take.
    """
    tiles, left, after = 0, 0, drawing
    found = parts(drawing, drawing.load(weights))
    locked = _locked(drawing)
    for rows in found.rows((drawing.cell != NO_CELL) & ~found.main):
        if int(drawing.cell[rows[0]]) in locked:
            continue
        to = _longest(after, rows, locked)
        if to == NO_CELL:
            left += 1
            continue
        after, tiles = apply(after, moved(after, rows, to)), tiles + len(rows)
    return edited(drawing, after, tiles=tiles, left=left)


def _locked(drawing: Drawing) -> set[int]:
    return {number for number, cell in drawing.cells.items() if cell.locked}


def _longest(drawing: Drawing, rows: np.ndarray, locked: set[int]) -> int:
    """The cell that may take tiles and has the longest border with them; NO_CELL: none."""
    ground, inside = drawing.ground, np.zeros(len(drawing), dtype=bool)
    inside[rows] = True
    out = np.flatnonzero(inside[ground.first] != inside[ground.second])
    beyond = np.where(inside[ground.first[out]], ground.second[out], ground.first[out])
    cell = drawing.cell[beyond]
    communities = set(drawing.community[rows])
    may = np.array([_may(drawing, number, communities, locked) for number in cell.tolist()], dtype=bool)
    out, cell = out[may], cell[may]
    if not len(out):
        return NO_CELL
    free = ground.between[out] != Between.MAJOR
    if free.any():
        out, cell = out[free], cell[free]
    number, _, length = sums(cell, cell, ground.length[out])
    return int(number[np.argmax(length)])


def _may(drawing: Drawing, number: int, communities: set[str], locked: set[int]) -> bool:
    return number != NO_CELL and number not in locked and communities == {drawing.cells[number].community}


@dataclass
class _Growing:
    """Cells that take ground in turn."""

    drawing: Drawing
    load: np.ndarray
    cell: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        drawing, ground = self.drawing, self.drawing.ground
        self.cell = drawing.cell.copy()
        numbers = np.arange(max(drawing.cells, default=0) + 1)
        self.held = dict(enumerate(np.bincount(drawing.cell, self.load, len(numbers)).tolist()))
        self.locked = _locked(drawing)
        self.near: dict[int, list[tuple[int, float, bool]]] = {}
        at = (self.cell[ground.first] == NO_CELL) | (self.cell[ground.second] == NO_CELL)
        edges = (ground.first[at], ground.second[at], ground.length[at], ground.between[at] == Between.MAJOR)
        for one, other, length, major in zip(*(values.tolist() for values in edges), strict=True):
            self.near.setdefault(one, []).append((other, length, major))
            self.near.setdefault(other, []).append((one, length, major))

    def run(self, over_barriers: bool) -> None:
        """Until no cell can take anything."""
        border: dict[int, dict[int, float]] = {}  # cell → tile it can take → metres
        for row in np.flatnonzero(self.cell == NO_CELL).tolist():
            for other, length, major in self.near.get(row, []):
                self._meet(border, int(self.cell[other]), row, length, major and not over_barriers)
        turn = [(self.held[number], number) for number in border]
        heapq.heapify(turn)
        while turn:
            held, number = heapq.heappop(turn)
            row = self._best(border[number])
            if row is None:
                continue
            self.cell[row] = number
            self.held[number] = held + float(self.load[row])
            heapq.heappush(turn, (self.held[number], number))
            for other, length, major in self.near.get(row, []):
                if self.cell[other] == NO_CELL:
                    self._meet(border, number, other, length, major and not over_barriers)

    def _best(self, offered: dict[int, float]) -> int | None:
        for row in [row for row in offered if self.cell[row] != NO_CELL]:
            del offered[row]
        return max(offered, key=lambda row: (offered[row], -row)) if offered else None

    def _meet(self, border: dict, number: int, row: int, length: float, closed: bool) -> None:
        """A cell has so many metres of border with a tile of no cell."""
        if closed or not _may(self.drawing, number, {self.drawing.community[row]}, self.locked):
            return
        offered = border.setdefault(number, {})
        offered[row] = offered.get(row, 0.0) + length
