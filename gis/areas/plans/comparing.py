"""Two divisions of the same ground side by side: which cell became which, and whose buildings change hands.

The drawings may be cut into other tiles: cells are compared by the ground they have in common, buildings by themselves.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.drawing import NO_CELL, Drawing, Things
from gis.areas.plans.tiles import dissolve

NOBODY = -1
#: Two outlines of the same border, each rounded to the millimetre, enclose this much a metre of it.
_NOISE_M = 0.003


@dataclass(frozen=True)
class Layout:
    """Cells, one row each, and the row of the cell each thing is in (`NOBODY`: none)."""

    numbers: np.ndarray  # of the cells within a plan; 0 for one in force
    codes: np.ndarray  # of the cell in force that it is, or continues; "" for a new one
    names: np.ndarray
    communities: np.ndarray
    shapes: np.ndarray  # metres
    things: Things
    cell: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def within(self, communities: set[str]) -> "Layout":
        """The cells of some communities, and what stands in them."""
        kept = np.isin(self.communities.astype(str), sorted(communities))
        row = np.append(np.where(kept, np.cumsum(kept) - 1, NOBODY), NOBODY)
        cells = (column[kept] for column in (self.numbers, self.codes, self.names, self.communities, self.shapes))
        return Layout(*cells, self.things, row[self.cell])


def layout_of(drawing: Drawing) -> Layout:
    """The cells of a drawing that have ground."""
    held = drawing.cell != NO_CELL
    numbers, group = np.unique(drawing.cell[held], return_inverse=True)
    cells = [drawing.cells[number] for number in numbers.tolist()]
    shapes = dissolve(drawing.shapes[held], group) if len(group) else np.empty(0, dtype=object)
    inside = drawing.home >= 0
    cell = np.full(len(drawing.things), NOBODY)
    at = drawing.cell[drawing.rows(drawing.home[inside])]
    cell[inside] = np.where(at != NO_CELL, np.searchsorted(numbers, at), NOBODY)
    codes, names = _texts(one.code for one in cells), _texts(one.name for one in cells)
    return Layout(numbers, codes, names, _texts(one.community for one in cells), shapes, drawing.things, cell)


def laid(codes, names, communities, shapes: np.ndarray, things: Things) -> Layout:
    """Cells with these outlines; a thing on a shared border is the first one's."""
    cell = np.full(len(things), NOBODY)
    if len(shapes) and len(things):
        point, row = shapely.STRtree(shapes).query(shapely.points(things.xy), predicate="intersects")
        order = np.lexsort((-row, point))
        cell[point[order]] = row[order]
    numbers = np.zeros(len(shapes), dtype=np.int64)
    return Layout(numbers, _texts(codes), _texts(names), _texts(communities), shapes, things, cell)


@dataclass(frozen=True)
class Pair:
    """What became of a cell. `before` or `after` is `NOBODY` where there is no such cell.

    `kind`: kept, changed, split, merged, redistributed, new, gone. Households and buildings `out` went to other cells,
    `come` came from others.
    """

    before: int
    after: int
    kind: str
    households_before: float
    households_after: float
    out: float
    come: float
    buildings_out: int
    buildings_come: int


@dataclass(frozen=True)
class Comparison:
    """`buildings`, `origin`, `target`, `households`: a row for each building that changes hands."""

    pairs: list[Pair]
    buildings: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    households: np.ndarray
    total: float  # households in both
    only_before: int  # buildings that only one of the two knows
    only_after: int

    @property
    def moved(self) -> float:
        return float(self.households.sum())

    @property
    def changed(self) -> int:
        """Cells that are not as they were."""
        return sum(pair.kind != "kept" for pair in self.pairs)


def compare(before: Layout, after: Layout) -> Comparison:
    """The second seen from the first. Households are counted as the second knows them."""
    common = _common(before.shapes, after.shapes)
    known, origin, target, households, alone = _buildings(before, after)
    partner = _partners(before, after, common, _sums(origin, target, households, (len(before), len(after))))
    heir = np.append(partner, NOBODY)[origin]
    changes = (heir != target) | ((heir == NOBODY) & (origin != NOBODY))
    moved = (origin[changes], target[changes], households[changes])
    pairs = _pairs(before, after, common, partner, (origin, target, households), moved)
    return Comparison(pairs, known[changes], *moved, float(households.sum()), *alone)


def _texts(values) -> np.ndarray:
    return np.array(list(values), dtype=object)


