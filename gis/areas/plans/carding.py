"""The scorecard of a layout, whether it is drawn in a plan or in force: each figure by itself."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.comparing import NOBODY, Layout
from gis.areas.plans.scorecard import compactness


@dataclass(frozen=True)
class Card:
    """Shares are of one; `walk` is metres from a home to the middle of its cell, on average, as the crow flies."""

    cells: int
    within: float
    mean: float
    worst: float
    parts: int  # of cells, beyond the first
    compact_mean: float
    compact_least: float
    walk: float


def card_of(layout: Layout, weights: dict[str, float], target: float, tolerance: float) -> Card | None:
    """None where there is no cell."""
    count = len(layout)
    if not count:
        return None
    there = layout.cell != NOBODY
    cell, xy = layout.cell[there], layout.things.xy[there]
    nothing = np.zeros(len(layout.things))
    work = sum((weight * layout.things.loads[name] for name, weight in weights.items()), nothing)[there]
    off = np.abs(np.bincount(cell, work, count) / target - 1)
    compact = compactness(layout.shapes)
    return Card(
        count,
        float((off <= tolerance + 1e-9).mean()),
        float(off.mean()),
        float(off.max()),
        int((shapely.get_num_geometries(layout.shapes) - 1).sum()),
        float(compact.mean()),
        float(compact.min()),
        _walk(cell, xy, work, count),
    )


def _walk(cell: np.ndarray, xy: np.ndarray, work: np.ndarray, count: int) -> float:
    total = np.maximum(np.bincount(cell, work, count), 1e-9)
    middle = np.column_stack([np.bincount(cell, work * axis, count) / total for axis in xy.T])
    return float((np.hypot(*(xy - middle[cell]).T) * work).sum() / max(work.sum(), 1e-9))
