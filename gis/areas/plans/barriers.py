"""What lies between tiles, changed by hand: barriers drawn, raised, lowered, opened."""

from dataclasses import replace

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.borders import Borders, borders, sums
from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited
from gis.areas.plans.ground import PASSAGE_M, Between
from gis.areas.plans.noding import near, neighbours
from gis.areas.plans.recutting import clean, recut
from gis.errors import BadGeometry, Refused

#: A border is on a line when it is within this of it, metres.
_ALONG_M = 1.0


def cut_ground(drawing: Drawing, line: shapely.Geometry, kind: int, first_id: int) -> Edit:
    """Cut tiles along a line and mark it as a barrier (Between), borders included that lie on it already."""
    kind = _kind(kind)
    lines = clean(drawing, np.array([line], dtype=object))
    after = apply(drawing, recut(drawing, lines, first_id, kind))
    first, second = _along(after, lines)
    if len(after) == len(drawing) and not len(first):
        raise Refused(_("这条线没有分开任何地块。"), fix=_("请从地块的一边画到另一边。"))
    after, marked = _set(after, first, second, kind)
    return edited(drawing, after, tiles=len(after) - len(drawing), borders=marked)


def set_barrier(drawing: Drawing, line: shapely.Geometry, kind: int) -> Edit:
    """The borders along a road or river (a line, within a metre) become NOTHING, MINOR or MAJOR."""
    kind = _kind(kind)
    lines = clean(drawing, np.array([line], dtype=object))
    first, second = _along(drawing, lines)
    if not len(first):
        raise Refused(_("这条线不在地块的边上。"), fix=_("请点选一条道路或河流。"))
    after, marked = _set(drawing, first, second, kind)
    return edited(drawing, after, borders=marked)


def open_passage(drawing: Drawing, x: float, y: float) -> Edit:
    """A bridge or underpass at a point: no barrier lies between the tiles whose border is near it."""
    if not np.isfinite([x, y]).all():
        raise BadGeometry(_("位置的坐标有误。"), fix=_("请重新点选。"))
    first, second, _length = _beside(drawing, np.array([shapely.Point(x, y)], dtype=object), PASSAGE_M)
    after, opened = _set(drawing, first, second, Between.NOTHING)
    if not opened:
        raise Refused(
            _("这里附近没有阻隔。"),
            fix=_("请点在河流、铁路或干道上；%(far)d 米以内的阻隔会打通。") % {"far": PASSAGE_M},
        )
    return edited(drawing, after, borders=opened)


def _kind(kind: int) -> Between:
    try:
        return Between(kind)
    except ValueError as wrong:
        raise Refused(_("没有这种阻隔。"), fix=_("请选择无阻隔、街道或阻隔。")) from wrong


def _along(drawing: Drawing, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of tiles (rows) most of whose common border lies along lines."""
    if not len(lines):
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    first, second, length = _beside(drawing, lines)
    ground, size = drawing.ground, len(drawing)
    known = ground.first * size + ground.second
    whole = np.argsort(known)
    place = whole[np.searchsorted(known, first * size + second, sorter=whole)]
    most = length >= ground.length[place] / 2
    return first[most], second[most]


def _beside(drawing: Drawing, places: np.ndarray, far: float = _ALONG_M) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs of tiles (rows) whose common border lies near something, and for how many metres of it."""
    rows = near(drawing, places, far)
    rows = np.union1d(rows, neighbours(drawing, rows))
    found = borders(drawing.shapes[rows])
    kept = _on(found, places, far)
    one, other = np.sort([rows[found.first[kept]], rows[found.second[kept]]], axis=0)
    return sums(one, other, found.length[kept])


def _on(found: Borders, places: np.ndarray, far: float) -> np.ndarray:
    """The segments near something: near a line when both their ends and their middle are."""
    whole = shapely.union_all(places)
    shapely.prepare(whole)
    if shapely.get_dimensions(whole) == 0:
        lines = shapely.linestrings(np.stack([found.start, found.end], axis=1))
        return np.flatnonzero(shapely.dwithin(whole, lines, far))
    ends = (found.start, (found.start + found.end) / 2, found.end)
    return np.flatnonzero(np.all([shapely.dwithin(whole, shapely.points(xy), far) for xy in ends], axis=0))


def _set(drawing: Drawing, first: np.ndarray, second: np.ndarray, kind: Between) -> tuple[Drawing, int]:
    ground, size = drawing.ground, len(drawing)
    here = np.isin(ground.first * size + ground.second, first * size + second) & (ground.between != kind)
    between = np.where(here, int(kind), ground.between)
    return replace(drawing, ground=replace(ground, between=between)), int(here.sum())
