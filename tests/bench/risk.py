"""Does the risk map know where incidents happen next? Against kernel density, counts, the last period and chance.

Rolling origin: every window is predicted from what was known the moment it began. All choices are made on the past
of each window, the kernel density's bandwidth too. Cells of 250 m: one or two blocks, what a worker
can walk in a round; a finer cell would ask more of the geocoding than it holds.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from django.core.management.base import CommandError

from gis.risk.accuracy import Accuracy, accuracy, gain_interval
from gis.risk.prediction import FOREVER, Ground, Kernel, forecast
from tests.bench.report import Report
from tests.bench.risk_cases import Case, houston, new_york, town

BANDWIDTHS = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
_AREAS = (0.05, 0.10)
_FIGURES = {"hit": "hit_rate", "PAI": "pai", "PEI": "pei"}
_YARDSTICK = "kernel density, tuned"
_OURS = "ours"
_HEAD = ["incidents", "map", *(f"{name} {area:.0%}" for name in _FIGURES for area in _AREAS)]
_HEAD += ["spread", "ours ÷ it", "90 % of it"]
_NOTES = [
    "hit: share of the incidents in that part of the area; spread: deviation of hit 10 % over windows;",
    "90 % of it: bootstrap interval over windows of ours ÷ it at 10 %. Kernel density: Gaussian, all the past, its",
    "bandwidth the best of 50–1,000 m at 10 % on earlier windows. Below 50 m it only counts: the row of plain counts.",
]

Found = dict[str, list[dict[float, Accuracy]]]


def measure(quick: bool) -> Report:
    """The town, New York and Houston; a row says why where one is missing."""
    report = Report(_HEAD)
    for name, read in {"town": town, "nyc": new_york, "houston": houston}.items():
        try:
            case = read(quick)
        except CommandError as reason:
            report.notes.append(f"{name}: left out, {reason}.")
            continue
        _add(report, name, case, tried(case))
    report.notes += _NOTES
    return report


def tried(case: Case) -> Found:
    """Accuracy of every map on every test window of the case."""
    maps = {name: rank for name, rank in _MAPS.items() if case.ground.given is not None or rank is not _incidents_alone}
    found: Found = {name: [] for name in maps}
    for start in case.starts:
        happened = np.bincount(case.ground.past.within(start, start + case.days), minlength=len(case.ground.lattice))
        for name, rank in maps.items():
            ranking = rank(case, start)
            found[name].append({area: accuracy(ranking, happened, area) for area in _AREAS})
    return found


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
    return case.ground.surface(Kernel(_bandwidth(case, start), FOREVER), start)


def _bandwidth(case: Case, start: float) -> float:
    """The one that caught most in 10 % of the area over the windows before `start`."""
    return BANDWIDTHS[int(np.argmax([_caught_before(case, start, bandwidth) for bandwidth in BANDWIDTHS]))]


def _caught_before(case: Case, start: float, bandwidth: float) -> float:
    earlier = [start - case.days * back for back in range(1, case.learning + 1)]
    return float(np.mean([_hit(case.ground, then, case.days, bandwidth, start) for then in earlier]))


def _hit(ground: Ground, then: float, days: float, bandwidth: float, start: float) -> float:
    happened = np.bincount(ground.past.within(then, then + days, known_by=start), minlength=len(ground.lattice))
    return accuracy(ground.surface(Kernel(bandwidth, FOREVER), then), happened, 0.10).hit_rate


def _scott(case: Case, start: float) -> np.ndarray:
    """Kernel density by Scott's rule, n^(−1/6) deviations in two dimensions: what a library does when not told."""
    xy = case.ground.past.xy[case.ground.past.known < start]
    return case.ground.surface(Kernel(float(len(xy) ** (-1 / 6) * xy.std(axis=0).mean()), FOREVER), start)


def _random(case: Case, start: float) -> np.ndarray:
    return np.random.default_rng(int(start)).random(len(case.ground.lattice))


_MAPS: dict[str, Callable[[Case, float], np.ndarray]] = {
    _OURS: _ours,
    "ours, incidents alone": _incidents_alone,
    _YARDSTICK: _tuned,
    "kernel density, Scott": _scott,
    "plain counts, all the past": _counts,
    "last period": _last_period,
    "random": _random,
}


def _add(report: Report, name: str, case: Case, found: Found) -> None:
    ours = _rates(found[_OURS], 0.10)
    for label, windows in found.items():
        theirs = _rates(windows, 0.10)
        low, high = gain_interval(ours, theirs)
        ratio = [f"{theirs.std():.3f}", f"{ours.mean() / theirs.mean():.3f}", f"{low:.3f}–{high:.3f}"]
        report.rows.append([case.name, label, *_means(windows), *ratio])
    if name in ("nyc", "houston"):
        report.named.append((f"risk.{name}_gain", ours.mean() / _rates(found[_YARDSTICK], 0.10).mean(), "x"))
    report.notes.append(f"{case.note}; {_size(case)}.")


def _size(case: Case) -> str:
    tuned = sorted({_bandwidth(case, start) for start in case.starts})
    bandwidths = " or ".join(f"{bandwidth:.0f}" for bandwidth in tuned)
    windows = f"{len(case.starts)} windows of {case.days:.0f} days"
    return f"{len(case.ground.lattice):,} cells, {windows}, tuned bandwidth {bandwidths} m"


def _means(windows: list[dict[float, Accuracy]]) -> list[str]:
    """Hit rate, PAI and PEI, each at every share of the area, averaged over the windows."""
    figures = [[getattr(window[area], field) for window in windows] for field in _FIGURES.values() for area in _AREAS]
    return [f"{np.nanmean(values):.3f}" for values in figures]


def _rates(windows: list[dict[float, Accuracy]], area: float) -> np.ndarray:
    return np.array([window[area].hit_rate for window in windows])
