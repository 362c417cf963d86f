"""What would become of communities and of the cells in them, worked out without changing anything."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from gis.areas.cell import Cell
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.inheriting import Parts, parts_of
from gis.areas.plans.tiles import which
from gis.exchange.placing import Ground
from gis.planning.borders.held import Held, InForce, codes_ever, cut_along, in_force
from gis.planning.borders.numbering import give_codes
from gis.planning.ground_of import plane
from gis.planning.plan import Plan
from gis.planning.publishing.standing import Standing, standing


@dataclass(frozen=True)
class BorderReckoning(Held):
    """Communities held against those in force; `PlanCell.community` is the street each would lie in."""

    cells: Standing  # of every kind, on all of the plan's ground
    cell: np.ndarray  # row in `cells` of the service cell of each tile, −1

    @cached_property
    def codes(self) -> dict[int, str]:
        """Street by street."""
        found: dict[int, str] = {}
        for street in sorted({one.community for one in self.drawn.values()}):
            kept = {number: one.code for number, one in self.drawn.items() if one.community == street}
            middles = np.array([self.middle_of(number) for number in kept]).reshape(-1, 2)
            taken = {code for code in self.taken if code.startswith(street)}
            found |= give_codes(street, kept, self.absorbed, middles, taken)
        return found

    @cached_property
    def communities(self) -> list[str]:
        """Codes, of before and after, of the communities whose cells are concerned."""
        return sorted({*self.ended, *(self.codes[number] for number in self.redrawn)})

    @cached_property
    def parts(self) -> Parts:
        """The service cells to be."""
        return parts_of(self.drawing.ground, self.drawing.cell, self.cell, self.load)

    @cached_property
    def outlines(self) -> Ground:
        """The communities concerned as they would be, to place things in. What stands in another stays there."""
        by_code = sorted(self.redrawn, key=lambda number: self.codes[number])
        count, open_ = len(by_code), np.full(len(by_code), np.datetime64("NaT", "D"))
        shapes = np.empty(count, dtype=object)
        shapes[:] = [self.shapes[number] for number in by_code]
        codes = np.array([self.codes[number] for number in by_code], dtype=object)
        return Ground(codes, shapes, np.array(by_code), open_, open_, np.zeros(count, dtype=np.int64))


def reckon_borders(plan: Plan, drawing: Drawing, day: date) -> BorderReckoning:
    """Hold a plan of communities against the communities and cells in force on a day."""
    before, cells = communities_in_force(plan, day), standing([plan.area], day, [kind.value for kind in Cell.Kind])
    drawing = cut_along(drawing, np.concatenate([before.shapes, service_shapes(cells, plan.crs)]), plan.next_tile)
    return held_against(plan, drawing, day, before, cells)


def held_against(plan: Plan, drawing: Drawing, day: date, before: InForce, cells: Standing) -> BorderReckoning:
    """The same for a drawing of communities that is cut along all of these."""
    middle = shapely.points(drawing.ground.middle)
    taken = codes_ever(plan.area, "community")
    return BorderReckoning(
        plan, day, drawing, before, which(before.shapes, middle), taken, cells, _cell_of(middle, cells, plan.crs)
    )


def communities_in_force(plan: Plan, day: date) -> InForce:
    return in_force(plan.area, "community", day, plan.crs)


def service_shapes(cells: Standing, system: int) -> np.ndarray:
    service = cells.kinds == Cell.Kind.SERVICE
    return plane(cells.shapes[service], system) if service.any() else np.empty(0, dtype=object)


def _cell_of(middle: np.ndarray, cells: Standing, system: int) -> np.ndarray:
    service = np.flatnonzero(cells.kinds == Cell.Kind.SERVICE)
    if not len(service):
        return np.full(len(middle), -1)
    row = which(service_shapes(cells, system), middle)
    return np.where(row >= 0, service[row], -1)
