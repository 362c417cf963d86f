"""The connected parts of cells, and which of them is the cell itself."""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import pieces
from gis.areas.plans.drawing import NO_CELL, Drawing


@dataclass(frozen=True)
class Parts:
    part: np.ndarray  # n ints: the connected part of its cell that a tile is in; ground of no cell has parts too
    main: np.ndarray  # n bools: whether that part is the cell itself; all of no cell is not

    def rows(self, mask: np.ndarray) -> list[np.ndarray]:
        """The tiles of each part that a mask of tiles holds."""
        rows = np.flatnonzero(mask)
        order = rows[np.argsort(self.part[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(self.part[order])) + 1
        return np.split(order, starts) if len(rows) else []


def parts(drawing: Drawing, load: np.ndarray) -> Parts:
    """Of a cell's parts in one piece of the outline, that with the most load (n floats) is the cell, then the largest.

    An outline in several pieces, such as islands, may have one of the same cell in each.
    """
    ground, cell = drawing.ground, drawing.cell
    part = pieces(ground, cell[ground.first] == cell[ground.second])
    count = int(part.max(initial=-1)) + 1
    whole = pieces(ground, np.full(len(ground.first), True))
    first = np.zeros(count, dtype=int)
    first[part] = np.arange(len(part))
    held, area = np.bincount(part, load, count), np.bincount(part, ground.area, count)
    order = np.lexsort([area, held, whole[first], cell[first]])
    same = (cell[first[order]][1:] == cell[first[order]][:-1]) & (whole[first[order]][1:] == whole[first[order]][:-1])
    best = np.zeros(count, dtype=bool)
    best[order[np.append(~same, True)[:count]]] = True
    return Parts(part, best[part] & (cell != NO_CELL))
