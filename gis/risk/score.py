"""The risk of a place, 0 to 10, and why it is what it is. A place, never a person.

After INFORM (European Commission, Joint Research Centre, "INFORM Risk Index: concept and methodology", EUR 28078):
every indicator is scaled to 0–10 between fixed bounds, indicators are averaged within a dimension, and dimensions
are multiplied as a geometric mean, so that risk needs all of them:

    INFORM:  risk = (hazard & exposure)^⅓ × vulnerability^⅓ × (lack of coping capacity)^⅓
    here:    risk = hazard^⅙ × exposure^⅙ × vulnerability^⅓ × (10 − capacity)^⅓

INFORM's first dimension is split in two because a grid cell knows who lives there apart from what happens there.
Dividing by capacity becomes multiplying by its lack, which stays within 0–10. The exponents may be changed; they are
normalised to sum 1.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

#: A dimension counts at least this much of 10, so that a nil one leaves a small risk whose reasons can still be told.
LEAST = 0.1


class Dimension(StrEnum):
    HAZARD = "hazard"
    EXPOSURE = "exposure"
    VULNERABILITY = "vulnerability"
    CAPACITY = "capacity"


#: INFORM's thirds, the first shared by hazard and exposure.
EXPONENTS = {
    Dimension.HAZARD: 1 / 6,
    Dimension.EXPOSURE: 1 / 6,
    Dimension.VULNERABILITY: 1 / 3,
    Dimension.CAPACITY: 1 / 3,
}


@dataclass(frozen=True)
class Component:
    """One indicator of n places, with what a reader needs to judge it.

    `values`: n numbers, NaN where unknown. `deviation`: their standard errors, or None where they are counted
    exactly. `bounds`: the values that become 0 and 10; give them in falling order for "the less, the worse".
    `source` and `date` (ISO 8601) are shown to the reader as they are.
    """

    name: str
    dimension: Dimension
    values: np.ndarray
    bounds: tuple[float, float]
    source: str
    date: str
    weight: float = 1.0
    deviation: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.bounds[0] == self.bounds[1]:
            raise ValueError(f"{self.name}: the bounds of a component must differ.")
        if not self.weight >= 0:
            raise ValueError(f"{self.name}: a weight is a number of at least 0.")

    def scaled(self) -> np.ndarray:
        """The values on 0–10, cut off outside the bounds. Full capacity is 10 here; its lack is taken later."""
        low, high = self.bounds
        return np.clip(10 * (np.asarray(self.values, dtype=float) - low) / (high - low), 0, 10)


@dataclass(frozen=True)
class Scores:
    """Per place (n): the score 0–10, the four dimensions (4 × n, capacity as its lack), the reasons, what is known.

    `reasons` (k components × n): points of score that each component adds to or takes from a typical place, whose
    score is `typical`. They sum to `score − typical` exactly. `known` is the share of the weight that had data.
    """

    score: np.ndarray
    dimensions: np.ndarray
    reasons: np.ndarray
    typical: float
    known: np.ndarray


def reweighted(components: list[Component], weights: dict[str, float]) -> list[Component]:
    """The components with the reader's own weights by name. Raises KeyError for a name that is not there."""
    unknown = set(weights) - {component.name for component in components}
    if unknown:
        raise KeyError(f"No component is called {', '.join(sorted(unknown))}.")
    return [replace(each, weight=weights.get(each.name, each.weight)) for each in components]


def score(
    components: list[Component], exponents: dict[Dimension, float] | None = None, among: np.ndarray | None = None
) -> Scores:
    """Scores of n places. A component without data at a place is left out there and its weight shared by the others
    of its dimension; a place lacking a whole dimension has no score (NaN). The typical place is the median of the
    places of `among` (n flags), of all without it."""
    power = _powers(components, exponents or EXPONENTS)
    bad = _badness(components)
    share = _shares(components, bad)
    levels = _levels(components, bad, share)
    found = _product(power, levels)
    chosen = slice(None) if among is None else among
    usual, typical = _medians(bad[:, chosen]), _medians(levels[:, chosen])
    middle = float(_product(power, typical))
    reasons = _reasons(components, bad - usual[:, None], share, levels, typical, power, found, middle)
    return Scores(found, levels, reasons, middle, _known(components, bad))


