"""Why a place has the risk it has: every component with what it adds, what is not known, and how sure the score is."""

from dataclasses import dataclass, replace

import numpy as np

from gis.accounts.scope import Access
from gis.risk.definitions import Definition, definitions
from gis.risk.score import Component, Dimension
from gis.risk.uncertainty import simulated
from gis.risk.weighting import Weights
from layers.places import LAYERS
from layers.risk import NEEDS, Scored, not_held, scored

_DRAWS = 1000
_LEVEL = 0.9
#: Share of the places that count as the top of the ranking, and how many there must be for it to mean something.
TOP, ENOUGH = 0.1, 10
#: Incidents of a year below which a place is said to have few.
FEW = 12


@dataclass(frozen=True)
class Reason:
    """One component at one place. `value` is None where it is not known or withheld; `typical` is the median.

    `points`: what it adds to the score of a typical place, or takes from it. `start` and `width`: where its bar stands
    and how long it is, in percent of the drawing, each bar beginning where the one before ends.
    """

    definition: Definition
    value: float | None
    typical: float | None
    is_withheld: bool
    points: float
    weight: float
    is_own_weight: bool
    source: str
    date: str
    start: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class DimensionLevel:
    """One dimension at one place, 0–10 and the higher the worse, beside a typical place's; None without data."""

    name: str
    level: float | None
    typical: float | None
    weight: float
    is_own_weight: bool
    reason: str


