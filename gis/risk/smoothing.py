"""Rates of small places borrowed towards those of the others: empirical Bayes.

A cell of 12 residents with one fire has not a rate of 83 per thousand; it has almost no data. Each place's rate is
drawn towards a mean, the more the fewer people it has:

    smoothed = mean + weight × (raw − mean),    weight = A / (A + mean / base)

where A is how much true rates differ between places, estimated by moments: weighted variance of the raw rates less
what chance alone would give. Formulas: R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes
estimators", Applied Statistics 40 (1991) 283–294; global with one mean, local with the mean of the neighbours.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse, stats

from gis.risk.rates import counted, per


@dataclass(frozen=True)
class Smoothed:
    """Per place (n): rate per unit of base, its posterior variance, and how far the place's own data count (0–1).

    A place with base 0 has weight 0 and takes the mean; its variance is A, the whole spread between places.
    """

    rate: np.ndarray
    variance: np.ndarray
    weight: np.ndarray

    def interval(self, level: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Credible interval: quantiles of the Gamma distribution with this mean and variance.

        The Gamma is the posterior of a Poisson count under a Gamma prior (Clayton and Kaldor, Biometrics 43 (1987)
        671–681). Where the variance is 0, because nothing tells places apart, both ends are the rate.
        """
        fixed = (self.variance <= 0) | (self.rate <= 0)
        variance, rate = np.where(fixed, 1.0, self.variance), np.where(fixed, 1.0, self.rate)
        shape, scale = rate**2 / variance, variance / rate
        ends = (stats.gamma.ppf(q, shape, scale=scale) for q in ((1 - level) / 2, (1 + level) / 2))
        low, high = (np.where(fixed, self.rate, end) for end in ends)
        return low, high


def smooth(count: np.ndarray, base: np.ndarray, among: np.ndarray | None = None) -> Smoothed:
    """Global empirical Bayes (Marshall 1991, eq. 3): towards the one mean of all places, or of those of `among`.

    `count`, `base`: n numbers ≥ 0, incidents and residents (or any other base). `among`: n flags, the places whose
    mean and spread are the prior; so a street may be drawn towards the mean of the cells, of which it is made.
    """
    count, base = counted(count), counted(base)
    chosen = np.ones(len(base), dtype=bool) if among is None else among
    everywhere = sparse.csr_array(np.ones((1, int(chosen.sum()))))
    mean, spread = _moments(count[chosen], base[chosen], everywhere)
    return _shrunk(count, base, mean[0], spread[0])


def smooth_locally(count: np.ndarray, base: np.ndarray, neighbours: sparse.sparray) -> Smoothed:
    """Local empirical Bayes: towards the mean of each place and its neighbours, with their spread.

    `neighbours`: n × n, non-zero where j is a neighbour of i; the place itself is always taken along. A
    neighbourhood in which nobody lives falls back to the mean of all.
    """
    count, base = counted(count), counted(base)
    around = sparse.csr_array(((neighbours != 0) + sparse.eye_array(len(base)) > 0).astype(float))
    mean, spread = _moments(count, base, around)
    whole = smooth(np.array([count.sum()]), np.array([base.sum()])).rate[0]
    return _shrunk(count, base, np.where(np.isnan(mean), whole, mean), spread)


def _moments(count: np.ndarray, base: np.ndarray, around: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Mean rate and A of each row's places. With b = base, r = raw rate, m = mean, b̄ = mean base of the row:
    A = Σ b (r − m)² / Σ b − m / b̄, and 0 where chance explains more than was seen."""
    people, members = around @ base, around @ (base > 0)
    raw = np.nan_to_num(per(count, base))
    mean = per(around @ (count * (base > 0)), people)
    seen = per(around @ (base * raw**2), people) - mean**2
    spread = np.nan_to_num(seen - mean * per(members, people))
    return mean, np.maximum(spread, 0.0)


def _shrunk(count: np.ndarray, base: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> Smoothed:
    """The posterior of each place; its variance is A (1 − weight) in this linear form."""
    mean = np.nan_to_num(np.broadcast_to(mean, base.shape))
    spread = np.broadcast_to(spread, base.shape)
    evidence = spread * base
    total = evidence + mean
    weight = np.divide(evidence, total, out=np.zeros_like(base), where=total > 0)
    raw = np.where(base > 0, np.nan_to_num(per(count, base)), mean)
    return Smoothed(mean + weight * (raw - mean), spread * (1 - weight), weight)
