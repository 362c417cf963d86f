"""Handles: the places of the borders between cells that a planner can take hold of.

A border runs from joint to joint: a joint is where more than two cells meet, or a border meets the outline or another
community. Between joints it keeps the corners that a line simplified by `_SIMPLE_M` has; the ground between two
neighbouring handles is parted by the exact border, their *arc*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from gis.areas.plans.borders import borders, segments
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.noding import neighbours, segment_keys

#: A border may run so far beside the straight line between two handles, metres.
_SIMPLE_M = 3.0


@dataclass(frozen=True)
class Arc:
    """The exact border between two handles."""

    ends: tuple[int, int]  # rows of handles
    cells: tuple[int, int]
    xy: np.ndarray  # k × 2, metres, from the first handle to the second


@dataclass(frozen=True)
class Handles:
    xy: np.ndarray  # k × 2, metres
    fixed: np.ndarray  # k bools: on the outline or the border of a community, along which alone it can slide
    cells: list[tuple[int, ...]]  # the numbers of the cells that meet in each
    arcs: list[Arc]


@dataclass(frozen=True)
class Lines:
    """Borders of cells as segments (k × 2 each): inner ones, that can move, with their two cells, and fixed ones."""

    start: np.ndarray
    end: np.ndarray
    cells: np.ndarray  # k × 2 numbers, the lower first
    fixed_start: np.ndarray
    fixed_end: np.ndarray


def handles(drawing: Drawing, numbers: list[int] | None = None) -> Handles:
    """The handles on the borders of some cells, or of all. 0 is the ground of no cell."""
    lines = cell_lines(drawing, numbers)
    fixed = _points(np.concatenate([lines.fixed_start, lines.fixed_end]))
    arcs: list[tuple[tuple[int, int], np.ndarray]] = []
    for cells, chain in _chains(lines, fixed):
        arcs += [(cells, arc) for arc in _between_handles(chain)]
    return _joined(arcs, fixed)


def cell_lines(drawing: Drawing, numbers: list[int] | None = None, *, whole: bool = False) -> Lines:
    """The segments along the borders of cells. Fixed ones are those of tiles on such borders, or of the whole cells."""
    ground, cell = drawing.ground, drawing.cell
    chosen = np.ones(len(drawing), dtype=bool) if numbers is None else np.isin(cell, numbers)
    apart = (cell[ground.first] != cell[ground.second]) & (chosen[ground.first] | chosen[ground.second])
    rows = np.flatnonzero(chosen) if whole else np.unique(np.append(ground.first[apart], ground.second[apart]))
    beyond = neighbours(drawing, rows)
    both = np.concatenate([rows, beyond])
    found = borders(drawing.shapes[both])
    pair = np.sort(np.column_stack([cell[both[found.first]], cell[both[found.second]]]), axis=1)
    code = drawing.community[both]
    same = (code[found.first] == code[found.second]).astype(bool)
    inner = same & (pair[:, 0] != pair[:, 1]) & (chosen[both[found.first]] | chosen[both[found.second]])
    start, end, owner = segments(drawing.shapes[both])
    alone = ~np.isin(segment_keys(start, end), segment_keys(found.start, found.end)) & (owner < len(rows))
    return Lines(
        found.start[inner],
        found.end[inner],
        pair[inner],
        np.concatenate([start[alone], found.start[~same]]),
        np.concatenate([end[alone], found.end[~same]]),
    )


def _points(xy: np.ndarray) -> np.ndarray:
    """Places as complex numbers, each once, in order."""
    return np.unique(xy[:, 0] + 1j * xy[:, 1])


def _chains(lines: Lines, fixed: np.ndarray) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
    """The borders from joint to joint: two cells, and the corners (k × 2)."""
    if not len(lines.start):
        return
    ends = np.concatenate([lines.start, lines.end])
    place, count = np.unique(ends[:, 0] + 1j * ends[:, 1], return_counts=True)
    joints = set(place[(count != 2) | np.isin(place, fixed)].tolist())
    pairs, which = np.unique(lines.cells, axis=0, return_inverse=True)
    segment = shapely.linestrings(np.stack([lines.start, lines.end], axis=1))
    order = np.argsort(which.ravel(), kind="stable")
    sets = np.split(segment[order], np.searchsorted(which.ravel()[order], np.arange(1, len(pairs))))
    for (low, high), some in zip(pairs.tolist(), sets, strict=True):
        for line in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(some))):
            yield from (((low, high), part) for part in _split(shapely.get_coordinates(line), joints))


def _split(xy: np.ndarray, joints: set[complex]) -> list[np.ndarray]:
    """A line cut at the joints within it."""
    places = (xy[:, 0] + 1j * xy[:, 1]).tolist()
    stops = [0, *(row for row in range(1, len(xy) - 1) if places[row] in joints), len(xy) - 1]
    parts = [xy[one : other + 1] for one, other in pairwise(stops)]
    if len(parts) > 1 and (xy[0] == xy[-1]).all() and places[0] not in joints:
        parts = [np.concatenate([parts[-1], parts[0][1:]]), *parts[1:-1]]  # a ring may begin anywhere
    return parts


def _between_handles(chain: np.ndarray) -> list[np.ndarray]:
    """A border cut at its handles."""
    if (chain[0] == chain[-1]).all():
        # A ring has no far end to simplify towards: its halves are simplified each by itself.
        half = len(chain) // 2
        return [*_between_handles(chain[: half + 1]), *_between_handles(chain[half:])] if len(chain) > 3 else [chain]
    kept = shapely.get_coordinates(shapely.simplify(shapely.linestrings(chain), _SIMPLE_M, preserve_topology=False))
    at = np.flatnonzero(np.isin(chain[:, 0] + 1j * chain[:, 1], kept[:, 0] + 1j * kept[:, 1]))
    return [chain[one : other + 1] for one, other in pairwise(at)]


def _joined(arcs: list[tuple[tuple[int, int], np.ndarray]], fixed: np.ndarray) -> Handles:
    ends = np.array([[arc[0], arc[-1]] for _, arc in arcs]).reshape(-1, 2)
    place, row = np.unique(ends[:, 0] + 1j * ends[:, 1], return_inverse=True)
    row = row.reshape(-1, 2)
    cells: list[set[int]] = [set() for _ in place]
    for (numbers, _), (one, other) in zip(arcs, row.tolist(), strict=True):
        cells[one].update(numbers)
        cells[other].update(numbers)
    made = [Arc((one, other), numbers, xy) for (numbers, xy), (one, other) in zip(arcs, row.tolist(), strict=True)]
    xy = np.column_stack([place.real, place.imag])
    return Handles(xy, np.isin(place, fixed), [tuple(sorted(some)) for some in cells], made)
