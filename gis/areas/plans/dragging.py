"""Dragging a border between cells by a handle: every cell that meets there follows.

The arcs from the handle to its neighbours are replaced by straight lines to the new place. Whether a piece of ground
changes cell is then counted, not drawn: a cell gains or loses it when it lies between the old line and the new one,
that is, inside an odd number of the loops made of an arc, its straight line, and the way from the new place to the old.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.blocks import pieces
from gis.areas.plans.drawing import NO_CELL, Drawing, apply, moved
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, open_cell
from gis.areas.plans.handles import Lines, cell_lines, handles
from gis.areas.plans.noding import near
from gis.areas.plans.recutting import recut
from gis.areas.plans.tiles import GRID_M
from gis.errors import BadGeometry, Refused

#: A place is a handle within this, and else on an arc within this, metres.
_HOLD_M = 0.5
_ON_ARC_M = 3.0
#: A line ends so far beyond the outline that it surely meets it, metres.
_BEYOND_M = 0.05


@dataclass(frozen=True)
class _Held:
    """What is held: where, and the arcs from there to the next handles (each k × 2) with their two cells."""

    xy: np.ndarray
    arcs: list[np.ndarray]
    cells: list[tuple[int, int]]
    fixed: bool

    @property
    def all_cells(self) -> list[int]:
        return sorted({number for pair in self.cells for number in pair})


def drag(drawing: Drawing, at: tuple[float, float], to: tuple[float, float], first_id: int) -> Edit:
    """Move the border of cells from a handle, or from any place on it, to a new place. Said: `tiles` that changed cell.

    On the outline or the border of a community a handle slides along it. Refused where the border would cross itself, a
    third cell or the outline, where a cell would vanish or fall apart, and where one of the cells is locked.
    """
    if not np.isfinite([*at, *to]).all():
        raise BadGeometry(_("位置的坐标有误。"), fix=_("请重新点选。"))
    held = _held(drawing, np.array(at, dtype=float))
    for number in held.all_cells:
        if number != NO_CELL:
            open_cell(drawing, number)
    lines = cell_lines(drawing, held.all_cells, whole=True)
    place, way = _landing(held, lines, np.array(to, dtype=float))
    straight = [np.array([arc[-1], place]) for arc in held.arcs]
    _check_way(drawing, held, straight)
    cut = apply(
        drawing, recut(drawing, _cuts(straight, held.fixed), first_id, may=np.isin(drawing.cell, held.all_cells))
    )
    loops = [np.concatenate([arc, [place], way[1:]]) for arc in held.arcs]
    rows, cell = _followed(cut, held, loops)
    after = apply(cut, moved(cut, rows, cell))
    _check_cells(drawing, after, held.all_cells)
    return edited(drawing, after, tiles=int((cut.cell[rows] != cell).sum()))


def _held(drawing: Drawing, at: np.ndarray) -> _Held:
    rows = near(drawing, np.array([shapely.Point(at)]), _ON_ARC_M)
    found = handles(drawing, np.unique(drawing.cell[rows]).tolist())
    if len(found.xy):
        away = np.hypot(*(found.xy - at).T)
        nearest = int(np.argmin(away))
        if away[nearest] <= _HOLD_M:
            return _of_handle(found, nearest)
        off = shapely.distance(np.array([shapely.LineString(arc.xy) for arc in found.arcs]), shapely.Point(at))
        if off.min() <= _ON_ARC_M:
            return _of_arc(found.arcs[int(np.argmin(off))], at)
    raise Refused(_("这里没有网格的边界。"), fix=_("请按住边界上的控制点拖动。"))


def _of_handle(found, row: int) -> _Held:
    arcs, cells = [], []
    for arc in found.arcs:
        if arc.ends[0] == row:
            arcs.append(arc.xy)
            cells.append(arc.cells)
        if arc.ends[1] == row:
            arcs.append(arc.xy[::-1])
            cells.append(arc.cells)
    return _Held(found.xy[row], arcs, cells, bool(found.fixed[row]))


def _of_arc(arc, at: np.ndarray) -> _Held:
    """A new handle on an arc, at the place nearest to where it was taken."""
    line = shapely.LineString(arc.xy)
    far = shapely.line_locate_point(line, shapely.Point(at))
    place = shapely.get_coordinates(shapely.line_interpolate_point(line, far))[0]
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(arc.xy, axis=0).T))])
    before, after = arc.xy[along < far], arc.xy[along > far]
    return _Held(
        place, [np.concatenate([[place], before[::-1]]), np.concatenate([[place], after])], [arc.cells] * 2, False
    )


def _landing(held: _Held, lines: Lines, to: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The new place on the grid, and the way from there back to the old one: straight, or along what is fixed."""
    if not held.fixed:
        place = np.round(to / GRID_M) * GRID_M
        return place, np.array([place, held.xy])
    fixed = shapely.linestrings(np.stack([lines.fixed_start, lines.fixed_end], axis=1))
    parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(fixed)))
    parts = parts[shapely.dwithin(parts, shapely.Point(held.xy), 2 * GRID_M)]
    if not len(parts):
        raise _tangled()
    line = parts[int(np.argmin(shapely.distance(parts, shapely.Point(to))))]
    here, there = shapely.line_locate_point(line, shapely.points(np.array([held.xy, to])))
    way = _along(line, there, here)
    return np.round(way[0] / GRID_M) * GRID_M, way


