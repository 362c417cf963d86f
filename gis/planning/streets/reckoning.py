"""What would become of streets, and of the communities and cells in them, worked out without changing anything."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from gis.areas.area import Area
from gis.areas.cell import Cell
from gis.areas.plans.drawing import Drawing, PlanCell
from gis.areas.plans.tiles import dissolve, which
from gis.codes.division import mint, reading_order
from gis.planning.borders.held import Held, InForce, codes_ever, cut_along, in_force
from gis.planning.borders.numbering import height_of
from gis.planning.borders.reckoning import BorderReckoning, held_against, service_shapes
from gis.planning.plan import Plan
from gis.planning.publishing.standing import Standing, standing
from gis.planning.streets.pieces import Pieces, pieces

_LONGEST_NAME = 40


@dataclass(frozen=True)
class StreetReckoning(Held):
    """Streets held against those in force."""

    in_communities: InForce
    community: np.ndarray  # row in `in_communities` of each tile, −1
    cells: Standing

    @cached_property
    def codes(self) -> dict[int, str]:
        """A street that goes on keeps its code; a new one gets a local code until the bureau assigns one."""
        found = {number: one.code for number, one in self.drawn.items() if one.code}
        new = [number for number, one in self.drawn.items() if not one.code]
        middles = np.array([self.middle_of(number) for number in new]).reshape(-1, 2)
        order = reading_order(middles[:, 0], middles[:, 1], height_of(middles))
        minted = mint(self.plan.area, self.taken, len(new))
        return found | {new[place]: code for place, code in zip(order, minted, strict=True)}

    @cached_property
    def pieces(self) -> Pieces:
        return pieces(self.drawing.ground, self.drawing.cell, self.community, self.load)

    @cached_property
    def below(self) -> BorderReckoning:
        """The communities that the streets would consist of, held against those in force."""
        found = self.pieces
        cells = {number: self._community(number - 1) for number in range(1, len(found) + 1)}
        drawing = replace(self.drawing, cell=found.of + 1, cells=_told_apart(cells))
        return held_against(self.plan, drawing, self.day, self.in_communities, self.cells)

    def _community(self, piece: int) -> PlanCell:
        row, number = int(self.pieces.community[piece]), int(self.pieces.street[piece])
        code, name, street = self.in_communities.codes[row], self.in_communities.names[row], self.codes[number]
        if code.startswith(street):
            return PlanCell(piece + 1, name[:_LONGEST_NAME], street, code)
        if row in self.cut:
            name = f"{name[:20]}（{self.drawn[number].name[:18]}）"
        return PlanCell(piece + 1, name[:_LONGEST_NAME], street)

    @cached_property
    def cut(self) -> list[int]:
        """Rows of the communities that would lie in several streets."""
        pairs = Counter(self.pieces.community.tolist())
        return sorted(row for row, count in pairs.items() if count > 1)


def _told_apart(cells: dict[int, PlanCell]) -> dict[int, PlanCell]:
    """One that comes to a street which has one of its name gets another name."""
    held = Counter((one.community, one.name) for one in cells.values())
    return {
        number: replace(one, name=f"{one.name[:34]}（{number}）")
        if not one.code and held[(one.community, one.name)] > 1
        else one
        for number, one in cells.items()
    }


def reckon_streets(plan: Plan, drawing: Drawing, day: date) -> StreetReckoning:
    """Hold a plan of streets against the streets, communities and cells in force on a day."""
    communities = in_force(plan.area, "community", day, plan.crs)
    streets = in_force(plan.area, "street", day, plan.crs)
    cells = standing([plan.area], day, [kind.value for kind in Cell.Kind])
    lines = np.concatenate([communities.shapes, service_shapes(cells, plan.crs), streets.shapes])
    drawing = cut_along(drawing, lines, plan.next_tile)
    middle = shapely.points(drawing.ground.middle)
    community = which(communities.shapes, middle)
    code = _street_of(communities, community, streets, which(streets.shapes, middle))
    codes = sorted(set(code.tolist()) - {""})
    was = np.array([codes.index(one) if one else -1 for one in code.tolist()], dtype=int)
    before = InForce(codes, _names(codes, day), _grounds(drawing, was))
    taken = codes_ever(plan.area, "street") | {one[:9] for one in codes_ever(plan.area, "community")}
    return StreetReckoning(plan, day, drawing, before, was, taken, communities, community, cells)


def _street_of(communities: InForce, community: np.ndarray, streets: InForce, street: np.ndarray) -> np.ndarray:
    """The code of the street in force of each tile: that of its community, else the one whose outline holds it."""
    rows = zip(community.tolist(), street.tolist(), strict=True)
    found = [communities.codes[c][:9] if c >= 0 else streets.codes[s] if s >= 0 else "" for c, s in rows]
    return np.array(found, dtype=object)


def _names(codes: list[str], day: date) -> list[str]:
    names = dict(Area.objects.filter(code__in=codes).standing(day).values_list("code", "name"))
    return [names.get(code, code) for code in codes]


def _grounds(drawing: Drawing, was: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(was >= 0)
    return dissolve(drawing.shapes[rows], was[rows]) if len(rows) else np.empty(0, dtype=object)