def _common(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Ground in common, m², 0 where it is the noise of a border."""
    area = np.zeros((len(before), len(after)))
    if not area.size:
        return area
    first, second = shapely.STRtree(after).query(before, predicate="intersects")
    same = shapely.equals_exact(shapely.normalize(before)[first], shapely.normalize(after)[second], _NOISE_M)
    # A cell that is the same in both has nothing in common with any other: most are, and need no intersection.
    apart = same | ~(np.isin(first, first[same]) | np.isin(second, second[same]))
    first, second, same = first[apart], second[apart], same[apart]
    found = shapely.area(before[first])
    found[~same] = shapely.area(shapely.intersection(before[first[~same]], after[second[~same]]))
    noise = _NOISE_M * np.minimum(shapely.length(before[first]), shapely.length(after[second]))
    area[first, second] = np.where(found > noise, found, 0)
    return area


def _buildings(before: Layout, after: Layout):
    """Buildings both know: key, row of the cell before and after, households. And how many only one knows."""
    sides = []
    for layout in (before, after):
        rows = np.flatnonzero(layout.things.building > 0)
        rows = rows[np.argsort(layout.things.building[rows], kind="stable")]
        sides.append((layout.things.building[rows], layout.cell[rows], layout.things.loads["households"][rows]))
    (first, origin, _old), (second, target, households) = sides
    known, here, there = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    origin, target = origin[here], target[there]
    alone = tuple(int((np.isin(keys, known, invert=True) & (cell != NOBODY)).sum()) for keys, cell, _ in sides)
    inside = (origin != NOBODY) | (target != NOBODY)
    return known[inside], origin[inside], target[inside], households[there][inside], alone


def _sums(origin: np.ndarray, target: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    total = np.zeros(shape)
    both = (origin != NOBODY) & (target != NOBODY)
    np.add.at(total, (origin[both], target[both]), values[both])
    return total


def _partners(before: Layout, after: Layout, common: np.ndarray, homes: np.ndarray) -> np.ndarray:
    """For each cell of before the one of after that it goes on as: the one of its code, else the most of its homes.

    Without a code in common they have to share more than half of the ground of one of them.
    """
    partner = np.full(len(before), NOBODY)
    by_code = {code: row for row, code in enumerate(after.codes.tolist()) if code}
    for row, code in enumerate(before.codes.tolist()):
        partner[row] = by_code.get(code, NOBODY) if code else NOBODY
    smaller = np.minimum(shapely.area(before.shapes)[:, None], shapely.area(after.shapes)[None, :])
    free = common > smaller / 2
    free[partner != NOBODY] = False
    free[:, partner[partner != NOBODY]] = False
    first, second = np.nonzero(free)
    taken = set(partner.tolist())
    for place in np.lexsort((-common[first, second], -homes[first, second])).tolist():
        i, j = int(first[place]), int(second[place])
        if partner[i] == NOBODY and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def _pairs(before: Layout, after: Layout, common: np.ndarray, partner: np.ndarray, all_: tuple, moved: tuple):
    had, has = _by_cell(all_, 0, len(before)), _by_cell(all_, 1, len(after))
    out, come = _by_cell(moved, 0, len(before)), _by_cell(moved, 1, len(after))
    kinds = _Kinds(before, after, common)
    rows = list(enumerate(partner.tolist()))
    rows += [(NOBODY, j) for j in sorted(set(range(len(after))) - set(partner.tolist()))]
    return [
        Pair(
            i, j, kinds.of(i, j, bool(out[1][i] or come[1][j])),
            float(had[0][i]), float(has[0][j]), float(out[0][i]), float(come[0][j]), int(out[1][i]), int(come[1][j]),
        )
        for i, j in rows
    ]  # fmt: skip


def _by_cell(rows: tuple, side: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Households and buildings by cell, and 0 at the end, where `NOBODY` points."""
    cell, households = rows[side], rows[2]
    there = cell != NOBODY
    counted = np.bincount(cell[there], minlength=count)
    return np.append(np.bincount(cell[there], households[there], count), 0), np.append(counted, 0)


class _Kinds:
    """What became of cells, from the ground they have in common."""

    def __init__(self, before: Layout, after: Layout, common: np.ndarray) -> None:
        self.common, self.linked = common, common > 0
        self.areas = shapely.area(before.shapes), shapely.area(after.shapes)
        self.noise = _NOISE_M * shapely.length(before.shapes), _NOISE_M * shapely.length(after.shapes)

    def of(self, i: int, j: int, moves: bool) -> str:
        if i == NOBODY:
            origins = np.flatnonzero(self.linked[:, j])
            return "split" if len(origins) == 1 and self._is_split(origins[0]) else "new"
        if j == NOBODY:
            parts = np.flatnonzero(self.linked[i])
            return "merged" if len(parts) == 1 and self._is_merged(parts[0]) else "gone"
        if self._is_split(i):
            return "split"
        if self._is_merged(j):
            return "merged"
        if not moves and self._covers(i, j):
            return "kept"
        half = self.common[i, j] > self.areas[0][i] / 2 and self.common[i, j] > self.areas[1][j] / 2
        return "changed" if half else "redistributed"

    def _is_split(self, i: int) -> bool:
        """Whether its ground went to several that have none of another's."""
        parts = self.linked[i]
        return parts.sum() > 1 and bool((self.linked[:, parts].sum(axis=0) == 1).all())

    def _is_merged(self, j: int) -> bool:
        origins = self.linked[:, j]
        return origins.sum() > 1 and bool((self.linked[origins].sum(axis=1) == 1).all())

    def _covers(self, i: int, j: int) -> bool:
        alone = self.linked[i].sum() == self.linked[:, j].sum() == 1
        left = self.areas[0][i] - self.common[i, j], self.areas[1][j] - self.common[i, j]
        return bool(alone and left[0] <= self.noise[0][i] and left[1] <= self.noise[1][j])