def _along(line: shapely.LineString, start: float, end: float) -> np.ndarray:
    """The corners from one place on a line to another; on a ring the shorter way."""
    xy, length = shapely.get_coordinates(line), shapely.length(line)
    if (xy[0] == xy[-1]).all() and abs(end - start) > length / 2:
        xy = np.concatenate([xy, xy[1:]])
        start, end = (start + length, end) if start < end else (start, end + length)
        line = shapely.LineString(xy)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    low, high = min(start, end), max(start, end)
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high]))
    way = np.concatenate([ends[:1], xy[(along > low) & (along < high)], ends[1:]])
    return way if start <= end else way[::-1]


def _cuts(straight: list[np.ndarray], fixed: bool) -> np.ndarray:
    if fixed:
        straight = [np.concatenate([line, [line[1] + _beyond(line)]]) for line in straight]
    return np.array([shapely.LineString(line) for line in straight], dtype=object)


def _beyond(line: np.ndarray) -> np.ndarray:
    step = line[1] - line[0]
    return step / max(np.hypot(*step), 1e-9) * _BEYOND_M


def _check_way(drawing: Drawing, held: _Held, straight: list[np.ndarray]) -> None:
    """The new lines must stay on the ground of the cells they part."""
    ground = shapely.coverage_union_all(drawing.shapes[np.isin(drawing.cell, held.all_cells)])
    ground = shapely.buffer(ground, 5 * GRID_M, quad_segs=2)
    lines = np.array([shapely.LineString(line) for line in straight], dtype=object)
    if not shapely.covers(ground, lines).all():
        raise Refused(_("边界会越过别的网格或社区边界。"), fix=_("请拖到近一些的地方，或先移动旁边的控制点。"))
    for one in range(len(lines)):
        crossed = shapely.crosses(lines[one], lines[one + 1 :])
        if crossed.any():
            raise _tangled()


def _tangled() -> Refused:
    return Refused(_("边界会和自己或旁边的边界交叉。"), fix=_("请拖到近一些的地方，或先移动旁边的控制点。"))


def _followed(cut: Drawing, held: _Held, loops: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The tiles between the old and the new lines, and the cell of each now."""
    box = np.concatenate(loops)
    middle = cut.ground.middle
    rows = np.flatnonzero(((middle >= box.min(axis=0)) & (middle <= box.max(axis=0))).all(axis=1))
    numbers = np.array(held.all_cells)
    odd = np.zeros((len(rows), len(numbers)), dtype=bool)
    for loop, pair in zip(loops, held.cells, strict=True):
        inside = _odd(loop, middle[rows])
        for number in pair:
            odd[:, np.searchsorted(numbers, number)] ^= inside
    touched = odd.any(axis=1)
    rows, odd = rows[touched], odd[touched]
    now = (cut.cell[rows][:, None] == numbers) ^ odd
    if (now.sum(axis=1) != 1).any():
        raise _tangled()
    return rows, numbers[np.argmax(now, axis=1)]


def _odd(loop: np.ndarray, points: np.ndarray) -> np.ndarray:
    """A mask of the points around which a closed loop runs an odd number of times."""
    start, end = loop, np.roll(loop, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    rise = np.where(end[:, 1] == start[:, 1], 1.0, end[:, 1] - start[:, 1])
    cross = start[:, 0] + (y - start[:, 1]) * (end[:, 0] - start[:, 0]) / rise
    return ((spans & (x < cross)).sum(axis=1) % 2).astype(bool)


def _check_cells(before: Drawing, after: Drawing, numbers: list[int]) -> None:
    """No cell may be lost or fall apart."""
    for number in [number for number in numbers if number != NO_CELL]:
        parts = _count(after, number)
        if not parts:
            raise Refused(_("有一个网格会没有地方。"), fix=_("要去掉它，请用合并或删除。"))
        if parts > _count(before, number):
            raise Refused(_("有一个网格会断成几块。"), fix=_("请拖到近一些的地方，或先移动旁边的控制点。"))


def _count(drawing: Drawing, number: int) -> int:
    """The connected parts of a cell."""
    ground, inside = drawing.ground, drawing.cell == number
    return len(np.unique(pieces(ground, inside[ground.first] & inside[ground.second])[inside]))
