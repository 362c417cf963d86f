"""Dividing a cell in several: along a line drawn by hand, or evenly by load."""

from dataclasses import replace

import numpy as np
import shapely
from django.utils.translation import gettext as _
from scipy.sparse import csr_array

from gis.areas.plans.bisecting import bisect
from gis.areas.plans.blocks import ferried
from gis.areas.plans.borders import borders, sums
from gis.areas.plans.drawing import Drawing, PlanCell, apply, moved
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, open_cell, with_cells
from gis.areas.plans.ground import Ground, part_of
from gis.areas.plans.proposal import propose
from gis.areas.plans.recutting import recut
from gis.areas.plans.tiles import GRID_M, settled, which
from gis.areas.plans.wish import Wish
from gis.errors import Refused

#: What a line cuts off of a cell that is less than this share of its ground, without anything on it, is no cell.
_SCRAP = 0.02
#: As long as the name of a cell may be.
LONGEST_NAME = 40


def split_by_line(
    drawing: Drawing, number: int, line: shapely.Geometry, weights: dict[str, float], first_id: int, first_number: int
) -> Edit:
    """Divide a cell along a line. The part with the most load keeps its number, others are new from `first_number` on.

    Only this cell is cut, whatever else the line runs over. Parts that the line does not touch stay with the cell.
    """
    before = _ground_of(drawing, number)
    cut = apply(drawing, recut(drawing, np.array([line], dtype=object), first_id, may=before))
    rows = np.flatnonzero(cut.cell == number)
    part = _sides(cut, rows, line, cut.load(weights)[rows])
    if part.max() == 0:
        raise Refused(_("这条线没有把网格分开。"), fix=_("请从网格的一边画到另一边。"))
    return _divided(drawing, cut, rows, part, number, first_number)


def split_evenly(
    drawing: Drawing, number: int, count: int, wish: Wish, weights: dict[str, float], first_number: int
) -> Edit:
    """Divide a cell in so many of about the same load, without cutting tiles; new ones are from `first_number` on."""
    rows = np.flatnonzero(_ground_of(drawing, number))
    if not 2 <= count <= len(rows):
        raise Refused(
            _("这个网格不能分成 %(count)d 个。") % {"count": count},
            fix=_("请填 2 到 %(most)d；地块不够时，先用线切分。") % {"most": len(rows)},
        )
    load = drawing.load(weights)[rows]
    load = load if load.sum() > 0 else drawing.ground.area[rows]
    part = _even(part_of(drawing.ground, rows)[0], load, count, wish)
    return _divided(drawing, drawing, rows, _by_load(part, load), number, first_number)


def _ground_of(drawing: Drawing, number: int) -> np.ndarray:
    """A mask of the tiles of a cell that may be changed and has some."""
    open_cell(drawing, number)
    mask = drawing.cell == number
    if not mask.any():
        raise Refused(_("这个网格没有地块。"), fix=_("请选择有地块的网格。"))
    return mask


def _divided(before: Drawing, cut: Drawing, rows: np.ndarray, part: np.ndarray, number: int, first: int) -> Edit:
    """The act by which tiles of part 0 keep their cell and others are in cells from `first` on."""
    cell = before.cells[number]
    new = [
        PlanCell(name, _part_name(cell.name, name), cell.community, kind=cell.kind)
        for name in range(first, first + int(part.max()))
    ]
    after = with_cells(cut, *new)
    moves = part > 0
    after = apply(after, moved(after, rows[moves], first - 1 + part[moves]))
    return edited(before, after, cells=len(new) + 1, tiles=int(moves.sum()), cell=number)


def _part_name(name: str, number: int) -> str:
    """Such as 东院-7, within the length of a name."""
    end = f"-{number}"
    return f"{name[: LONGEST_NAME - len(end)]}{end}"


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


def _by_load(part: np.ndarray, load: np.ndarray) -> np.ndarray:
    """The same parts named from 0 on, the heaviest first."""
    order = np.argsort(-np.bincount(part, load), kind="stable")
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return rank[part]


def _even(part: Ground, load: np.ndarray, count: int, wish: Wish) -> np.ndarray:
    """Parts from 0: as proposed, or where barriers make other than `count` of them, by cuts alone."""
    wish = replace(wish, target=load.sum() / count)
    found = np.unique(propose(part, load, wish).cell, return_inverse=True)[1]
    if found.max() + 1 == count:
        return found
    part = ferried(part)
    both = (np.append(part.first, part.second), np.append(part.second, part.first))
    cost = np.tile(part.length / np.sqrt(part.area.sum()), 2)
    return bisect(csr_array((cost, both), shape=(len(part), len(part))), load, part.middle, count)
