"""How good a map of the future was: what share of what happened lay in the cells it ranked first.

Hit rate: share of the incidents in the first a % of the area. PAI (predictive accuracy index, Chainey, Tompson and
Uhlig, Security Journal 21 (2008) 4–28): hit rate ÷ share of the area. PEI (efficiency, Hunt 2016, after the NIJ
forecasting challenge): PAI ÷ the PAI of whoever had known. Cells of equal area.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Accuracy:
    hit_rate: float
    pai: float
    pei: float


def accuracy(ranking: np.ndarray, happened: np.ndarray, area: float) -> Accuracy:
    """`ranking`: n scores, the higher the sooner; `happened`: n counts; `area`: share of the n cells, 0 < area ≤ 1.

    All NaN when nothing happened.
    """
    chosen = round(area * len(ranking))
    if not 0 < chosen <= len(ranking):
        raise ValueError("The share of the area must leave at least one cell and at most all.")
    if not happened.sum() > 0:
        return Accuracy(np.nan, np.nan, np.nan)
    found, best = _caught(ranking, happened, chosen), _caught(happened, happened, chosen)
    rate = found / happened.sum()
    return Accuracy(rate, rate * len(ranking) / chosen, found / best)


def _caught(ranking: np.ndarray, happened: np.ndarray, chosen: int) -> float:
    """Incidents in the first cells. Cells that tie for the last places count by the share of them that fits, the
    mean over every order, so that a map with many zeros gains nothing from the order of its cells."""
    last = np.partition(ranking, len(ranking) - chosen)[len(ranking) - chosen]
    above, level = ranking > last, ranking == last
    return float(happened[above].sum() + happened[level].sum() * (chosen - above.sum()) / level.sum())


def gain_interval(
    ours: np.ndarray, theirs: np.ndarray, level: float = 0.9, draws: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """Interval of mean(ours) ÷ mean(theirs) over windows, drawn again with replacement and in pairs (bootstrap).

    The upper end is infinite where theirs caught nothing in enough of the draws.
    """
    chance = np.random.default_rng(seed)
    taken = chance.integers(0, len(ours), (draws, len(ours)))
    with np.errstate(divide="ignore"):
        ratios = ours[taken].mean(axis=1) / theirs[taken].mean(axis=1)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2], method="nearest")
    return float(low), float(high)
