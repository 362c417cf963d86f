"""A proposal made of an older drawing: whether it still fits, and the change it is today."""

import io
from dataclasses import dataclass, replace

import numpy as np

from gis.areas.plans.alternatives import Asked, divided
from gis.areas.plans.drawing import NO_CELL, Change, Drawing


@dataclass(frozen=True)
class Basis:
    """The tiles that were divided, the cell each was in, and the first number a new cell got.

    `held`: how many tiles those cells had, any that were not divided included.
    """

    ids: np.ndarray
    cell: np.ndarray
    first: int
    held: int

    @classmethod
    def of(cls, drawing: Drawing, asked: Asked, first: int) -> "Basis":
        chosen = divided(drawing, asked)
        return cls(drawing.ids[chosen], drawing.cell[chosen], first, _held(drawing, drawing.cell[chosen]))

    def pack(self) -> bytes:
        out = io.BytesIO()
        np.savez_compressed(out, ids=self.ids, cell=self.cell, first=self.first, held=self.held)
        return out.getvalue()

    @classmethod
    def unpack(cls, data: bytes) -> "Basis":
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return cls(stored["ids"], stored["cell"], int(stored["first"]), int(stored["held"]))


def rebased(drawing: Drawing, change: Change, basis: Basis, first: int) -> Change | None:
    """The change on a drawing of today, new cells numbered from `first` on; None where what it divided has changed.

    What was done elsewhere meanwhile, and names that were given, do not matter.
    """
    if not _stands(drawing, basis):
        return None
    shift = first - basis.first
    made = {number + shift: replace(one, number=number + shift) for number, one in change.cells_after.items() if one}
    gone = [number for number, one in change.cells_after.items() if one is None]
    after = np.where(change.after >= basis.first, change.after + shift, change.after)
    before = dict.fromkeys(made) | {number: drawing.cells[number] for number in gone}
    return replace(change, after=after, cells_before=before, cells_after=made | dict.fromkeys(gone))


def _stands(drawing: Drawing, basis: Basis) -> bool:
    place = np.searchsorted(drawing.ids, basis.ids)
    there = place < len(drawing)
    if not there.all() or (drawing.ids[place] != basis.ids).any() or (drawing.cell[place] != basis.cell).any():
        return False
    # None of its cells has been locked, taken out, or given ground from elsewhere.
    numbers = set(basis.cell.tolist()) - {NO_CELL}
    if any(number not in drawing.cells or drawing.cells[number].locked for number in numbers):
        return False
    return _held(drawing, basis.cell) == basis.held


def _held(drawing: Drawing, cell: np.ndarray) -> int:
    return int(np.isin(drawing.cell, np.setdiff1d(cell, NO_CELL)).sum())
