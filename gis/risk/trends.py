"""Whether a hot spot is new, growing, persistent or fading: a series of Gi* and its Mann–Kendall trend.

The classes follow the idea of Esri's Emerging Hot Spot Analysis (its published definitions), brought down to the four
words a supervisor acts on. Each period is judged against the other places of the same period, so "growing" means
growing against the rest of the area, not that the whole area has more incidents.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import sparse, stats

from gis.risk.hotspots import Spots, spots

#: Share of the periods in which a place must have been hot to be called persistent, growing or fading (Esri's 90 %).
OFTEN = 0.9


class Course(StrEnum):
    """What a place's series of hot (or cold) periods amounts to.

    NEW         hot in the last period and never before
    GROWING     hot in the last period and in ≥ 90 % of all, Gi* rising; or hot without a break since it first was,
                for at least two periods, Gi* rising
    PERSISTENT  hot in the last period and in ≥ 90 % of all, Gi* neither rising nor falling
    FADING      hot in ≥ 90 % of the periods before the last, and Gi* falling or no longer hot
    SPORADIC    hot at times, none of the above
    NONE        never hot
    """

    NONE = "none"
    SPORADIC = "sporadic"
    NEW = "new"
    GROWING = "growing"
    PERSISTENT = "persistent"
    FADING = "fading"


@dataclass(frozen=True)
class Emerging:
    """Per place (n): the course of its hot and of its cold periods, and the trend of Gi* with its p.

    `spots`: of every period (T), what it was judged by.
    """

    hot: np.ndarray  # of Course
    cold: np.ndarray  # of Course
    trend: np.ndarray
    p: np.ndarray
    spots: tuple[Spots, ...]


def emerging(values: np.ndarray, weights: sparse.sparray, level: float = 0.05) -> Emerging:
    """Courses from values of T periods × n places, oldest first. `level`: for the spots and for the trend.

    Hot in a period is a corrected p ≤ `level`. Raises ValueError for fewer than four periods: with less, the
    Mann–Kendall test cannot find a trend at any usual level.
    """
    if len(values) < 4:
        raise ValueError("A trend needs at least four periods.")
    found = [spots(row, weights) for row in np.asarray(values, dtype=float)]
    z = np.array([spot.z for spot in found])
    sure = np.array([spot.corrected for spot in found]) <= level
    trend, p = mann_kendall(z)
    rising, falling = (p <= level) & (trend > 0), (p <= level) & (trend < 0)
    hot = courses(sure & (z > 0), rising, falling)
    return Emerging(hot, courses(sure & (z < 0), falling, rising), trend, p, tuple(found))


def courses(hot: np.ndarray, rising: np.ndarray, falling: np.ndarray) -> np.ndarray:
    """`Course` per place from `hot` (T × n flags, oldest first) and what its Gi* does (n flags each)."""
    ever, now = hot.any(axis=0), hot[-1]
    often = hot.mean(axis=0) >= OFTEN
    before = hot[:-1].mean(axis=0) >= OFTEN
    unbroken = now & (hot.argmax(axis=0) + hot.sum(axis=0) == len(hot)) & (hot.sum(axis=0) > 1)
    rules = [
        (now & ~hot[:-1].any(axis=0), Course.NEW),
        (now & rising & (often | unbroken), Course.GROWING),
        (before & (falling | ~now), Course.FADING),
        (now & often, Course.PERSISTENT),
        (ever, Course.SPORADIC),
    ]
    return np.select([rule for rule, _ in rules], [course.value for _, course in rules], Course.NONE.value)


def mann_kendall(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kendall's τ of T values × n places against time, and its two-sided p.

    S = Σ sign(x_j − x_i) over i < j; variance with the correction for ties; normal with continuity correction.
    H. B. Mann, Econometrica 13 (1945) 245–259; M. G. Kendall, Rank Correlation Methods (4th ed. 1975).
    """
    series = np.asarray(series, dtype=float)
    n = len(series)
    steps = [np.sign(series[lag:] - series[:-lag]).sum(axis=0) for lag in range(1, n)]
    total = np.sum(steps, axis=0)
    variance = (n * (n - 1) * (2 * n + 5) - _ties(series)) / 18
    calm = np.abs(total) - 1 <= 0
    z = np.where(calm, 0.0, (np.abs(total) - 1) / np.sqrt(np.where(variance > 0, variance, np.inf)))
    return total / (n * (n - 1) / 2), 2 * stats.norm.sf(z)


def _ties(series: np.ndarray) -> np.ndarray:
    """Σ t (t − 1)(2t + 5) over groups of t equal values, as Σ over values of (t − 1)(2t + 5)."""
    equal = (series[:, None] == series[None]).sum(axis=0)
    return ((equal - 1) * (2 * equal + 5)).sum(axis=0)
