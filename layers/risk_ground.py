"""All places that are scored, cells and areas together, and how counts of areas become sums over each of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.places import LAYERS, Places, ground


@dataclass(frozen=True)
class Ground:
    """n places: those of every layer, the finest layer first, each in code order."""

    layers: dict[str, Places]

    @classmethod
    def now(cls) -> "Ground":
        return cls(ground())

    def __len__(self) -> int:
        return sum(len(places) for places in self.layers.values())

    @property
    def key(self) -> tuple[str, ...]:
        """Another one whenever a border, a code or a name is."""
        return tuple(places.mark for places in self.layers.values())

    def part(self, layer: str) -> slice:
        """Where the places of a layer stand among all."""
        start = sum(len(self.layers[one]) for one in LAYERS[: LAYERS.index(layer)])
        return slice(start, start + len(self.layers[layer]))

    @property
    def finest_layer(self) -> str:
        """Cells, or the lowest areas where there are none: what is typical is judged among these."""
        return next((layer for layer in LAYERS if len(self.layers[layer])), LAYERS[0])

    @cached_property
    def finest(self) -> np.ndarray:
        """n flags."""
        flags = np.zeros(len(self), dtype=bool)
        flags[self.part(self.finest_layer)] = True
        return flags

    @cached_property
    def codes(self) -> np.ndarray:
        return np.concatenate([self.layers[layer].codes for layer in LAYERS])

    @cached_property
    def km2(self) -> np.ndarray:
        """Ground of each place; that of the finest places in it where it has no outline of its own."""
        own = np.concatenate([self.layers[layer].km2 for layer in LAYERS])
        finest = self.layers[self.finest_layer]
        return np.where(own > 0, own, self.summed(finest.numbers, finest.km2[:, None])[:, 0])

    def find(self, code: str) -> int | None:
        """Where a code stands; None where it names no place of today."""
        found = np.flatnonzero(self.codes == code)
        return int(found[0]) if len(found) else None

    def summed(self, areas: np.ndarray, table: np.ndarray) -> np.ndarray:
        """n × k: what lies inside each place. `areas`: m ascending numbers of codes; `table`: m × k beside them."""
        sums = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=float)])
        return np.vstack([self._inside(self.layers[layer], areas, sums) for layer in LAYERS])

    @staticmethod
    def _inside(places: Places, areas: np.ndarray, sums: np.ndarray) -> np.ndarray:
        if not len(places):
            return np.zeros((0, sums.shape[1]))
        return sums[np.searchsorted(areas, places.numbers + places.span)] - sums[np.searchsorted(areas, places.numbers)]
