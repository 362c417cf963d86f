"""How a ranking moves when the weights do: own weights held against the district's."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gis.accounts.scope import Scope
from layers.places import LAYERS
from layers.risk import Scored

#: Places of the top that are listed.
TOP = 10


@dataclass(frozen=True)
class Moved:
    """One place of the top: ranks under the district's weights and under the reader's own; scores likewise."""

    code: str
    name: str
    before: int
    after: int
    score_before: float
    score_after: float

    @property
    def climbs(self) -> int:
        """By how many ranks it rises; below 0 where it falls."""
        return self.before - self.after


@dataclass(frozen=True)
class Sensitivity:
    """`correlation`: Spearman's rank correlation of the two rankings, None where one of them ranks nothing.

    `top`: the first places under the reader's own weights; `entered` and
    `left` are those that came into it and that fell out.
    """

    layer: str
    places: int
    correlation: float | None
    top: tuple[Moved, ...]
    entered: tuple[Moved, ...]
    left: tuple[Moved, ...]


def compare(own: Scored, district: Scored, scope: Scope) -> Sensitivity | None:
    """Over the finest layer of which the reader sees at least two places; None where there is none."""
    ground = own.assessment.ground
    for layer in LAYERS:
        inside = ground.layers[layer].rows_in(scope)
        rows = np.arange(len(ground))[ground.part(layer)][inside]
        both = rows[~np.isnan(own.scores.score[rows]) & ~np.isnan(district.scores.score[rows])]
        if len(both) >= 2:
            return _compared(own, district, layer, both)
    return None


def _compared(own: Scored, district: Scored, layer: str, rows: np.ndarray) -> Sensitivity:
    after, before = (one.scores.score[rows] for one in (own, district))
    rank_after, rank_before = (_ranks(scores) for scores in (after, before))
    ground = own.assessment.ground
    names = ground.layers[layer].names[rows - ground.part(layer).start]
    moved = [
        Moved(
            str(ground.codes[row]), names[i], int(rank_before[i]), int(rank_after[i]), float(before[i]), float(after[i])
        )
        for i, row in enumerate(rows)
        if min(rank_after[i], rank_before[i]) <= TOP
    ]
    moved.sort(key=lambda place: place.after)
    differ = np.ptp(after) > 0 and np.ptp(before) > 0
    return Sensitivity(
        layer,
        len(rows),
        float(stats.spearmanr(after, before).statistic) if differ else None,
        tuple(place for place in moved if place.after <= TOP),
        tuple(place for place in moved if place.after <= TOP < place.before),
        tuple(place for place in moved if place.before <= TOP < place.after),
    )


def _ranks(scores: np.ndarray) -> np.ndarray:
    """1 for the highest; places that tie stand in the order of their codes."""
    ranks = np.empty(len(scores), dtype=int)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks
