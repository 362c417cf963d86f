"""A plan at one revision, and what one step changes in it.

A `Drawing` never changes: a step is a `Change`, `apply` makes the next drawing of it, and its inverse is the undo. All
is in metres. Tiles have ids that are never used again within a plan, so that a change can name tiles that are gone.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from gis.areas.plans.ground import Ground
from gis.areas.plans.standing import Parts, at_home, parts_on

#: The number of no cell: ground that is not assigned.
NO_CELL = 0
_NO_IDS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class PlanCell:
    """A cell of a plan. `number` names it within the plan, from 1 on, and is never used again there."""

    number: int
    name: str = ""
    community: str = ""  # 12 digits: a cell lies in one community
    code: str = ""  # of the cell in force that it continues, "" for a new one
    kind: str = "service"
    locked: bool = False


@dataclass(frozen=True)
class Edges:
    """Borders between tiles: one row a pair, by tile ids. `between` is a `ground.Between`."""

    first: np.ndarray
    second: np.ndarray
    length: np.ndarray
    between: np.ndarray


@dataclass(frozen=True)
class Pieces:
    """Tiles that come or go: what is known of them, and all their borders, those on tiles that stay too."""

    ids: np.ndarray
    shapes: np.ndarray
    community: np.ndarray
    compound: np.ndarray
    cell: np.ndarray
    edges: Edges
    parts: Parts = field(default_factory=Parts)  # of what stands on several tiles, these among them


@dataclass(frozen=True)
class Change:
    """What a step changes, both ways. Everything is empty unless given."""

    tiles: np.ndarray = field(default_factory=_NO_IDS.copy)  # ids of tiles that go from cell to cell
    before: np.ndarray = field(default_factory=_NO_IDS.copy)
    after: np.ndarray = field(default_factory=_NO_IDS.copy)
    cells_before: dict[int, PlanCell | None] = field(default_factory=dict)  # None: there is no such cell
    cells_after: dict[int, PlanCell | None] = field(default_factory=dict)
    gone: Pieces | None = None
    come: Pieces | None = None
    things: np.ndarray = field(default_factory=_NO_IDS.copy)  # rows of things that stand on other tiles now
    homes_before: np.ndarray = field(default_factory=_NO_IDS.copy)
    homes_after: np.ndarray = field(default_factory=_NO_IDS.copy)

    def inverse(self) -> "Change":
        return Change(
            self.tiles,
            self.after,
            self.before,
            self.cells_after,
            self.cells_before,
            self.come,
            self.gone,
            self.things,
            self.homes_after,
            self.homes_before,
        )

    def __bool__(self) -> bool:
        return bool(len(self.tiles) or self.cells_after or self.cells_before or self.gone or self.come)


@dataclass(frozen=True)
class Things:
    """What stands on the ground and counts: buildings, and whatever else has a place. k rows."""

    building: np.ndarray  # k ints: primary key, 0 for what is no building
    xy: np.ndarray  # k × 2, metres
    loads: dict[str, np.ndarray]  # k floats each, by the name of a figure
    footprints: np.ndarray | None = None  # k polygons, metres; plans of earlier have none

    def __len__(self) -> int:
        return len(self.building)


@dataclass(frozen=True)
class Drawing:
    """Tiles (n rows, ascending ids) and the cell each is in. `home` is the tile id of each thing, −1 outside.

    What stands on several tiles has `parts`; its home follows the cells (`standing.at_home`) in every step.
    """

    ids: np.ndarray
    shapes: np.ndarray
    community: np.ndarray  # n texts of 12 digits, "" on ground of no community
    compound: np.ndarray  # n ints: primary key of a compound, 0 for none
    cell: np.ndarray  # n ints, numbers of plan cells
    ground: Ground  # in the rows of this drawing
    cells: dict[int, PlanCell]
    things: Things
    home: np.ndarray
    parts: Parts = field(default_factory=Parts)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """The rows of tiles. Raises KeyError where one is not there."""
        ids = np.asarray(ids, dtype=np.int64)
        place = np.searchsorted(self.ids, ids)
        if len(ids) and (place.max() >= len(self.ids) or (self.ids[place] != ids).any()):
            raise KeyError("a tile that is not there")
        return place

    def load(self, weights: dict[str, float]) -> np.ndarray:
        """A weighted sum of loads by tile (n floats)."""
        total = sum((weight * self.things.loads[name] for name, weight in weights.items()), np.zeros(len(self.things)))
        inside = self.home >= 0
        return np.bincount(self.rows(self.home[inside]), total[inside], len(self))


def moved(drawing: Drawing, rows: np.ndarray, number: int | np.ndarray) -> Change:
    """The change that puts tiles (rows) into a cell; those that are in it already are left out."""
    after = np.broadcast_to(np.asarray(number, dtype=np.int64), np.shape(rows))
    other = drawing.cell[rows] != after
    return Change(tiles=drawing.ids[rows][other], before=drawing.cell[rows][other], after=after[other])


def apply(drawing: Drawing, change: Change) -> Drawing:
    """The drawing after a change."""
    if change.gone is not None or change.come is not None:
        drawing = _recut(drawing, change)
    cell = drawing.cell
    if len(change.tiles):
        cell = cell.copy()
        cell[drawing.rows(change.tiles)] = change.after
    cells = drawing.cells
    if change.cells_before or change.cells_after:
        cells = {number: one for number, one in cells.items() if number not in change.cells_before}
        cells |= {number: one for number, one in change.cells_after.items() if one is not None}
        cells = dict(sorted(cells.items()))
    return replace(drawing, cell=cell, cells=cells, home=at_home(drawing.home, drawing.parts, drawing.ids, cell))


def edges_of(drawing: Drawing, rows: np.ndarray) -> Edges:
    """All borders of some tiles, by ids."""
    chosen = np.zeros(len(drawing), dtype=bool)
    chosen[rows] = True
    ground = drawing.ground
    at = chosen[ground.first] | chosen[ground.second]
    ids = drawing.ids
    return Edges(ids[ground.first[at]], ids[ground.second[at]], ground.length[at], ground.between[at])


def pieces_of(drawing: Drawing, rows: np.ndarray) -> Pieces:
    """Tiles of a drawing as pieces, to be taken out."""
    return Pieces(
        drawing.ids[rows],
        drawing.shapes[rows],
        drawing.community[rows],
        drawing.compound[rows],
        drawing.cell[rows],
        edges_of(drawing, rows),
        drawing.parts.on(drawing.ids[rows]),
    )


def _recut(drawing: Drawing, change: Change) -> Drawing:
    stays = np.ones(len(drawing), dtype=bool)
    if change.gone is not None:
        stays[drawing.rows(change.gone.ids)] = False
    columns = ("ids", "shapes", "community", "compound", "cell")
    come = change.come
    joined = {
        name: getattr(drawing, name)[stays]
        if come is None
        else np.concatenate([getattr(drawing, name)[stays], getattr(come, name)])
        for name in columns
    }
    order = np.argsort(joined["ids"], kind="stable")
    joined = {name: values[order] for name, values in joined.items()}
    home = drawing.home
    if len(change.things):
        home = home.copy()
        home[change.things] = change.homes_after
    ground = _ground(drawing, stays, come, joined["ids"], joined["shapes"], order)
    parts = drawing.parts.exchanged(
        _NO_IDS if change.gone is None else change.gone.ids, Parts() if come is None else come.parts
    )
    return replace(drawing, **joined, ground=ground, home=home, parts=parts)


def _ground(drawing: Drawing, stays: np.ndarray, come: Pieces | None, ids, shapes, order) -> Ground:
    old = drawing.ground
    kept = stays[old.first] & stays[old.second]
    first, second = drawing.ids[old.first[kept]], drawing.ids[old.second[kept]]
    length, between = old.length[kept], old.between[kept]
    area, middle = old.area[stays], old.middle[stays]
    if come is not None:
        edges = come.edges
        first, second = np.append(first, edges.first), np.append(second, edges.second)
        length, between = np.append(length, edges.length), np.append(between, edges.between)
        area = np.append(area, shapely.area(come.shapes))
        middle = np.concatenate([middle, shapely.get_coordinates(shapely.point_on_surface(come.shapes))])
    first, second = np.searchsorted(ids, first), np.searchsorted(ids, second)
    first, second = np.minimum(first, second), np.maximum(first, second)
    # In order of pairs, as a survey has them: a drawing is the same whichever way it came about.
    pair = np.lexsort([second, first])
    first, second, length, between = first[pair], second[pair], length[pair], between[pair]
    outer = np.append(old.outer[stays], np.zeros(len(area) - stays.sum()))[order]
    other = order >= stays.sum()  # those that come, and those that had a border on one that goes
    lost = np.append(old.first[~kept], old.second[~kept])
    other[np.searchsorted(ids, drawing.ids[lost[stays[lost]]])] = True
    shared = np.bincount(first, length, len(ids)) + np.bincount(second, length, len(ids))
    outer[other] = np.maximum(shapely.length(shapes[other]) - shared[other], 0)
    return Ground(area[order], middle[order], outer, first, second, length, between.astype(int))


def with_footprints(drawing: Drawing, footprints: np.ndarray, community: np.ndarray) -> Drawing:
    """The drawing with the outlines (metres) of its first things, each in the cell that holds most of it.

    `community`: the code each is registered under. Ground of another community does not count, as a building stays in
    its own; what stands on none of its own keeps the home it has.
    """
    footprints = np.where(shapely.is_valid(footprints), footprints, shapely.make_valid(footprints))
    rest = np.full(len(drawing.things) - len(footprints), None, dtype=object)
    drawing = replace(drawing, things=replace(drawing.things, footprints=np.append(footprints, rest)))
    home, own = drawing.home[: len(footprints)], np.asarray(community, dtype=object)
    inside = np.flatnonzero(home >= 0)
    whole = np.zeros(len(footprints), dtype=bool)
    rows = drawing.rows(home[inside])
    whole[inside] = shapely.covers(drawing.shapes[rows], footprints[inside])
    whole[inside] &= _within(own[inside], drawing.community[rows])
    some = np.flatnonzero(~whole)
    found = parts_on(some, footprints[some], drawing.ids, drawing.shapes)
    found = found.where(_within(own[found.thing], drawing.community[drawing.rows(found.tile)]))
    home = drawing.home.copy()
    home[found.thing] = found.tile
    parts = found.several()
    return replace(drawing, home=at_home(home, parts, drawing.ids, drawing.cell), parts=parts)


def _within(code: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Whether each code lies in the area beside it, "" being none."""
    return np.array([bool(one) and mine.startswith(one) for mine, one in zip(code, area, strict=True)], dtype=bool)
