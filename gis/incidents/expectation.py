"""What usually comes in: an expectation from comparable earlier periods, its band, and how unlikely a count is.

"Up by 140 %" says little of 5 against 2. A count stands out here when it would seldom come about by chance, given how
much such counts vary anyway.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

#: What an earlier period may exceed the median by, in robust deviations, before it is cut: an old outbreak must not
#: hide a new one.
_CUT = 3.0
#: Weight of the other kinds in a kind's own dispersion, in periods: eight of its own tell as much as all the others.
_SHARED = 8
#: Share of ordinary counts that lie inside the band.
BAND = 0.95


@dataclass(frozen=True)
class Expectation:
    """Per kind (n): the mean expected and the variance of one new count around it."""

    usual: np.ndarray
    variance: np.ndarray

    def band(self, share: float = BAND) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest count (n, int64) that are nothing unusual."""
        size, chance = self._shape()
        low = stats.nbinom.ppf((1 - share) / 2, size, chance)
        high = stats.nbinom.ppf((1 + share) / 2, size, chance)
        return np.maximum(low, 0).astype(np.int64), high.astype(np.int64)

    def chance_of_more(self, counts: np.ndarray) -> np.ndarray:
        """Probability (n) of a count at least this high."""
        return stats.nbinom.sf(np.asarray(counts) - 1, *self._shape())

    def chance_of_fewer(self, counts: np.ndarray) -> np.ndarray:
        """Probability (n) of a count at most this high."""
        return stats.nbinom.cdf(counts, *self._shape())

    def _shape(self) -> tuple[np.ndarray, np.ndarray]:
        """Size and probability of the negative binomial with this mean and variance."""
        ratio = self.variance / self.usual
        return self.usual / (ratio - 1), 1 / ratio


def expect(history: np.ndarray) -> Expectation:
    """The expectation of n kinds from their counts in k comparable periods (n × k), such as the last eight Mondays.

    Quasi-Poisson: the variance is φ times the mean, φ never below 1 and shared in part between the kinds. A new count
    varies by φμ, its mean is known to φμ/k, so its variance is φμ(1 + 1/k); with φ = 1 that is the Gamma–Poisson
    prediction. Periods far above the median are cut before. After C. P. Farrington et al., J. R. Stat. Soc. A 159
    (1996) 547–563, without its trend: k periods are too few for one. Raises ValueError where k is below 2.
    """
    history = np.asarray(history, dtype=float)
    periods = history.shape[-1]
    if periods < 2:
        raise ValueError("An expectation needs two earlier periods or more.")
    cut = _cut(history)
    # Half an incident more over all periods (Jeffreys): nothing so far does not mean that nothing can come.
    usual = (cut.sum(axis=-1) + 0.5) / periods
    return Expectation(usual, _dispersion(cut) * usual * (1 + 1 / periods))


def _cut(history: np.ndarray) -> np.ndarray:
    middle = np.median(history, axis=-1, keepdims=True)
    robust = 1.4826 * np.median(np.abs(history - middle), axis=-1, keepdims=True)
    return np.minimum(history, middle + _CUT * np.maximum(robust, np.sqrt(middle + 0.5)))


def _dispersion(counts: np.ndarray) -> np.ndarray:
    """φ per kind, at least 1."""
    mean, variance = counts.mean(axis=-1), counts.var(axis=-1, ddof=1)
    own = np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0)
    shared = variance.sum() / mean.sum() if mean.sum() else 1.0
    freedom = counts.shape[-1] - 1
    return np.maximum(1.0, (freedom * own + _SHARED * shared) / (freedom + _SHARED))


def stand_outs(chances: np.ndarray, rate: float = 0.05) -> np.ndarray:
    """Mask of the chances (n) that stay remarkable among n tests: at most `rate` of those named are false alarms.

    Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289–300.
    """
    chances = np.asarray(chances, dtype=float)
    return stats.false_discovery_control(chances) <= rate if chances.size else np.zeros(0, dtype=bool)
