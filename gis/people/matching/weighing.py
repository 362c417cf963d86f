"""What the levels of a pair say: how much likelier they are of one person than of two (Fellegi and Sunter 1969).

Two known persons are compared with three kinds of pair in mind. Strangers agree by chance: that two have one name is as
likely as the name is common (the frequency of the value replaces the average of the level). Mates, who share a dwelling
or a phone, agree in those and in the surname every time; taken for strangers, a brother would look like the man
himself. Of one person, fields differ only where somebody erred or something changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.people.matching.columns import NONE
from gis.people.matching.description import Description
from gis.people.matching.reading import Sides


@dataclass(frozen=True)
class Model:
    """Shares of the levels by field (index 0, not given, is 1 everywhere: it says nothing), for pairs of one person, of
    strangers and of mates. `known_share`: of the rows asked about, how many are known. `mates`: a person's mates among
    the known, on average. `population`: how many are known."""

    same: dict[str, np.ndarray]
    strangers: dict[str, np.ndarray]
    mates_levels: dict[str, np.ndarray]
    known_share: float = 0.5
    mates: float = 0.0
    population: int = 1


def believed(description: Description, population: int) -> Model:
    """What is believed before any data speak."""

    def shares(kind: str) -> dict[str, np.ndarray]:
        return {
            field: np.array([1.0, *(getattr(level, kind) for level in comparison.levels)])
            for field, comparison in description.fields.items()
        }

    mates = 3.0 if description.mates else 0.0
    return Model(shares("same"), shares("strangers"), shares("mates"), mates=mates, population=max(population, 1))


#: What is believed weighs as many known people: ten of a village do not tell how common a name is.
_BELIEF = 1000
#: By field and level, the share of the known, without the one in question, who have the value of each row.
Frequencies = Mapping[tuple[str, int], np.ndarray]


def count_values(sides: Sides) -> Frequencies:
    """How common each row's value is among the known, for the levels that name a facet."""
    found = {}
    for field, comparison in sides.description.fields.items():
        for number, level in enumerate(comparison.levels, 1):
            if level.by:
                codes = sides.columns[field].facet(level.by)
                among = codes[sides.start :]
                counts = np.bincount(among[among != NONE], minlength=int(codes.max(initial=0)) + 1)
                more = np.maximum(counts - 1 - level.twice, 0) + level.others
                share = (more + _BELIEF * level.strangers) / (int((among != NONE).sum()) + _BELIEF)
                found[field, number] = share[codes].clip(max=1.0)
    return found


def ratios(sides: Sides, model: Model, common: Frequencies, one: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The logarithm, for each pair, of how much likelier its levels are if both are one person."""
    same, strange, mate = (np.zeros(len(one)) for _ in range(3))
    for at, (field, comparison) in enumerate(sides.description.fields.items()):
        level = levels[:, at]
        same += np.log(model.same[field])[level]
        mate += np.log(model.mates_levels[field])[level]
        by_chance = np.log(model.strangers[field])[level]
        for number in range(1, len(comparison.levels) + 1):
            if (field, number) in common:
                here = np.flatnonzero(level == number)
                by_chance[here] = np.log(common[field, number][one[here]])
        strange += by_chance
    share = min(model.mates / model.population, 0.5)
    if share:
        strange = np.logaddexp(np.log(share) + mate, np.log1p(-share) + strange)
    return same - strange
