"""Trying a forecast on the past: rolling origin, against what anybody would try first.

Every window is predicted from what was known the moment it began, and all choices are made on the past of each window,
the kernel density's bandwidth too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gis.risk.accuracy import Accuracy, accuracy
from gis.risk.prediction import FOREVER, Ground, Kernel, forecast

BANDWIDTHS = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
#: Shares of the area that are judged.
AREAS = (0.05, 0.10)
OURS, ALONE, TUNED = "ours", "ours, incidents alone", "kernel density, tuned"
SCOTT, COUNTS, LAST, RANDOM = "kernel density, Scott", "plain counts, all the past", "last period", "random"

Found = dict[str, list[dict[float, Accuracy]]]


@dataclass(frozen=True)
class Case:
    """`starts`: first days of the test windows, `days` long each; weights are learnt on `learning` windows before."""

    name: str
    ground: Ground
    starts: np.ndarray
    days: float
    learning: int
    note: str = ""


def tried(case: Case, names: tuple[str, ...] | None = None) -> Found:
    """Accuracy of every map, or of those named, on every test window of the case."""
    maps = {name: rank for name, rank in _MAPS.items() if names is None or name in names}
    if case.ground.given is None:
        maps.pop(ALONE, None)
    found: Found = {name: [] for name in maps}
    for start in case.starts:
        happened = np.bincount(case.ground.past.within(start, start + case.days), minlength=len(case.ground.lattice))
        for name, rank in maps.items():
            ranking = rank(case, start)
            found[name].append({area: accuracy(ranking, happened, area) for area in AREAS})
    return found


def bandwidth_before(case: Case, start: float) -> float:
    """The kernel density's bandwidth that caught most in 10 % of the area over the windows before `start`."""
    return BANDWIDTHS[int(np.argmax([_caught_before(case, start, bandwidth) for bandwidth in BANDWIDTHS]))]


def _caught_before(case: Case, start: float, bandwidth: float) -> float:
    earlier = [start - case.days * back for back in range(1, case.learning + 1)]
    return float(np.mean([_hit(case.ground, then, case.days, bandwidth, start) for then in earlier]))


def _hit(ground: Ground, then: float, days: float, bandwidth: float, start: float) -> float:
    happened = np.bincount(ground.past.within(then, then + days, known_by=start), minlength=len(ground.lattice))
    return accuracy(ground.surface(Kernel(bandwidth, FOREVER), then), happened, 0.10).hit_rate


def _ours(case: Case, start: float) -> np.ndarray:
    return forecast(case.ground, start, case.days, case.learning).share


def _incidents_alone(case: Case, start: float) -> np.ndarray:
    """Ours without the given surfaces, so with nothing that the kernel density does not know."""
    return forecast(replace(case.ground, given=None), start, case.days, case.learning).share


def _last_period(case: Case, start: float) -> np.ndarray:
    cells = case.ground.past.within(start - case.days, start, known_by=start)
    return np.bincount(cells, minlength=len(case.ground.lattice))


def _counts(case: Case, start: float) -> np.ndarray:
    return case.ground.surface(Kernel(0.0, FOREVER), start)


def _tuned(case: Case, start: float) -> np.ndarray:
    return case.ground.surface(Kernel(bandwidth_before(case, start), FOREVER), start)


def _scott(case: Case, start: float) -> np.ndarray:
    """Kernel density by Scott's rule, n^(−1/6) deviations in two dimensions: what a library does when not told."""
    xy = case.ground.past.xy[case.ground.past.known < start]
    return case.ground.surface(Kernel(float(len(xy) ** (-1 / 6) * xy.std(axis=0).mean()), FOREVER), start)


def _random(case: Case, start: float) -> np.ndarray:
    return np.random.default_rng(int(start)).random(len(case.ground.lattice))


_MAPS: dict[str, Callable[[Case, float], np.ndarray]] = {
    OURS: _ours,
    ALONE: _incidents_alone,
    TUNED: _tuned,
    SCOTT: _scott,
    COUNTS: _counts,
    LAST: _last_period,
    RANDOM: _random,
}
