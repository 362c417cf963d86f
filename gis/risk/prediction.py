"""Where incidents happen next: a weighted sum of surfaces that anyone can read.

Each surface is the past under one kernel: how near (a bandwidth in metres) and how recent (a memory in days). Plain
counts over all the past say "always here", narrow ones with a short memory "again and nearby", as in self-exciting
models (Mohler et al., J. Am. Stat. Assoc. 106 (2011) 100–108) and near-repeat maps (Bowers, Johnson and Pease,
Brit. J. Criminology 44 (2004) 641–658); wide ones fill in where a cell alone has too little. Beside them may stand
given surfaces (residents, dwellings). One set of weights per place and kind of incident says how much each is worth,
found by expectation–maximisation (Dempster, Laird and Rubin 1977) as the mixture under which past windows, each seen
only from before it, were most likely. The likelihood has a single maximum, so there is nothing to tune by hand.

Nothing of a window or after it is used for it: an incident counts from the day it was known, which for a theft
discovered in the morning is later than the night in which it happened.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gis.risk.lattice import Lattice

FOREVER = np.inf


class Kernel(NamedTuple):
    """Bandwidth in metres (0: the cell itself) and memory in days: the weight falls as exp(−age / memory)."""

    bandwidth: float
    memory: float


BANDWIDTHS = (0.0, 100.0, 300.0, 1000.0)


def kernels(memories: tuple[float, ...] = (FOREVER, 60.0, 14.0)) -> tuple[Kernel, ...]:
    """Every bandwidth with every memory."""
    return tuple(Kernel(bandwidth, memory) for memory in memories for bandwidth in BANDWIDTHS)


@dataclass(frozen=True)
class Past:
    """Incidents: `xy` (m × 2, metres), `at` and `known` (m, days since any epoch), `cell` (m, −1 outside)."""

    xy: np.ndarray
    at: np.ndarray
    known: np.ndarray
    cell: np.ndarray

    @classmethod
    def of(cls, lattice: Lattice, xy: np.ndarray, at: np.ndarray, known: np.ndarray | None = None) -> "Past":
        """Without `known`, an incident is known at once."""
        return cls(xy, at, at if known is None else np.maximum(at, known), lattice.cell_of(xy))

    def within(self, start: float, end: float, known_by: float = FOREVER) -> np.ndarray:
        """Cells of the incidents in [start, end) known before `known_by`, those in the study area."""
        taken = (self.at >= start) & (self.at < end) & (self.known < known_by) & (self.cell >= 0)
        return self.cell[taken]


@dataclass(frozen=True)
class Ground:
    """A lattice with its past: surfaces of any day, kept once computed. `given`: g × n, each summing to 1."""

    lattice: Lattice
    past: Past
    kernels: tuple[Kernel, ...]
    given: np.ndarray | None = None
    _kept: dict = field(default_factory=dict, repr=False)

    def surface(self, kernel: Kernel, now: float) -> np.ndarray:
        """The n shares of one kernel, from what was known before the day `now`."""
        if (kernel, now) not in self._kept:
            known = self.past.known < now
            weight = np.exp(-np.maximum(now - self.past.at[known], 0) / kernel.memory)
            self._kept[kernel, now] = self.lattice.surface(self.past.xy[known], weight, kernel.bandwidth)
        return self._kept[kernel, now]

    def surfaces(self, now: float) -> np.ndarray:
        """k × n: every kernel's, the given ones, and last the uniform one, which keeps every cell possible."""
        uniform = np.full((1, len(self.lattice)), 1 / len(self.lattice))
        own = [self.surface(kernel, now) for kernel in self.kernels]
        return np.vstack([*own, uniform] if self.given is None else [*own, self.given, uniform])


@dataclass(frozen=True)
class Forecast:
    """`share` (n): of the next incidents, in each cell, summing to 1; `parts` (k × n): what each surface brings."""

    share: np.ndarray
    parts: np.ndarray
    weights: np.ndarray


def forecast(ground: Ground, now: float, days: float, windows: int) -> Forecast:
    """The `days` after `now`, with weights learnt on the `windows` windows of that length before it."""
    weights = learn(ground, now, days, windows)
    parts = weights[:, None] * ground.surfaces(now)
    return Forecast(parts.sum(axis=0), parts, weights)


def learn(ground: Ground, now: float, days: float, windows: int) -> np.ndarray:
    """Weights of the surfaces (k, summing to 1). Each window is seen with the surfaces of the day it began."""
    starts = [now - days * back for back in range(1, windows + 1)]
    happened = [ground.past.within(start, start + days, known_by=now) for start in starts]
    seen = [ground.surfaces(start)[:, cells] for start, cells in zip(starts, happened, strict=True)]
    return mixture(np.hstack(seen))


def mixture(densities: np.ndarray, rounds: int = 200) -> np.ndarray:
    """Weights (k) of the mixture that makes m observations most likely. `densities`: k × m, each ≥ 0.

    Even weights without observations. An observation that no surface allows is left out.
    """
    weights = np.full(len(densities), 1 / len(densities))
    best = densities.max(axis=0, initial=0.0)
    possible = densities[:, best > 0] / best[best > 0]  # the scale of an observation does not move its weights
    if not possible.size:
        return weights
    for _ in range(rounds):
        weights = weights * (possible / (weights @ possible)).mean(axis=1)
    return weights / weights.sum()
