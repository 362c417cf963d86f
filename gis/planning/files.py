"""Plans as files: the cells with their outlines, the buildings with their cells, both ways."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.cell import Cell
from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell
from gis.areas.plans.laying import Laid, assign_buildings, lay_cells
from gis.areas.plans.measuring import measures
from gis.areas.plans.tiles import dissolve
from gis.exchange.drawn.assignment import Assigned
from gis.exchange.drawn.cell import DrawnCell
from gis.places.building import Building
from gis.planning import stepping
from gis.planning.ground_of import cells_on
from gis.planning.opening import plan_cell
from gis.planning.plan import Plan

_LONGEST_NAME = 40


def cells_of(plan: Plan, drawing: Drawing) -> list[DrawnCell]:
    """The cells that have ground, with what they hold; outlines in degrees."""
    numbers, group = np.unique(drawing.cell, return_inverse=True)
    shapes = shapely.transform(dissolve(drawing.shapes, group), lambda xy: crs.move(xy, plan.crs, crs.STORE))
    figures = {row["number"]: row for row in measures(drawing, plan.measure, plan.target).rows()}
    return [
        _drawn(drawing.cells[number], shape, figures[number])
        for number, shape in zip(numbers.tolist(), shapes, strict=True)
        if number != NO_CELL
    ]


def _drawn(cell: PlanCell, shape: shapely.Geometry, figures: dict) -> DrawnCell:
    return DrawnCell(
        shape,
        cell.code,
        cell.name,
        cell.community,
        cell.kind,
        cell.number,
        round(figures.get("households", 0)),
        round(figures.get("dwellings", 0)),
        int(figures["buildings"]),
        round(figures["area"], 1),
    )


def assignment_of(plan: Plan, drawing: Drawing) -> list[tuple[str, str, str]]:
    """Building code, cell code and cell name of every building that stands in the plan, by code."""
    codes = _codes(plan)
    inside = (drawing.home >= 0) & (drawing.things.building > 0)
    numbers = drawing.cell[drawing.rows(drawing.home[inside])]
    rows = []
    for building, number in zip(drawing.things.building[inside].tolist(), numbers.tolist(), strict=True):
        cell = drawing.cells.get(number)
        if building in codes:
            rows.append((codes[building], cell.code if cell else "", cell.name if cell else ""))
    return sorted(rows)


def _codes(plan: Plan) -> dict[int, str]:
    low, high = plan.area, plan.area + ":"
    return dict(Building.objects.filter(area__gte=low, area__lt=high).values_list("pk", "code"))


def take_cells(uuid: UUID, cells: Sequence[DrawnCell], user: User, access: Access, seen: int | None) -> Plan:
    """The step that makes the cells of a plan those of a file. Raises as `stepping.step` does."""

    def operation(drawing: Drawing, plan: Plan):
        shapes = shapely.transform(
            np.array([cell.shape for cell in cells], dtype=object), lambda xy: crs.move(xy, crs.STORE, plan.crs)
        )
        laid = [_laid(cell, shape, row) for row, (cell, shape) in enumerate(zip(cells, shapes, strict=True), 1)]
        return lay_cells(drawing, laid, plan.next_tile, plan.next_cell, _in_force(plan, drawing))

    return stepping.make(uuid, "file", operation, user, access, seen)


def _in_force(plan: Plan, drawing: Drawing) -> list[PlanCell]:
    """The cells in force that the plan has none for: a plan begun from nothing or from a file has no cell of theirs."""
    held = {cell.code for cell in drawing.cells.values()}
    return [plan_cell(0, one) for one in cells_on(plan.area, timezone.localdate()) if one.code not in held]


def _laid(cell: DrawnCell, shape: shapely.Geometry, row: int) -> Laid:
    name = cell.name or cell.code or _("第 %(row)d 个网格") % {"row": row}
    return Laid(shape, cell.code, name[:_LONGEST_NAME], cell.kind if cell.kind in Cell.Kind.values else "service")


@dataclass(frozen=True)
class Mismatch:
    """A row of an assignment that fits nothing, and what to do."""

    row: int
    field: str
    value: str
    fix: str


def mismatches(plan: Plan, drawing: Drawing, rows: Sequence[Assigned]) -> list[Mismatch]:
    """The rows that cannot be followed: buildings that do not stand in the plan, and two cells for one building.

    A building in no cell stays so without a cell in its row: thus the table that a plan gives goes up again.
    """
    known = _standing(plan, drawing)
    free = {code for code, cell, name in assignment_of(plan, drawing) if not cell and not name}
    found, first = [], {}
    for one in rows:
        if one.building not in known:
            fix = _("方案的辖区内没有这栋楼：请核对编码，或删去这一行。")
            found.append(Mismatch(one.row, "building_code", one.building, fix))
        elif not one.code and not one.name and one.building in free:
            continue  # in no cell, there as here
        elif not one.code and not one.name:
            found.append(Mismatch(one.row, "cell_code", "", _("请填写网格编码或名称；不改它的网格，就删去这一行。")))
        elif first.setdefault(one.building, one).code != one.code or first[one.building].name != one.name:
            fix = _("第 %(row)d 行已把它划入另一个网格：请只留一行。") % {"row": first[one.building].row}
            found.append(Mismatch(one.row, "cell_code", one.code or one.name, fix))
    return found


def take_assignment(uuid: UUID, rows: Sequence[Assigned], user: User, access: Access, seen: int | None) -> Plan:
    """The step that puts buildings into the cells a file names; rows that fit nothing are left out."""

    def operation(drawing: Drawing, plan: Plan):
        wrong = {one.row for one in mismatches(plan, drawing, rows)}
        known, named, new = _standing(plan, drawing), _named(drawing.cells.values()), {}
        in_force = _in_force(plan, drawing)
        pairs = []
        for one in (one for one in rows if one.row not in wrong and (one.code or one.name)):
            building, community = known[one.building]
            cell = named.get(one.code) or named.get(one.name)
            if cell is None:
                cell = _added(one, community, in_force, plan.next_cell + len(new))
                cell = new.setdefault(cell.code or one.code or one.name, cell)
            pairs.append((building, cell.number))
        return assign_buildings(drawing, pairs, list(new.values()))

    return stepping.make(uuid, "file", operation, user, access, seen)


def _added(one: Assigned, community: str, in_force: Sequence[PlanCell], number: int) -> PlanCell:
    """The cell that a row asks for and the plan has not: it continues one in force of that code, else of that name."""
    here = [cell for cell in in_force if cell.community == community]
    same = _named(here)
    if found := same.get(one.code) or same.get(one.name):
        return replace(found, number=number)
    return PlanCell(number, (one.name or one.code)[:_LONGEST_NAME], community)


def _standing(plan: Plan, drawing: Drawing) -> dict[str, tuple[int, str]]:
    """The buildings that have a tile, by code: primary key and community."""
    codes = _codes(plan)
    inside = (drawing.home >= 0) & (drawing.things.building > 0)
    rows = drawing.rows(drawing.home[inside])
    pairs = zip(drawing.things.building[inside].tolist(), drawing.community[rows].tolist(), strict=True)
    return {codes[building]: (building, community) for building, community in pairs if building in codes}


def _named(cells: Collection[PlanCell]) -> dict[str, PlanCell]:
    """By name and by code; a code before a name."""
    names = {cell.name: cell for cell in cells if cell.name}
    return names | {cell.code: cell for cell in cells if cell.code}
