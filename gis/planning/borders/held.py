"""Areas of a plan held against those in force: what goes on, what ends, who inherits. Communities and streets alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from gis.areas.area import Area
from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell, apply
from gis.areas.plans.inheriting import main_heir
from gis.areas.plans.recutting import recut
from gis.areas.plans.tiles import dissolve
from gis.planning.borders.numbering import absorbed
from gis.planning.ground_of import degrees, plane
from gis.planning.plan import Plan

#: A tile that a border in force enters no deeper than this lies on one side of it, metres.
_NOISE_M = 0.1


@dataclass(frozen=True)
class InForce:
    """The areas of one level in force, by code."""

    codes: list[str]
    names: list[str]
    shapes: np.ndarray  # in the plane of the plan


@dataclass(frozen=True)
class Held:
    """`drawing` is cut along the borders in force; its plan cells are the areas. `codes` is each level's own."""

    plan: Plan
    day: date
    drawing: Drawing
    before: InForce
    was: np.ndarray  # row in `before` of the area of each tile, −1 where there was none
    taken: Collection[str]  # every code an area of this level ever had

    @cached_property
    def load(self) -> np.ndarray:
        """Households by tile."""
        return self.drawing.load({"households": 1.0})

    @cached_property
    def drawn(self) -> dict[int, PlanCell]:
        """The areas of the plan that have ground."""
        held = set(np.unique(self.drawing.cell).tolist()) - {NO_CELL}
        return {number: one for number, one in self.drawing.cells.items() if number in held}

    @cached_property
    def heirs(self) -> list[dict[int, float]]:
        """Where each area in force goes: number of a plan cell (or none) → share of its households."""
        return main_heir(self.was, self.drawing.cell, self.load, self.drawing.ground.area, len(self.before.codes))

    @cached_property
    def absorbed(self) -> dict[int, set]:
        return absorbed(self.before.codes, self.heirs, {one.code for one in self.drawn.values()})

    @cached_property
    def codes(self) -> dict[int, str]:
        """The code of each area of the plan, as it would be given out now."""
        raise NotImplementedError

    def middle_of(self, number: int) -> np.ndarray:
        ground, mine = self.drawing.ground, self.drawing.cell == number
        return np.average(ground.middle[mine], axis=0, weights=ground.area[mine])

    @cached_property
    def redrawn(self) -> set[int]:
        """Numbers of the areas with other ground or another code."""
        return {number for number in self.drawn if not self._same_ground(number)}

    def _same_ground(self, number: int) -> bool:
        code = self.codes[number]
        if code not in self.before.codes:
            return False
        return bool(((self.drawing.cell == number) == (self.was == self.before.codes.index(code))).all())

    @cached_property
    def renamed(self) -> set[int]:
        """Numbers of the areas that keep ground and code and have another name."""
        names = dict(zip(self.before.codes, self.before.names, strict=True))
        return {n for n in set(self.drawn) - self.redrawn if self.drawn[n].name != names[self.codes[n]][:40]}

    @cached_property
    def ended(self) -> list[str]:
        """Codes that would retire."""
        return sorted(set(self.before.codes) - set(self.codes.values()))

    @cached_property
    def shapes(self) -> Mapping[int, shapely.Geometry]:
        """The outline of each area of the plan, in degrees."""
        numbers = list(self.drawn)
        rows = np.flatnonzero(self.drawing.cell != NO_CELL)
        place = {number: row for row, number in enumerate(numbers)}
        group = np.array([place[number] for number in self.drawing.cell[rows].tolist()], dtype=int)
        return dict(zip(numbers, degrees(dissolve(self.drawing.shapes[rows], group), self.plan.crs), strict=True))

    @cached_property
    def whole(self) -> shapely.Geometry:
        """The outline of all of them together, in degrees."""
        whole = shapely.coverage_union_all(self.drawing.shapes[self.drawing.cell != NO_CELL])
        return degrees(np.array([whole], dtype=object), self.plan.crs)[0]

    @cached_property
    def lost_m2(self) -> float:
        """Ground that had an area of this level and would have none."""
        lost = (self.was >= 0) & (self.drawing.cell == NO_CELL)
        return float(self.drawing.ground.area[lost].sum())


def in_force(area: str, level: str, day: date, system: int) -> InForce:
    """The areas of a level within one that have an outline on a day, in a plane."""
    found = (
        Area.objects.filter(level=level, code__startswith=area).standing(day).exclude(geometry=None).order_by("code")
    )
    rows = list(found.values_list("code", "name", "geometry"))
    shapes = shapely.from_wkb(np.array([bytes(shape.wkb) for _code, _name, shape in rows], dtype=object))
    return InForce([row[0] for row in rows], [row[1] for row in rows], plane(shapes, system))


def codes_ever(area: str, level: str) -> frozenset[str]:
    """Every code an area of a level within one ever had."""
    return frozenset(Area.objects.filter(code__startswith=area, level=level).values_list("code", flat=True))


def cut_along(drawing: Drawing, shapes: np.ndarray, first_id: int) -> Drawing:
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
