"""How good a set of cells is, as figures of their own: nothing is mixed into one number."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.blocks import pieces
from gis.areas.plans.ground import Between, Ground
from gis.areas.plans.tiles import dissolve


@dataclass(frozen=True)
class Scorecard:
    cells: int
    worst: float  # largest deviation from the target, as a share of it
    mean: float  # mean absolute deviation
    within: float  # share of cells within the tolerance
    stray: int  # pieces of cells beyond the first
    crossing: int  # cells with a barrier running through them
    compact_mean: float  # Polsby–Popper: 4π area / perimeter², 1 for a circle
    compact_least: float
    walk: float  # metres from a home to the middle of its cell, on average, as the crow flies


def deviations(cell: np.ndarray, load: np.ndarray, target: float) -> np.ndarray:
    """Of each cell 0 … k−1, as a share of the target."""
    return np.bincount(cell, load) / target - 1


def strays(ground: Ground, cell: np.ndarray) -> int:
    """Pieces of cells beyond the first of each in every part of the outline."""
    part = pieces(ground, np.full(len(ground.first), True))
    first = len(np.unique(np.column_stack([cell, part]), axis=0))
    return int(pieces(ground, cell[ground.first] == cell[ground.second]).max(initial=-1) + 1 - first)


def crossings(ground: Ground, cell: np.ndarray) -> np.ndarray:
    """The cells that a barrier runs through (sorted ints)."""
    inside = (cell[ground.first] == cell[ground.second]) & (ground.between == Between.MAJOR)
    return np.unique(cell[ground.first[inside]])


def compactness(shapes: np.ndarray) -> np.ndarray:
    """Polsby–Popper of each shape (Polsby and Popper 1991): 4π area / perimeter²."""
    return 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2


def walking(ground: Ground, cell: np.ndarray, load: np.ndarray) -> float:
    """Metres from a home to the middle of the homes of its cell, on average, as the crow flies."""
    total = np.maximum(np.bincount(cell, load), 1e-9)
    middle = np.column_stack([np.bincount(cell, load * axis) / total for axis in ground.middle.T])
    away = np.hypot(*(ground.middle - middle[cell]).T)
    return float((away * load).sum() / max(load.sum(), 1e-9))


def score(ground: Ground, shapes: np.ndarray, cell: np.ndarray, load: np.ndarray, wish) -> Scorecard:
    """The card of cells 0 … k−1 over tiles with these shapes (metres)."""
    off = np.abs(deviations(cell, load, wish.target))
    round_ = compactness(dissolve(shapes, cell))
    return Scorecard(
        cells=len(off),
        worst=float(off.max()),
        mean=float(off.mean()),
        within=float((off <= wish.tolerance + 1e-12).mean()),
        stray=strays(ground, cell),
        crossing=len(crossings(ground, cell)),
        compact_mean=float(round_.mean()),
        compact_least=float(round_.min()),
        walk=walking(ground, cell, load),
    )
