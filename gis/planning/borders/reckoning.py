"""What would become of communities and of the cells in them, worked out without changing anything."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from gis.areas.area import Area
from gis.areas.cell import Cell
from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell, apply
from gis.areas.plans.inheriting import Parts, main_heir, parts_of
from gis.areas.plans.recutting import recut
from gis.areas.plans.tiles import dissolve, which
from gis.exchange.placing import Ground
from gis.planning.borders.numbering import absorbed, give_codes
from gis.planning.ground_of import degrees, plane
from gis.planning.plan import Plan
from gis.planning.publishing.standing import Standing, standing

#: A tile that a border in force enters no deeper than this lies on one side of it, metres.
_NOISE_M = 0.1


@dataclass(frozen=True)
class Communities:
    """The communities in force, by code."""

    codes: list[str]
    names: list[str]
    shapes: np.ndarray  # in the plane of the plan


@dataclass(frozen=True)
class BorderReckoning:
    """A plan of communities held against what is in force. `drawing` is cut along the borders in force."""

    plan: Plan
    day: date
    drawing: Drawing
    before: Communities
    cells: Standing  # of every kind, in the whole street
    was: np.ndarray  # row of the community of each tile, −1 where there was none
    cell: np.ndarray  # row in `cells` of the service cell of each tile, −1
    taken: frozenset[str]  # every code a community of the street ever had

    @cached_property
    def load(self) -> np.ndarray:
        """Households by tile."""
        return self.drawing.load({"households": 1.0})

    @cached_property
    def drawn(self) -> dict[int, PlanCell]:
        """The communities of the plan that have ground."""
        held = set(np.unique(self.drawing.cell).tolist()) - {NO_CELL}
        return {number: one for number, one in self.drawing.cells.items() if number in held}

    @cached_property
    def heirs(self) -> list[dict[int, float]]:
        """Where each community in force goes: number of a plan cell (or none) → share of its households."""
        return main_heir(self.was, self.drawing.cell, self.load, self.drawing.ground.area, len(self.before.codes))

    @cached_property
    def absorbed(self) -> dict[int, set]:
        return absorbed(self.before.codes, self.heirs, {one.code for one in self.drawn.values()})

    @cached_property
    def codes(self) -> dict[int, str]:
        """The code of each community of the plan, as it would be given out now."""
        numbers = list(self.drawn)
        kept = {number: self.drawn[number].code for number in numbers}
        middle = np.array([self._middle(number) for number in numbers]).reshape(-1, 2)
        return give_codes(self.plan.area, kept, self.absorbed, middle, self.taken)

    def _middle(self, number: int) -> np.ndarray:
        ground, mine = self.drawing.ground, self.drawing.cell == number
        return np.average(ground.middle[mine], axis=0, weights=ground.area[mine])

    @cached_property
    def redrawn(self) -> set[int]:
        """Numbers of the communities with other ground or another code: their cells are concerned."""
        return {number for number in self.drawn if not self._same_ground(number)}

    def _same_ground(self, number: int) -> bool:
        code = self.codes[number]
        if code not in self.before.codes:
            return False
        return bool(((self.drawing.cell == number) == (self.was == self.before.codes.index(code))).all())

    @cached_property
    def renamed(self) -> set[int]:
        """Numbers of the communities that keep ground and code and have another name."""
        names = dict(zip(self.before.codes, self.before.names, strict=True))
        return {n for n in set(self.drawn) - self.redrawn if self.drawn[n].name != names[self.codes[n]][:40]}

    @cached_property
    def ended(self) -> list[str]:
        """Codes that would retire."""
        return sorted(set(self.before.codes) - set(self.codes.values()))

    @cached_property
    def communities(self) -> list[str]:
        """Codes, of before and after, of the communities whose cells are concerned."""
        return sorted({*self.ended, *(self.codes[number] for number in self.redrawn)})

    @cached_property
    def parts(self) -> Parts:
        """The service cells to be."""
        return parts_of(self.drawing.ground, self.drawing.cell, self.cell, self.load)

    @cached_property
    def shapes(self) -> dict[int, shapely.Geometry]:
        """The outline of each community of the plan, in degrees."""
        numbers = list(self.drawn)
        rows = np.flatnonzero(self.drawing.cell != NO_CELL)
        group = np.searchsorted(numbers, self.drawing.cell[rows])
        return dict(zip(numbers, degrees(dissolve(self.drawing.shapes[rows], group), self.plan.crs), strict=True))

    @cached_property
    def street(self) -> shapely.Geometry:
        """The outline of the street: its communities together, in degrees."""
        whole = shapely.coverage_union_all(self.drawing.shapes[self.drawing.cell != NO_CELL])
        return degrees(np.array([whole], dtype=object), self.plan.crs)[0]

    @cached_property
    def outlines(self) -> Ground:
        """The communities concerned as they would be, to place things in. What stands in another stays there."""
        by_code = sorted(self.redrawn, key=lambda number: self.codes[number])
        count, open_ = len(by_code), np.full(len(by_code), np.datetime64("NaT", "D"))
        shapes = np.empty(count, dtype=object)
        shapes[:] = [self.shapes[number] for number in by_code]
        codes = np.array([self.codes[number] for number in by_code], dtype=object)
        return Ground(codes, shapes, np.array(by_code), open_, open_, np.zeros(count, dtype=np.int64))

    @cached_property
    def lost_m2(self) -> float:
        """Ground that had a community and would have none."""
        lost = (self.was >= 0) & (self.drawing.cell == NO_CELL)
        return float(self.drawing.ground.area[lost].sum())


def reckon_borders(plan: Plan, drawing: Drawing, day: date) -> BorderReckoning:
    """Hold a plan of communities against the communities and cells in force on a day."""
    before = communities_in_force(plan, day)
    cells = standing([plan.area], day, [kind.value for kind in Cell.Kind])
    service = np.flatnonzero(cells.kinds == Cell.Kind.SERVICE)
    shapes = plane(cells.shapes[service], plan.crs) if len(service) else np.empty(0, dtype=object)
    drawing = _cut(drawing, np.concatenate([before.shapes, shapes]), plan.next_tile)
    middle = shapely.points(drawing.ground.middle)
    row = which(shapes, middle) if len(service) else np.full(len(drawing), -1)
    of = np.where(row >= 0, service[row] if len(service) else -1, -1)
    taken = frozenset(Area.objects.filter(code__startswith=plan.area, level="community").values_list("code", flat=True))
    return BorderReckoning(plan, day, drawing, before, cells, which(before.shapes, middle), of, taken)


def communities_in_force(plan: Plan, day: date) -> Communities:
    found = Area.objects.children_of(plan.area).standing(day).exclude(geometry=None).order_by("code")
    rows = list(found.values_list("code", "name", "geometry"))
    shapes = shapely.from_wkb(np.array([bytes(shape.wkb) for _code, _name, shape in rows], dtype=object))
    return Communities([row[0] for row in rows], [row[1] for row in rows], plane(shapes, plan.crs))


def _cut(drawing: Drawing, shapes: np.ndarray, first_id: int) -> Drawing:
    """The drawing with those tiles cut that lie on two sides of a border in force: it may be younger than the plan."""
    borders = shapely.get_parts(shapely.boundary(shapes))
    inner = shapely.buffer(drawing.shapes, -_NOISE_M, quad_segs=1)
    tile, line = shapely.STRtree(borders).query(inner, predicate="intersects")
    if not len(tile):
        return drawing
    may = np.zeros(len(drawing), dtype=bool)
    may[tile] = True
    near = shapely.buffer(shapely.union_all(drawing.shapes[may]), 1.0)
    lines = shapely.get_parts(shapely.intersection(borders[np.unique(line)], near))
    return apply(drawing, recut(drawing, lines, first_id, may=may))
