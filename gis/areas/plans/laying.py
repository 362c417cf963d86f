"""Laying cells that were drawn elsewhere on a plan: all at once, and buildings into cells by a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.carving import solid, within
from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell, apply
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, unlocked
from gis.areas.plans.recutting import recut
from gis.errors import BadGeometry, Refused


@dataclass(frozen=True)
class Laid:
    """A cell to be laid: its outline in metres, and what it is called."""

    shape: shapely.Geometry
    code: str = ""
    name: str = ""
    kind: str = "service"


def lay_cells(
    drawing: Drawing, laid: Sequence[Laid], first_id: int, first_number: int, in_force: Sequence[PlanCell] = ()
) -> Edit:
    """The cells of the plan become those laid; ground outside all of them is in no cell.

    A cell with the code or name of one that is there, or of one of `in_force` (cells of which the plan has none yet;
    their numbers do not matter), continues it. Locked cells stay as they are, whatever was laid on
    them. A cell lies in one community: that in which most of it lies; the rest is left (`foreign`). Where two overlap,
    the first has the ground. Raises Refused where nothing of it lies in the plan.
    """
    shapes = [_solid(one.shape) for one in laid]
    free = unlocked(drawing)
    lines = np.array([line for shape in shapes if shape for line in shapely.get_parts(shapely.boundary(shape))])
    cut = apply(drawing, recut(drawing, lines, first_id, may=free)) if len(lines) else drawing
    free = unlocked(cut)
    locked = {number: cell for number, cell in cut.cells.items() if cell.locked}
    number = np.where(free, NO_CELL, cut.cell)
    cells, taken, foreign = dict(locked), np.zeros(len(cut), dtype=bool), 0
    for one, shape in zip(laid, shapes, strict=True):
        rows = within(cut, shape) if shape else np.empty(0, dtype=int)
        rows = rows[free[rows] & ~taken[rows]]
        if not len(rows):
            continue
        community = _most(cut.community[rows], cut.ground.area[rows])
        here = rows[cut.community[rows] == community]
        foreign += len(rows) - len(here)
        known = [*drawing.cells.values(), *_unused(in_force, cells, first_number)]
        cell = _continued(known, one, community, cells) or PlanCell(first_number, one.name or one.code, community)
        first_number = max(first_number, cell.number + 1)
        cells[cell.number] = replace(cell, name=one.name or cell.name, kind=one.kind or cell.kind)
        number[here], taken[here] = cell.number, True
    if not taken.any():
        raise Refused(_("文件里的范围都不在方案的辖区内。"), fix=_("请检查文件的坐标系和辖区。"))
    after = replace(cut, cell=number, cells=dict(sorted(cells.items())))
    said = {"cells": len(cells) - len(locked), "tiles": int(taken.sum()), "foreign": foreign}
    return edited(drawing, after, **said, locked=len(locked))


def assign_buildings(drawing: Drawing, buildings: Sequence[tuple[int, int]], cells: Sequence[PlanCell]) -> Edit:
    """Put the tiles of buildings (primary key, number of a cell) into cells; `cells` are new ones among them.

    Tiles of locked cells and of another community than the cell's stay and are counted.
    """
    home = dict(zip(drawing.things.building.tolist(), drawing.home.tolist(), strict=True))
    tiles = {home[building]: number for building, number in buildings if home.get(building, -1) >= 0}
    rows = drawing.rows(np.array(sorted(tiles), dtype=np.int64))
    wanted = np.array([tiles[tile] for tile in sorted(tiles)], dtype=np.int64)
    named = drawing.cells | {cell.number: cell for cell in cells}
    fixed = ~unlocked(drawing)[rows] | np.array([named[one].locked for one in wanted.tolist()], dtype=bool)
    foreign = ~fixed & np.array(
        [
            named[one].community not in ("", drawing.community[row])
            for one, row in zip(wanted.tolist(), rows, strict=True)
        ],
        dtype=bool,
    )
    kept = ~fixed & ~foreign
    number = drawing.cell.copy()
    number[rows[kept]] = wanted[kept]
    moved = int((drawing.cell != number).sum())
    after = replace(drawing, cell=number, cells=dict(sorted(named.items())))
    return edited(drawing, after, tiles=moved, locked=int(fixed.sum()), foreign=int(foreign.sum()))


def _solid(shape: shapely.Geometry) -> shapely.Geometry | None:
    try:
        return solid(shape)
    except BadGeometry:
        return None


def _most(names: np.ndarray, area: np.ndarray) -> str:
    codes, place = np.unique(names.astype(str), return_inverse=True)
    return str(codes[np.argmax(np.bincount(place, area))])


def _unused(in_force: Sequence[PlanCell], used: dict[int, PlanCell], number: int) -> list[PlanCell]:
    """Those that no laid cell continues yet, with the number that the next would have."""
    codes = {cell.code for cell in used.values()}
    return [replace(cell, number=number) for cell in in_force if cell.code not in codes]


def _continued(known: Sequence[PlanCell], one: Laid, community: str, used: dict[int, PlanCell]) -> PlanCell | None:
    """The cell that a laid one continues: by its code, else by its name."""
    same = [cell for cell in known if cell.number not in used and cell.community in ("", community)]
    by_code = [cell for cell in same if cell.code and cell.code == one.code]
    by_name = [cell for cell in same if one.name and cell.name == one.name]
    found = next(iter(by_code or by_name), None)
    return found and replace(found, community=community)
