"""Drawing a cell freehand and splitting one by a line: the drawing wins, the neighbours give way."""

from dataclasses import replace

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.borders import borders, sums
from gis.areas.plans.drawing import Drawing, PlanCell, apply, moved
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, given_to, of_community, open_cell, unlocked, with_cells
from gis.areas.plans.recutting import SLIVER_M2, recut
from gis.areas.plans.tiles import GRID_M, settled, which
from gis.errors import BadGeometry, Refused

#: What a line cuts off of a cell that is less than this share of its ground, without anything on it, is no cell.
_SCRAP = 0.02
#: As long as the name of a cell may be.
LONGEST_NAME = 40


def carve(drawing: Drawing, polygon: shapely.Geometry, number: int, first_id: int) -> Edit:
    """Give a cell all ground inside a polygon (metres) that lies in its community and in no locked cell.

    What the cell has already, inside or outside, it keeps. A cell without ground gets the community that has most of
    the polygon.
    """
    polygon = solid(polygon)
    homed = _homed(drawing, polygon, number)
    may = unlocked(homed) & of_community(homed, homed.cells[number].community)
    cut = apply(homed, recut(homed, shapely.get_parts(shapely.boundary(polygon)), first_id, may=may))
    after, said = given_to(cut, within(cut, polygon), number)
    if not said["tiles"]:
        raise _nowhere()
    return edited(drawing, after, **said)


def draw_cell(drawing: Drawing, polygon: shapely.Geometry, cell: PlanCell, first_id: int) -> Edit:
    """A new cell drawn freehand; where it says no community, of the one in which most of the polygon lies."""
    if cell.number in drawing.cells:
        raise Refused(_("这个网格编号已经用过。"), fix=_("请刷新页面再试。"))
    with_it = with_cells(drawing, cell)
    edit = carve(with_it, polygon, cell.number, first_id)
    return edited(drawing, apply(with_it, edit.change), **edit.said, cell=cell.number)


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


def split_by_line(
    drawing: Drawing, number: int, line: shapely.Geometry, weights: dict[str, float], first_id: int, first_number: int
) -> Edit:
    """Divide a cell along a line. The part with the most load keeps its number, others are new from `first_number` on.

    Only this cell is cut, whatever else the line runs over. Parts that the line does not touch stay with the cell.
    """
    cell, before = open_cell(drawing, number), drawing.cell == number
    if not before.any():
        raise Refused(_("这个网格没有地块。"), fix=_("请选择有地块的网格。"))
    cut = apply(drawing, recut(drawing, np.array([line], dtype=object), first_id, may=before))
    rows = np.flatnonzero(cut.cell == number)
    part = _sides(cut, rows, line, cut.load(weights)[rows])
    names = np.unique(part)
    if len(names) < 2:
        raise Refused(_("这条线没有把网格分开。"), fix=_("请从网格的一边画到另一边。"))
    after, new = cut, first_number
    for name in names[1:]:
        after = with_cells(after, PlanCell(new, _part_name(cell.name, new), cell.community, kind=cell.kind))
        after = apply(after, moved(after, rows[part == name], new))
        new += 1
    return edited(drawing, after, cells=len(names), tiles=int((part != names[0]).sum()))


def _part_name(name: str, number: int) -> str:
    """Such as 东院-7, within the length of a name."""
    end = f"-{number}"
    return f"{name[: LONGEST_NAME - len(end)]}{end}"


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
    """The tiles (rows) inside a polygon along whose border they were cut: those whose middle is."""
    middle = shapely.points(drawing.ground.middle)
    return np.unique(shapely.STRtree(middle).query(polygon, predicate="intersects"))


def _sides(drawing: Drawing, rows: np.ndarray, line: shapely.Geometry, load: np.ndarray) -> np.ndarray:
    """The part that each tile is in, from 0, heaviest first; ground that the line does not touch is in part 0."""
    whole = shapely.coverage_union_all(drawing.shapes[rows])
    parts = shapely.get_parts(whole)
    noded = shapely.union_all([*shapely.boundary(parts), line], grid_size=GRID_M)
    zones = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.points(drawing.ground.middle[rows])
    zone = which(zones, points)
    zone = np.where(zone < 0, shapely.STRtree(zones).nearest(points), zone)
    held = np.bincount(zone, load, len(zones))
    zone = _without_scraps(zones, held, shapely.area(whole))[zone]
    _, zone = np.unique(zone, return_inverse=True)
    return _ranked(zone, which(parts, points), load, drawing.ground.area[rows])


def _without_scraps(zones: np.ndarray, held: np.ndarray, area: float) -> np.ndarray:
    """A name for every zone; a scrap has that of the zone beside it."""
    scrap = (shapely.area(zones) < _SCRAP * area) & (held == 0)
    found = borders(zones)
    pairs = sums(found.first, found.second, found.length)
    return settled(np.where(scrap, -1, np.arange(len(zones))), *pairs)


def _ranked(zone: np.ndarray, of_part: np.ndarray, load: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Zones by load, the heaviest 0. A part of the ground that is one zone goes with the heaviest."""
    first, place = np.unique(of_part, return_inverse=True)
    zones_of = np.array([len(np.unique(zone[place == one])) for one in range(len(first))])
    cut = zones_of[place] > 1
    if not cut.any():
        return np.zeros(len(zone), dtype=int)
    names = np.unique(zone[cut])
    weight = [(load[zone == name].sum(), area[zone == name].sum()) for name in names]
    order = sorted(range(len(names)), key=lambda place: weight[place], reverse=True)
    rank = {names[place]: number for number, place in enumerate(order)}
    return np.array([rank.get(one, 0) for one in zone])
