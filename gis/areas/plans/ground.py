"""The ground of a plan: which tiles border on each other, how long, and what lies between them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely

from gis.areas.plans.borders import Borders, borders, sums
from gis.areas.plans.tiles import GRID_M, Tiles


class Between(IntEnum):
    """What keeps two neighbouring tiles apart."""

    NOTHING = 0
    MINOR = 1  # a street: a good place for a border
    MAJOR = 2  # an arterial, railway, river: a cell does not cross it


#: A border within this of a passage (a bridge, an underpass) is open, metres.
PASSAGE_M = 20.0


@dataclass(frozen=True)
class Ground:
    """A graph. Nodes are tiles; a pair that borders on a line is there once, `first` < `second`, in order of pairs."""

    area: np.ndarray  # n floats, m²
    middle: np.ndarray  # n × 2, metres: a point inside each
    outer: np.ndarray  # n floats, metres of the outline's border
    first: np.ndarray  # m ints
    second: np.ndarray
    length: np.ndarray  # m floats, metres of common border
    between: np.ndarray  # m Between

    def __len__(self) -> int:
        return len(self.area)


def survey(tiles: Tiles, lines: np.ndarray, kinds: np.ndarray, passages: np.ndarray | None = None) -> Ground:
    """The ground of tiles cut along `lines`, whose `kinds` are Between. `passages`: points (k × 2, metres)."""
    found = borders(tiles.shapes)
    kind = _kind(found, np.asarray(lines, dtype=object), np.asarray(kinds))
    if passages is not None and len(passages):
        kind[_near(found, passages)] = -1  # open, whatever else lies along the same border
    by_kind = found.length[:, None] * (kind[:, None] == np.array([0, 1, 2, -1]))
    first, second, lengths = sums(found.first, found.second, by_kind)
    between = np.where(lengths[:, 3] > 0, 0, np.argmax(lengths[:, :3], axis=1)) if len(first) else np.zeros(0, int)
    length = lengths.sum(axis=1) if len(first) else np.zeros(0)
    around = shapely.length(tiles.shapes)
    shared = np.bincount(first, length, len(tiles)) + np.bincount(second, length, len(tiles))
    middle = shapely.get_coordinates(shapely.point_on_surface(tiles.shapes))
    return Ground(
        shapely.area(tiles.shapes), middle, np.maximum(around - shared, 0), first, second, length, between.astype(int)
    )


def part_of(ground: Ground, rows: np.ndarray) -> tuple[Ground, np.ndarray]:
    """The ground of some tiles, numbered from 0, and a mask of its borders; those on other tiles are outer border."""
    place = np.full(len(ground), -1)
    place[rows] = np.arange(len(rows))
    first, second = place[ground.first], place[ground.second]
    inside = (first >= 0) & (second >= 0)
    outer = ground.outer.copy()
    np.add.at(outer, ground.first[~inside], ground.length[~inside])
    np.add.at(outer, ground.second[~inside], ground.length[~inside])
    part = Ground(
        ground.area[rows],
        ground.middle[rows],
        outer[rows],
        first[inside],
        second[inside],
        ground.length[inside],
        ground.between[inside],
    )
    return part, inside


def _kind(found: Borders, lines: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """What lies along each segment: the strongest of the lines it is part of."""
    kind = np.zeros(len(found.first), dtype=int)
    middle = shapely.points((found.start + found.end) / 2)
    row, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=5 * GRID_M)
    np.maximum.at(kind, row, kinds[line])
    return kind


def _near(found: Borders, passages: np.ndarray) -> np.ndarray:
    segments = shapely.linestrings(np.stack([found.start, found.end], axis=1))
    _, row = shapely.STRtree(segments).query(shapely.points(passages), predicate="dwithin", distance=PASSAGE_M)
    return np.unique(row)