@dataclass(frozen=True)
class Explanation:
    """`low`–`high`: 90 of 100 times the score lies there. `top_chance`: that it ranks in the top tenth, in percent.

    `rank` of `of` counts the places of the same layer that the reader sees. `missing`: (name, why) of components of the
    table that are not in the score anywhere; `unknown`: those not known here; `not_held`: those the role does not hold.
    `typical_at`, `score_at`: where the two stand in the drawing, in percent.
    """

    score: float | None
    typical: float
    low: float
    high: float
    is_little: bool
    few_incidents: int | None
    top_chance: float | None
    rank: int | None
    of: int
    dimensions: tuple[DimensionLevel, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    not_held: tuple[str, ...]
    is_own: bool
    typical_at: float = 0.0
    score_at: float = 0.0


def explain(code: str, access: Access, weights: Weights) -> Explanation | None:
    """Why a place has its score. None where the reader may not know it, or the code is no place of today."""
    if not access.may(NEEDS, code):
        return None

    found = scored(weights, not_held(access, definitions()))
    at = found.assessment.ground.find(code)
    return None if at is None else _explained(found, at, access)


def _explained(found: Scored, at: int, access: Access) -> Explanation:
    assessment, value = found.assessment, float(found.scores.score[at])
    known = not np.isnan(value)
    reasons = _reasons(found, at) if known else ()
    rank, of, top = _standing(found, at, access)
    low, high, chance = _sureness(found, at, top) if known else (np.nan, np.nan, None)
    year = round(float(assessment.made.counted.year[at]))
    names = {one.code: one.name for one in assessment.definitions}
    unknown = [one.name for one in found.components if one.weight > 0 and np.isnan(one.values[at])]
    withheld_here = {code for code, mask in assessment.made.withheld.items() if mask[at]}
    return _drawn(
        Explanation(
            score=value if known else None,
            typical=found.scores.typical,
            low=low,
            high=high,
            is_little=bool(found.certainty.little[at]),
            few_incidents=year if year < FEW else None,
            top_chance=chance,
            rank=rank,
            of=of,
            dimensions=_dimensions(found, at),
            reasons=reasons,
            missing=tuple((names[code], why) for code, why in assessment.made.missing.items()),
            unknown=tuple(names[code] for code in unknown if code not in withheld_here),
            not_held=tuple(names[code] for code in names if code in found.without),
            is_own=found.is_own,
        )
    )


def _reasons(found: Scored, at: int) -> tuple[Reason, ...]:
    """The components that weigh anything, the largest effect first."""
    assessment = found.assessment
    table = {one.code: one for one in assessment.definitions}
    finest, listed = assessment.ground.finest, []
    for component, points in zip(found.components, found.scores.reasons[:, at], strict=True):
        if component.name in found.without or not component.weight > 0 or not found.exponents[component.dimension] > 0:
            continue
        hidden = component.name in assessment.made.withheld and bool(assessment.made.withheld[component.name][at])
        value = component.values[at]
        listed.append(
            Reason(
                definition=table[component.name],
                value=None if hidden or np.isnan(value) else float(value),
                typical=float(np.nanmedian(component.values[finest])),
                is_withheld=hidden,
                points=float(points),
                weight=component.weight,
                is_own_weight=component.name in dict(found.weights.components),
                source=component.source,
                date=component.date,
            )
        )
    return tuple(sorted(listed, key=lambda reason: -abs(reason.points)))


def _dimensions(found: Scored, at: int) -> tuple[DimensionLevel, ...]:
    finest, own = found.assessment.ground.finest, dict(found.weights.dimensions)
    measured = {one.dimension for one in found.components if one.weight > 0}
    levels = []
    for row, one in zip(found.scores.dimensions, _in_order(found), strict=True):
        has_data = one.dimension in measured and not np.isnan(row[at])
        typical = float(np.nanmedian(row[finest])) if has_data else None
        level = float(row[at]) if has_data else None
        weight = found.exponents[one.dimension]
        levels.append(DimensionLevel(one.name, level, typical, weight, one.dimension in own, one.reason))
    return tuple(levels)


def _in_order(found: Scored):
    by_dimension = {one.dimension: one for one in found.assessment.dimensions}
    return [by_dimension[dimension] for dimension in Dimension]


def _standing(found: Scored, at: int, access: Access) -> tuple[int | None, int, float | None]:
    """Rank among the places of the layer the reader sees, how many have a score, and the score of the top tenth."""
    ground = found.assessment.ground
    layer = next(layer for layer in LAYERS if ground.part(layer).start <= at < ground.part(layer).stop)
    rows = np.arange(len(ground))[ground.part(layer)][ground.layers[layer].rows_in(access.which(NEEDS))]
    scores = found.scores.score[rows]
    scores = scores[~np.isnan(scores)]
    here = found.scores.score[at]
    rank = None if np.isnan(here) or len(scores) < 2 else int((scores > here).sum()) + 1
    top = float(np.quantile(scores, 1 - TOP)) if len(scores) >= ENOUGH else None
    return rank, len(scores), top


def _sureness(found: Scored, at: int, top: float | None) -> tuple[float, float, float | None]:
    """The interval of the score by simulation, and the chance in percent that it reaches `top`."""
    here = [_repeated(component, at) for component in found.components]
    drawn = simulated(here, found.exponents, draws=1)[0]
    low, high = np.quantile(drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    score = found.scores.score[at]
    chance = None if top is None else float(100 * (drawn >= top).mean())
    return float(min(low, score)), float(max(high, score)), chance


def _repeated(component: Component, at: int) -> Component:
    """One place as many, so that all draws are one drawing."""
    deviation = None if component.deviation is None else np.full(_DRAWS, component.deviation[at])
    return replace(component, values=np.full(_DRAWS, component.values[at]), deviation=deviation)


def _drawn(explanation: Explanation) -> Explanation:
    """The same with the places of its bars: from the typical score to this one, a step a reason."""
    if explanation.score is None:
        return explanation
    ends = explanation.typical + np.cumsum([0.0, *(reason.points for reason in explanation.reasons)])
    lowest, width = float(ends.min()), float(np.ptp(ends)) or 1.0
    at = [round(100 * (float(end) - lowest) / width, 1) for end in ends]
    bars = [
        replace(reason, start=min(one, other), width=round(abs(other - one), 1))
        for reason, one, other in zip(explanation.reasons, at[:-1], at[1:], strict=True)
    ]
    return replace(explanation, reasons=tuple(bars), typical_at=at[0], score_at=at[-1])
