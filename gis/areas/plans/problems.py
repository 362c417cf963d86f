"""What is wrong with the cells of a drawing, the worst first: each with the place to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.blocks import pieces
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.ground import Between
from gis.areas.plans.measuring import Measures, measures
from gis.areas.plans.parts import parts
from gis.areas.plans.recutting import SLIVER_M2

#: Kinds of problems, the worst first, and what `size` is of each.
KINDS = {
    "outside": "m² of ground in no community",
    "mixed": "communities whose ground is in the cell",
    "unassigned": "load of ground in no cell",
    "stray": "load of a part that does not touch the rest of its cell",
    "crossed": "metres of barrier between parts of a cell that meet nowhere else",
    "cut": "m² of the smaller part of a building that the border of two cells cuts",
    "big": "deviation from the target, as a share of it",
    "small": "deviation from the target, as a share of it",
    "enclave": "load of a cell that one other encloses",
    "far": "metres from a home to the middle of the homes, on average",
    "compound": "cells among which a compound is divided",
    "neck": "metres of the narrow place by which a part of a cell holds on",
    "thin": "compactness (Polsby–Popper) of a drawn-out cell",
    "bridged": "metres of barrier inside a cell that can be got round within it",
    "empty": "0: a cell without ground",
}
#: A cell is drawn out below this compactness: a strip nine times as long as wide has 0.28, a crooked border half of it.
_THIN = 0.12
#: A border shorter than this holds no two parts of a cell together, metres.
_NECK_M = 3.0
#: Less than this of a building beyond the border is a matter of drawing it, m².
_CUT_M2 = 2.0


@dataclass(frozen=True)
class Problem:
    kind: str
    cells: tuple[int, ...]
    tiles: tuple[int, ...]  # ids
    place: tuple[float, float]  # metres, on the ground in question
    box: tuple[float, float, float, float]
    size: float


def problems(
    drawing: Drawing,
    weights: dict[str, float],
    target: float,
    tolerance: float,
    most_walk: float | None = None,
    footprints: np.ndarray | None = None,
) -> list[Problem]:
    """All problems. `footprints`: a polygon or None for each of the drawing's things, to find buildings cut in two."""
    search = _Search(drawing, drawing.load(weights), measures(drawing, weights, target))
    found = [
        *search.outside(),
        *search.unassigned_and_strays(),
        *search.barriers(),
        *search.sizes(tolerance, most_walk),
        *search.enclaves(),
        *search.necks(),
        *search.shared(),
    ]
    if footprints is not None:
        found += search.cut(footprints)
    rank = {kind: place for place, kind in enumerate(KINDS)}
    sign = {"small": 1, "thin": 1, "neck": 1}
    return sorted(found, key=lambda one: (rank[one.kind], sign.get(one.kind, -1) * one.size, one.cells, one.tiles))


