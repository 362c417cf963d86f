"""What keeps a drawing from being handed in: ground that is nobody's, cells without ground, stray parts."""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import pieces
from gis.areas.plans.drawing import NO_CELL, Drawing


@dataclass(frozen=True)
class Unfinished:
    """`kind`: unassigned (`count` tiles), empty (cells) or stray (parts); `cells` are the numbers concerned."""

    kind: str
    count: int
    cells: tuple[int, ...] = ()


def unfinished(drawing: Drawing) -> list[Unfinished]:
    """All of it; an empty list is a drawing that may be handed in."""
    held = drawing.cell != NO_CELL
    empty = sorted(set(drawing.cells) - set(np.unique(drawing.cell[held]).tolist()))
    stray = _stray(drawing)
    found = [
        Unfinished("unassigned", int((~held & (drawing.community != "")).sum())),
        Unfinished("empty", len(empty), tuple(empty)),
        Unfinished("stray", sum(stray.values()), tuple(sorted(stray))),
    ]
    if not held.any():
        found.insert(0, Unfinished("nothing", 1))
    return [one for one in found if one.count]


def _stray(drawing: Drawing) -> dict[int, int]:
    """Number of each cell in several parts → how many beyond the first on every piece of the ground.

    An island is another piece: a cell that goes over to one has no stray part there.
    """
    ground, cell = drawing.ground, drawing.cell
    island = pieces(ground, np.full(len(ground.first), True))
    part = pieces(ground, cell[ground.first] == cell[ground.second])
    _, first = np.unique(part, return_index=True)
    own, counts = np.unique(np.column_stack([cell[first], island[first]]), axis=0, return_counts=True)
    found: dict[int, int] = {}
    for number, count in zip(own[:, 0].tolist(), counts.tolist(), strict=True):
        if number != NO_CELL and count > 1:
            found[number] = found.get(number, 0) + count - 1
    return found
