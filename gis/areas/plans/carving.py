"""Drawing a cell freehand: the drawing wins, the neighbours give way."""

from dataclasses import replace

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import Drawing, PlanCell, apply
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, given_to, of_community, open_cell, unlocked, with_cells
from gis.areas.plans.recutting import SLIVER_M2, recut
from gis.areas.plans.tiles import GRID_M
from gis.errors import BadGeometry, Refused

#: A middle within this of a border says little about the tile, metres.
NEARLY_M = 0.05


def carve(drawing: Drawing, polygon: shapely.Geometry, number: int, first_id: int) -> Edit:
    """Give a cell all ground inside a polygon (metres) that lies in its community and in no locked cell.

    What the cell has already, inside or outside, it keeps. A cell without ground gets the community that has most of
    the polygon.
    """
    after, said = _carved(drawing, solid(polygon), number, first_id)
    return edited(drawing, after, **said, cell=number)


def draw_cell(drawing: Drawing, polygon: shapely.Geometry, cell: PlanCell, first_id: int) -> Edit:
    """A new cell drawn freehand; where it says no community, of the one in which most of the polygon lies."""
    if cell.number in drawing.cells:
        raise Refused(_("这个网格编号已经用过。"), fix=_("请刷新页面再试。"))
    after, said = _carved(with_cells(drawing, cell), solid(polygon), cell.number, first_id)
    return edited(drawing, after, **said, cell=cell.number)


def _carved(drawing: Drawing, polygon: shapely.Geometry, number: int, first_id: int) -> tuple[Drawing, dict[str, int]]:
    """The drawing in which the cell has the ground, and how many tiles were given and left."""
    drawing = _homed(drawing, polygon, number)
    may = unlocked(drawing) & of_community(drawing, drawing.cells[number].community)
    cut = apply(drawing, recut(drawing, shapely.get_parts(shapely.boundary(polygon)), first_id, may=may))
    after, said = given_to(cut, within(cut, polygon), number)
    if not said["tiles"]:
        raise _nowhere()
    return after, said


def _homed(drawing: Drawing, polygon: shapely.Geometry, number: int) -> Drawing:
    """The drawing in which the cell has a community."""
    cell = open_cell(drawing, number)
    if cell.community:
        return drawing
    rows = np.flatnonzero(unlocked(drawing) & ~of_community(drawing, ""))
    rows = rows[shapely.STRtree(drawing.shapes[rows]).query(polygon, predicate="intersects")]
    if not len(rows):
        raise _nowhere()
    area = shapely.area(shapely.intersection(drawing.shapes[rows], polygon))
    codes, place = np.unique(drawing.community[rows].astype(str), return_inverse=True)
    return with_cells(drawing, replace(cell, community=str(codes[np.argmax(np.bincount(place, area))])))


def _nowhere() -> Refused:
    return Refused(_("所画的范围内没有可以划入网格的地方。"), fix=_("请在网格的社区内画，或先解锁相邻网格。"))


def solid(polygon: shapely.Geometry) -> shapely.Geometry:
    """A drawn polygon made valid. Raises BadGeometry where it has no ground."""
    if polygon is None or not np.isfinite(shapely.get_coordinates(polygon)).all():
        raise BadGeometry(_("范围的坐标有误。"), fix=_("请重新画。"))
    parts = shapely.get_parts(shapely.set_precision(shapely.make_valid(polygon), GRID_M))
    whole = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    if shapely.area(whole) < SLIVER_M2:
        raise BadGeometry(_("所画的范围太小。"), fix=_("请画一个更大的范围。"))
    return whole


def within(drawing: Drawing, polygon: shapely.Geometry) -> np.ndarray:
    """The tiles (rows) inside a polygon along whose border they were cut: those whose middle is.

    A pointed tile may have its middle so near to the border that rounding puts it beyond: there its ground decides.
    """
    west, south, east, north = shapely.bounds(polygon) + np.array([-1, -1, 1, 1]) * NEARLY_M
    x, y = drawing.ground.middle.T
    rows = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    middle = shapely.points(drawing.ground.middle[rows])
    shapely.prepare(polygon)
    inside = shapely.intersects(polygon, middle)
    border = shapely.boundary(polygon)
    shapely.prepare(border)
    near = np.flatnonzero(shapely.dwithin(border, middle, NEARLY_M))
    held = shapely.area(shapely.intersection(drawing.shapes[rows[near]], polygon))
    inside[near] = held > drawing.ground.area[rows[near]] / 2
    return rows[inside]