class _Search:
    """One drawing with what several searches need."""

    def __init__(self, drawing: Drawing, load: np.ndarray, found: Measures) -> None:
        self.drawing, self.load, self.found = drawing, load, found
        self.bounds = shapely.bounds(drawing.shapes).reshape(-1, 4)
        self.parts = parts(drawing, load)
        self.row = np.searchsorted(found.number, drawing.cell)
        order = np.argsort(self.row, kind="stable")
        self.of_cell = np.split(order, np.searchsorted(self.row[order], np.arange(1, len(found.number))))

    def problem(self, kind: str, rows: np.ndarray, size: float, cells: tuple[int, ...] | None = None) -> Problem:
        """Of tiles; its place is on the heaviest, or largest, of them."""
        ground, box = self.drawing.ground, self.bounds[rows]
        at = rows[np.lexsort([ground.area[rows], self.load[rows]])[-1]]
        cells = tuple(np.unique(self.drawing.cell[rows]).tolist()) if cells is None else cells
        low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        x, y = ground.middle[at].tolist()
        return Problem(kind, cells, tuple(self.drawing.ids[rows].tolist()), (x, y), (*low, *high), float(size))

    def outside(self) -> Iterator[Problem]:
        drawing, ground = self.drawing, self.drawing.ground
        none = (drawing.community == "").astype(bool)
        if none.any():
            piece = pieces(ground, none[ground.first] & none[ground.second])
            for one in np.unique(piece[none]):
                rows = np.flatnonzero((piece == one) & none)
                if ground.area[rows].sum() >= SLIVER_M2:  # less is how two outlines of one border differ
                    yield self.problem("outside", rows, ground.area[rows].sum())
        code = np.unique(drawing.community.astype(str), return_inverse=True)[1]
        held = np.unique(np.column_stack([self.row, code])[(drawing.cell != NO_CELL) & ~none], axis=0)[:, 0]
        for row in np.flatnonzero(np.bincount(held, minlength=len(self.found.number)) > 1):
            yield self.problem("mixed", self.of_cell[row], np.count_nonzero(held == row))

    def unassigned_and_strays(self) -> Iterator[Problem]:
        free, none = self.drawing.cell == NO_CELL, (self.drawing.community == "").astype(bool)
        for rows in self.parts.rows(free & ~none):
            yield self.problem("unassigned", rows, self.load[rows].sum())
        for rows in self.parts.rows(~free & ~self.parts.main):
            yield self.problem("stray", rows, self.load[rows].sum())

    def barriers(self) -> Iterator[Problem]:
        """Barriers inside cells: `bridged` where both sides meet elsewhere, at a passage or round an end."""
        ground, cell = self.drawing.ground, self.drawing.cell
        inside = (cell[ground.first] == cell[ground.second]) & (cell[ground.first] != NO_CELL)
        major = inside & (ground.between == Between.MAJOR)
        if not major.any():
            return
        piece = pieces(ground, inside & ~major)
        apart = piece[ground.first] != piece[ground.second]
        for kind, mask in (("crossed", major & apart), ("bridged", major & ~apart)):
            edges = np.flatnonzero(mask)
            edges = edges[np.argsort(cell[ground.first[edges]], kind="stable")]
            starts = np.flatnonzero(np.diff(cell[ground.first[edges]])) + 1
            for some in np.split(edges, starts) if len(edges) else []:
                rows = np.union1d(ground.first[some], ground.second[some])
                yield self.problem(kind, rows, ground.length[some].sum())

    def sizes(self, tolerance: float, most_walk: float | None) -> Iterator[Problem]:
        found = self.found
        for row in range(1, len(found.number)):
            rows, off = self.of_cell[row], float(found.deviation[row])
            if not len(rows):
                yield Problem("empty", (int(found.number[row]),), (), self._middle(), self._whole(), 0.0)
                continue
            if abs(off) > tolerance + 1e-9:
                yield self.problem("big" if off > 0 else "small", rows, off)
            if most_walk is not None and found.walk[row] > most_walk:
                yield self.problem("far", rows, found.walk[row])
            if found.compact[row] < _THIN:
                yield self.problem("thin", rows, found.compact[row])

    def _middle(self) -> tuple[float, float]:
        west, south, east, north = self._whole()
        return (west + east) / 2, (south + north) / 2

    def _whole(self) -> tuple[float, float, float, float]:
        return (*self.bounds[:, :2].min(axis=0).tolist(), *self.bounds[:, 2:].max(axis=0).tolist())

    def enclaves(self) -> Iterator[Problem]:
        """Cells, or ground of none, that lie within one other cell."""
        ground, row, count = self.drawing.ground, self.row, len(self.found.number)
        apart = row[ground.first] != row[ground.second]
        one, other = row[ground.first[apart]], row[ground.second[apart]]
        pairs = np.unique(np.column_stack([np.append(one, other), np.append(other, one)]), axis=0)
        inner = np.bincount(row, ground.outer > 0.01, count) == 0  # no border of the outline but rounding
        for inside in np.flatnonzero(inner & (np.bincount(pairs[:, 0], minlength=count) == 1)):
            around = int(pairs[pairs[:, 0] == inside, 1][0])
            if inside == 0 or around == 0 or not len(self.of_cell[inside]):
                continue
            cells = (int(self.found.number[inside]), int(self.found.number[around]))
            rows = self.of_cell[inside]
            yield self.problem("enclave", rows, self.load[rows].sum(), cells)

    def necks(self) -> Iterator[Problem]:
        """Parts that hold on to the rest of their cell by a short border alone."""
        ground, cell = self.drawing.ground, self.drawing.cell
        inside = (cell[ground.first] == cell[ground.second]) & (cell[ground.first] != NO_CELL)
        short = inside & (ground.length < _NECK_M)
        piece = pieces(ground, inside & ~short)
        neck = np.flatnonzero(short & (piece[ground.first] != piece[ground.second]))
        area = np.bincount(piece, ground.area)
        held: dict[int, float] = {}
        for edge in neck:
            ends = piece[ground.first[edge]], piece[ground.second[edge]]
            small = min(ends, key=lambda name: (area[name], name))
            held[small] = held.get(small, 0.0) + ground.length[edge]
        for small, length in held.items():
            yield self.problem("neck", np.flatnonzero(piece == small), length)

    def shared(self) -> Iterator[Problem]:
        """Compounds that more than one cell has a part of."""
        compound, cell = self.drawing.compound, self.drawing.cell
        rows = np.flatnonzero((compound > 0) & (cell != NO_CELL))
        pairs = np.unique(np.column_stack([compound[rows], cell[rows]]), axis=0)
        names, count = np.unique(pairs[:, 0], return_counts=True)
        for name, cells in zip(names[count > 1], count[count > 1], strict=True):
            yield self.problem("compound", rows[compound[rows] == name], cells)

    def cut(self, footprints: np.ndarray) -> list[Problem]:
        """Buildings on the ground of several cells."""
        drawing, ground = self.drawing, self.drawing.ground
        footprints = np.asarray(footprints, dtype=object)
        edge = np.zeros(len(drawing), dtype=bool)
        apart = drawing.cell[ground.first] != drawing.cell[ground.second]
        edge[ground.first[apart]] = edge[ground.second[apart]] = True
        inside = np.flatnonzero((drawing.home >= 0) & ~shapely.is_missing(footprints))
        home = drawing.rows(drawing.home[inside])
        some = edge[home]
        thing, home = inside[some], home[some]
        beyond = ~shapely.covers(drawing.shapes[home], footprints[thing])
        return self._parted(footprints, thing[beyond], home[beyond])

    def _parted(self, footprints: np.ndarray, thing: np.ndarray, home: np.ndarray) -> list[Problem]:
        drawing = self.drawing
        one, tile = shapely.STRtree(drawing.shapes).query(footprints[thing], predicate="intersects")
        other = drawing.cell[tile] != drawing.cell[home[one]]
        one, tile = one[other], tile[other]
        area = shapely.area(shapely.intersection(footprints[thing[one]], drawing.shapes[tile]))
        lost = np.bincount(one, area, len(thing))
        found = []
        for place in np.flatnonzero(lost > _CUT_M2):
            rows = np.append(tile[(one == place) & (area > 0)], home[place])
            found.append(
                self.problem("cut", rows, min(lost[place], shapely.area(footprints[thing[place]]) - lost[place]))
            )
        return found
