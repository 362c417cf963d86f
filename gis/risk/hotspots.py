"""Hot and cold spots: Getis-Ord Gi*, with the false discoveries of many tests kept in check."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse, stats

from gis.risk.neighbours import with_self

#: Class of a place: −3, −2, −1 cold at 99, 95, 90 %; 0 nothing; 1, 2, 3 hot at 90, 95, 99 %.
LEVELS = (0.10, 0.05, 0.01)


@dataclass(frozen=True)
class Spots:
    """Per place (n): standardised Gi*, its two-sided p, p after correction, and the class in −3 … 3."""

    z: np.ndarray
    p: np.ndarray
    corrected: np.ndarray
    kind: np.ndarray


def spots(values: np.ndarray, weights: sparse.sparray) -> Spots:
    """Hot and cold places of n finite values, classed by the corrected p."""
    z = getis_ord(values, weights)
    p = 2 * stats.norm.sf(np.abs(z))
    corrected = false_discovery(p)
    kind = sum((corrected <= level).astype(int) for level in LEVELS) * np.sign(z).astype(int)
    return Spots(z, p, corrected, kind)


def getis_ord(values: np.ndarray, weights: sparse.sparray) -> np.ndarray:
    """Gi* as a z value for each of n places, each counted among its own neighbours (weight 1).

    With x̄ and s the mean and the deviation (÷ n) of all values, W = Σ w, S = Σ w² over a row:
        z = (Σ w x − x̄ W) / (s √((n S − W²) / (n − 1)))
    J. K. Ord and A. Getis, Geographical Analysis 27 (1995) 286–306, eq. 14. Zero where every value is the same,
    or where a row holds all places: nothing can stand out there. Raises ValueError for a value not finite.
    """
    values, around = np.asarray(values, dtype=float), with_self(weights)
    if not np.isfinite(values).all():
        raise ValueError("Gi* needs a number for every place: leave out the others first.")
    n, total = len(values), np.asarray(around.sum(axis=1)).ravel()
    room = n * np.asarray(around.power(2).sum(axis=1)).ravel() - total**2
    spread = values.std() * np.sqrt(np.maximum(room, 0) / max(n - 1, 1))
    flat = spread <= 1e-12 * max(np.abs(values).max(initial=0), np.finfo(float).tiny) * n
    return np.divide(around @ values - values.mean() * total, spread, out=np.zeros(n), where=~flat)


def false_discovery(p: np.ndarray) -> np.ndarray:
    """Benjamini–Hochberg corrected p: reject those ≤ q, and the expected share of false ones is at most q.

    Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289–300. Gi* of neighbours are positively
    dependent, for which it holds as well (Benjamini and Yekutieli 2001; Caldas de Castro and Singer 2006 for Gi*).
    NaN stays NaN and does not count as a test.
    """
    p = np.asarray(p, dtype=float)
    out = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    stepped = p[order] * len(order) / np.arange(1, len(order) + 1)
    out[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return out
