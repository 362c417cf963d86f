"""Does the risk map know where incidents happen next? Against kernel density, counts, the last period and chance.

Rolling origin: every window is predicted from what was known the moment it began. All choices are made on the past
of each window, the kernel density's bandwidth too. Cells of 250 m: one or two blocks, what a worker
can walk in a round; a finer cell would ask more of the geocoding than it holds.
"""

import numpy as np
from django.core.management.base import CommandError

from gis.risk.accuracy import Accuracy, gain_interval
from gis.risk.trial import AREAS, OURS, TUNED, Case, Found, bandwidth_before, tried
from tests.bench.report import Report
from tests.bench.risk_cases import houston, new_york, town

_FIGURES = {"hit": "hit_rate", "PAI": "pai", "PEI": "pei"}
_HEAD = ["incidents", "map", *(f"{name} {area:.0%}" for name in _FIGURES for area in AREAS)]
_HEAD += ["spread", "ours ÷ it", "90 % of it"]
_NOTES = [
    "hit: share of the incidents in that part of the area; spread: deviation of hit 10 % over windows;",
    "90 % of it: bootstrap interval over windows of ours ÷ it at 10 %. Kernel density: Gaussian, all the past, its",
    "bandwidth the best of 50–1,000 m at 10 % on earlier windows. Below 50 m it only counts: the row of plain counts.",
]


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


def _add(report: Report, name: str, case: Case, found: Found) -> None:
    ours = _rates(found[OURS], 0.10)
    for label, windows in found.items():
        theirs = _rates(windows, 0.10)
        low, high = gain_interval(ours, theirs)
        ratio = [f"{theirs.std():.3f}", f"{ours.mean() / theirs.mean():.3f}", f"{low:.3f}–{high:.3f}"]
        report.rows.append([case.name, label, *_means(windows), *ratio])
    if name in ("nyc", "houston"):
        report.named.append((f"risk.{name}_gain", ours.mean() / _rates(found[TUNED], 0.10).mean(), "x"))
    report.notes.append(f"{case.note}; {_size(case)}.")


def _size(case: Case) -> str:
    tuned = sorted({bandwidth_before(case, start) for start in case.starts})
    bandwidths = " or ".join(f"{bandwidth:.0f}" for bandwidth in tuned)
    windows = f"{len(case.starts)} windows of {case.days:.0f} days"
    return f"{len(case.ground.lattice):,} cells, {windows}, tuned bandwidth {bandwidths} m"


def _means(windows: list[dict[float, Accuracy]]) -> list[str]:
    """Hit rate, PAI and PEI, each at every share of the area, averaged over the windows."""
    figures = [[getattr(window[area], field) for window in windows] for field in _FIGURES.values() for area in AREAS]
    return [f"{np.nanmean(values):.3f}" for values in figures]


def _rates(windows: list[dict[float, Accuracy]], area: float) -> np.ndarray:
    return np.array([window[area].hit_rate for window in windows])
