"""What stands on several tiles: the part of it on each, and the one tile where it counts.

A building belongs to the cell that holds most of it, however its parts are cut; so a plan counts it where its
publication will put it (`gis.areas.holding`). Within that cell it counts on the tile with the largest part.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.areas.holding import most_held

#: Less of a building than this on a tile is rounding, m².
LEAST_M2 = 0.01
_NO_IDS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Parts:
    """A row for each tile of each thing that stands on more than one, in order of things, then tiles."""

    thing: np.ndarray = field(default_factory=_NO_IDS.copy)  # rows of things
    tile: np.ndarray = field(default_factory=_NO_IDS.copy)  # ids
    area: np.ndarray = field(default_factory=lambda: np.empty(0))  # m²

    def __len__(self) -> int:
        return len(self.thing)

    def where(self, chosen: np.ndarray) -> "Parts":
        return Parts(self.thing[chosen], self.tile[chosen], self.area[chosen])

    def on(self, ids: np.ndarray) -> "Parts":
        """Those on some tiles."""
        return self.where(np.isin(self.tile, ids)) if len(self) else self

    def exchanged(self, gone: np.ndarray, come: "Parts") -> "Parts":
        """Without those on tiles (ids) that go, with those that come."""
        stay = self.where(~np.isin(self.tile, gone))
        whole = Parts(*(np.append(getattr(stay, name), getattr(come, name)) for name in ("thing", "tile", "area")))
        return whole.where(np.lexsort((whole.tile, whole.thing)))

    def several(self) -> "Parts":
        """Those of things that have more than one."""
        _, place, count = np.unique(self.thing, return_inverse=True, return_counts=True)
        return self.where(count[place] > 1)


def parts_on(things: np.ndarray, footprints: np.ndarray, ids: np.ndarray, shapes: np.ndarray) -> Parts:
    """What tiles hold of things (rows, a footprint each), those on one tile only included."""
    one, tile = shapely.STRtree(shapes).query(footprints, predicate="intersects")
    area = shapely.area(shapely.intersection(footprints[one], shapes[tile]))
    found = Parts(things[one], ids[tile].astype(np.int64), area).where(area >= LEAST_M2)
    return found.where(np.lexsort((found.tile, found.thing)))


def at_home(home: np.ndarray, parts: Parts, ids: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """`home` (tile ids) with each thing that has parts on the tile where it counts. Tiles are in ascending order."""
    if not len(parts):
        return home
    number = cell[np.searchsorted(ids, parts.tile)]
    pair, of = np.unique(np.column_stack([parts.thing, number]), axis=0, return_inverse=True)
    of = of.reshape(-1)
    held = pair[most_held(pair[:, 0], pair[:, 1], np.bincount(of, parts.area))]
    inside = np.flatnonzero(held[np.searchsorted(held[:, 0], parts.thing), 1] == number)
    best = inside[most_held(parts.thing[inside], parts.tile[inside], parts.area[inside])]
    home = home.copy()
    home[parts.thing[best]] = parts.tile[best]
    return home