def total(components: list[Component], exponents: dict[Dimension, float] | None = None) -> np.ndarray:
    """The n scores alone, without typical place and reasons: what a simulation draws again and again."""
    bad = _badness(components)
    levels = _levels(components, bad, _shares(components, bad))
    return _product(_powers(components, exponents or EXPONENTS), levels)


def _product(power: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Geometric mean of the dimensions. One with exponent 0 has no say, even where it is unknown."""
    heard = power > 0
    return np.exp(power[heard] @ np.log(levels[heard]))


def slopes(components: list[Component], exponents: dict[Dimension, float] | None = None) -> np.ndarray:
    """k × n: by how much ln score rises for a point more of each component on 0–10. 0 where the floor holds it."""
    bad = _badness(components)
    share = _shares(components, bad)
    levels = _levels(components, bad, share)
    by_level = _powers(components, exponents or EXPONENTS)[:, None] / np.where(levels > LEAST, levels, np.inf)
    rows = np.array([list(Dimension).index(component.dimension) for component in components])
    return share * np.nan_to_num(by_level)[rows]


def _powers(components: list[Component], exponents: dict[Dimension, float]) -> np.ndarray:
    """Exponents in the order of `Dimension`, summing to 1; a dimension nobody measures has none."""
    used = {component.dimension for component in components if component.weight > 0}
    power = np.array([exponents.get(each, 0.0) if each in used else 0.0 for each in Dimension])
    if (power < 0).any() or not power.sum() > 0:
        raise ValueError("The score needs a component with a weight, and exponents of at least 0.")
    return power / power.sum()


def _badness(components: list[Component]) -> np.ndarray:
    """k × n on 0–10, the higher the worse: capacity turned into its lack."""
    scaled = [(component.scaled(), component.dimension is Dimension.CAPACITY) for component in components]
    return np.array([10 - values if is_capacity else values for values, is_capacity in scaled])


def _shares(components: list[Component], bad: np.ndarray) -> np.ndarray:
    """k × n: the share of each component in its dimension, at each place, among those with data."""
    weight = np.array([float(component.weight) for component in components])[:, None] * ~np.isnan(bad)
    whole = _grouping(components).T @ (_grouping(components) @ weight)
    return np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)


def _grouping(components: list[Component]) -> np.ndarray:
    """4 × k: 1 where the component belongs to the dimension."""
    return np.array([[float(each.dimension is d) for each in components] for d in Dimension])


def _levels(components: list[Component], bad: np.ndarray, share: np.ndarray) -> np.ndarray:
    """4 × n weighted means, at least LEAST; NaN without any data, 1 (no effect) for a dimension nobody measures."""
    grouping = _grouping(components)
    means = grouping @ (share * np.nan_to_num(bad))
    levels = np.where(grouping @ share > 0, np.maximum(means, LEAST), np.nan)
    weight = np.array([component.weight for component in components])
    levels[grouping @ weight == 0] = 1.0
    return levels


def _reasons(components, unusual, share, levels, typical, power, found, middle) -> np.ndarray:
    """Exact additive split of score − typical by logarithmic means, L(a, b) = (a − b) / ln(a / b): the LMDI method,
    B. W. Ang, Energy Policy 33 (2005) 867–871. What the floor or a missing value hides is shared by weight."""
    rows = np.array([list(Dimension).index(component.dimension) for component in components])
    step = share * np.nan_to_num(unusual)
    grouping = _grouping(components)
    rest = (levels - typical[:, None]) - grouping @ step
    step = step + share * rest[rows]
    by_level = power[:, None] / _log_mean(levels, typical[:, None])
    in_logs = step * np.where(power[:, None] > 0, by_level, 0.0)[rows]
    return in_logs * _log_mean(found, middle)


def _medians(rows: np.ndarray) -> np.ndarray:
    """Median of each row's known values, NaN for a row without any."""
    known = ~np.isnan(rows).all(axis=1)
    found = np.full(len(rows), np.nan)
    found[known] = np.nanmedian(rows[known], axis=1)
    return found


def _log_mean(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    ratio = np.log(a / b)
    near = np.abs(ratio) < 1e-9
    return np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio))


def _known(components: list[Component], bad: np.ndarray) -> np.ndarray:
    weight = np.array([component.weight for component in components])
    return weight @ ~np.isnan(bad) / weight.sum()
