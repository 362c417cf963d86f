"""An index as one reader sees it: without what lies outside their scope, and without what has changed since."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gis.accounts.scope import Scope
from gis.areas.extent import extent
from gis.places.search.grams import Names
from gis.places.search.index import AREA, Index
from gis.places.search.scoping import LEVELS, Ranges


@dataclass(frozen=True)
class View:
    """`stale` are the communities (numbers, 12 digits) that are read again elsewhere; `weigh` are the names by which
    characters are rare or common.
    """

    index: Index
    scope: Scope
    weigh: Names
    stale: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    @cached_property
    def ranges(self) -> Ranges:
        return Ranges.of(self.scope)

    def _fresh(self, areas: np.ndarray) -> np.ndarray:
        return ~np.isin(areas // LEVELS[12], self.stale) if len(self.stale) else np.ones(len(areas), bool)

    @cached_property
    def places(self) -> np.ndarray:
        """Which places may be looked into: in scope, everybody's, or of a community part of which is in scope."""
        area = self.index.places.area
        return (self.ranges.touch(area) | (area == 0)) & self._fresh(area)

    @cached_property
    def names(self) -> np.ndarray:
        """Which names one of these places bears, or an area: areas above the scope tell which street is meant."""
        found = np.zeros(len(self.index.names), bool)
        found[self.index.heads.name[self.places[self.index.heads.place]]] = True
        return found | self.index.is_area

    def own_places(self, places: np.ndarray) -> np.ndarray:
        """Which of these places are a result themselves: those that lie inside the scope."""
        area = self.index.places.area[places]
        return self.ranges.hold(area) | (area == 0)

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """Which of these buildings are in scope and unchanged."""
        area = self.index.buildings.area[rows]
        return self.ranges.hold(area) & self._fresh(area)

    @cached_property
    def all_rows(self) -> np.ndarray:
        """Every building in scope: they lie in the order of their areas."""
        area = self.index.buildings.area
        low = np.searchsorted(area, self.ranges.low)
        high = np.searchsorted(area, self.ranges.high)
        rows = np.concatenate(
            [np.arange(one, other) for one, other in zip(low, high, strict=True)] or [np.zeros(0, int)]
        )
        return rows[self._fresh(area[rows])]

    @cached_property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the scope in degrees, None where nothing in it has an outline."""
        return extent(self.scope)

    @cached_property
    def area_heads(self) -> np.ndarray:
        """The heads that are an area's name."""
        heads = self.index.heads
        return np.flatnonzero(self.index.places.kind[heads.place] == AREA)
