"""Outlines from elsewhere held against a drawing, and laid into it by a choice for every difference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.areas.plans.borders import sums
from gis.areas.plans.drawing import NO_CELL, Drawing, apply
from gis.areas.plans.editing import Edit
from gis.areas.plans.giving import edited, of_community, unlocked
from gis.areas.plans.recutting import recut
from gis.areas.plans.tiles import settled

#: What can be done about a difference: the outline holds, whoever has the ground keeps it, it is nobody's.
HOLDS, KEEPS, GAP = "holds", "keeps", "gap"
CHOICES = (HOLDS, KEEPS, GAP)
#: Less ground is no difference, m².
LEAST_M2 = 1.0
_NOBODY = -1


@dataclass(frozen=True)
class Difference:
    """Ground that an outline claims and `other` has (NO_CELL: nobody), or, where `short`, that the cell would give up.

    Where two outlines claim the same ground, `other` is the one whose ground it is not now, and `both` is true.
    """

    number: int
    other: int
    short: bool
    both: bool
    m2: float
    at: tuple[float, float]  # a point on the largest tile, metres

    @property
    def key(self) -> str:
        """Names it in a choice."""
        return f"{self.number}-{self.other}-{'short' if self.short else 'both' if self.both else 'over'}"


@dataclass(frozen=True)
class Fitted:
    """A drawing cut along the outlines: the difference each tile is part of, by its place in `found`, or −1."""

    drawing: Drawing
    found: list[Difference]
    of: np.ndarray


def differences(drawing: Drawing, outlines: Mapping[int, shapely.Geometry], first_id: int) -> Fitted:
    """What is other in the outlines (numbers of cells → polygons, metres), the largest first. Changes no cell."""
    lines = shapely.get_parts(shapely.boundary(np.array(list(outlines.values()), dtype=object)))
    cut = apply(drawing, recut(drawing, lines, first_id))
    kinds = _kinds(cut, outlines)
    area = cut.ground.area
    keys, group = np.unique(kinds, axis=0, return_inverse=True)
    group = group.ravel()
    m2 = np.bincount(group, area, len(keys))
    kept = [row for row in np.argsort(-m2, kind="stable") if keys[row][0] != _NOBODY and m2[row] >= LEAST_M2]
    found = [_difference(cut, keys[row], np.flatnonzero(group == row)) for row in kept]
    place = np.full(len(keys), -1)
    place[kept] = np.arange(len(kept))
    return Fitted(cut, found, place[group])


def fit(drawing: Drawing, outlines: Mapping[int, shapely.Geometry], choices: Mapping[str, str], first_id: int) -> Edit:
    """Lay outlines into a drawing. `choices`: key of a difference → HOLDS, KEEPS or GAP; HOLDS where nothing is said.

    Ground of locked cells stays, and so does ground of another community than the cell's. Ground that a cell gives up
    goes to the neighbour it borders on longest; where there is none it is nobody's.
    """
    fitted = differences(drawing, outlines, first_id)
    cut, may = fitted.drawing, unlocked(fitted.drawing)
    cell = cut.cell.copy()
    for place, one in enumerate(fitted.found):
        choice, mine = choices.get(one.key, HOLDS), (fitted.of == place) & may
        if choice == GAP:
            cell[mine] = NO_CELL
        elif choice == HOLDS and one.short:
            cell[mine] = _given_up(cut, cell, mine, one.number)
        elif choice == HOLDS:
            cell[mine & _of_its_community(cut, one.number)] = one.number
    return edited(drawing, replace(cut, cell=cell), tiles=int((cell != cut.cell).sum()), differences=len(fitted.found))


def _kinds(drawing: Drawing, outlines: Mapping[int, shapely.Geometry]) -> np.ndarray:
    """number, other, short and both of each tile; number −1 where nothing is other."""
    middle = shapely.points(drawing.ground.middle)
    numbers = np.array(list(outlines), dtype=np.int64)
    inside = np.zeros((len(numbers), len(drawing)), dtype=bool)
    outline, tile = shapely.STRtree(middle).query(np.array(list(outlines.values()), dtype=object), "intersects")
    inside[outline, tile] = True
    claims, own = inside.sum(axis=0), numbers[:, None] == drawing.cell[None, :]
    kinds = np.column_stack([np.full(len(drawing), _NOBODY), drawing.cell, *np.zeros((2, len(drawing)), dtype=int)])
    short = (claims == 0) & own.any(axis=0)
    kinds[short, 0], kinds[short, 1], kinds[short, 2] = drawing.cell[short], NO_CELL, 1
    first = numbers[np.argmax(inside & ~own, axis=0)]  # a claimant that has not got the ground
    over = (inside & ~own).any(axis=0)
    kinds[over, 0] = first[over]
    kinds[over, 3] = claims[over] > 1
    kinds[kinds[:, 0] == _NOBODY] = _NOBODY
    return kinds


def _difference(drawing: Drawing, key: np.ndarray, rows: np.ndarray) -> Difference:
    area = drawing.ground.area[rows]
    x, y = drawing.ground.middle[rows[np.argmax(area)]]
    number, other, short, both = map(int, key)
    return Difference(number, other, bool(short), bool(both), float(area.sum()), (float(x), float(y)))


def _of_its_community(drawing: Drawing, number: int) -> np.ndarray:
    """A mask of the tiles a cell may have."""
    community = drawing.cells[number].community
    return of_community(drawing, community) if community else np.full(len(drawing), True)


def _given_up(drawing: Drawing, cell: np.ndarray, mine: np.ndarray, number: int) -> np.ndarray:
    """Whose the ground of a mask becomes that a cell gives up."""
    ground = drawing.ground
    open_ = mine | ((cell != number) & (cell != NO_CELL))
    edges = open_[ground.first] & open_[ground.second]
    edges &= (drawing.community[ground.first] == drawing.community[ground.second]).astype(bool)
    pairs = sums(ground.first[edges], ground.second[edges], ground.length[edges])
    name = np.append(np.where(mine, -1, cell), cell.max(initial=0) + 1)  # so that an island's name is no cell's
    name = settled(name, *pairs)[:-1]
    return np.where(name[mine] > cell.max(initial=0), NO_CELL, name[mine])
