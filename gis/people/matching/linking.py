"""The rows of a sheet and the known: who is who, how sure, and by what."""

from dataclasses import dataclass, field, replace

import numpy as np

from gis.people.matching.deciding import Decision, Judged, judge, one_to_one, probabilities
from gis.people.matching.description import Description
from gis.people.matching.estimating import learn
from gis.people.matching.pairing import pair
from gis.people.matching.reading import Table, sides
from gis.people.matching.weighing import Model, ratios

#: Candidates less likely than this are not kept.
_WORTH_KEEPING = 1e-4


@dataclass(frozen=True)
class Links:
    """What was found. `row`, `known`, `probability` and `levels` describe the candidates, likeliest first in each row;
    `judged` says what follows for each row. `crowded` counts by pass the rows whose key too many share."""

    judged: Judged
    row: np.ndarray
    known: np.ndarray
    probability: np.ndarray
    levels: np.ndarray  # a column a field of the description
    model: Model
    description: Description
    crowded: dict[str, int] = field(default_factory=dict)

    def candidates(self, row: int) -> range:
        """Where the candidates of a row stand."""
        return range(*np.searchsorted(self.row, [row, row + 1]))

    def sure(self) -> np.ndarray:
        """By row, the known row it is surely, -1 for the others."""
        return np.where(self.judged.decision == Decision.SURE, self.judged.best, -1)


def link(rows: Table, known: Table, description: Description, *, single: bool = False, population: int = 0) -> Links:
    """Match every row with the known. `single`: no known row may be had by two rows (both sides are free of
    repeats). `population`: how many are known in all, where only the likely ones of them are given: the more, the more
    are alike by chance."""
    both = sides(rows, known, description)
    pairs = pair(both)
    levels = both.compare(pairs.one, pairs.other)
    model, common = learn(both, pairs, levels)
    model = replace(model, population=max(model.population, population))
    ratio = ratios(both, model, common, pairs.one, levels)
    if single:
        kept = one_to_one(pairs.one, pairs.other, ratio)
        pairs.one, pairs.other, levels, ratio = pairs.one[kept], pairs.other[kept], levels[kept], ratio[kept]
    chance = probabilities(pairs.one, ratio, both.asked, model)
    may = description.may_be_sure(levels) & ~description.rivalled(pairs.one, levels)
    seen = description.must_be_seen(levels)
    other = pairs.other - both.start
    judged = judge(pairs.one, other, chance, may, seen, both.asked)
    kept = np.flatnonzero((chance >= _WORTH_KEEPING) | seen)
    kept = kept[np.lexsort((other[kept], -chance[kept], pairs.one[kept]))]
    return Links(judged, pairs.one[kept], other[kept], chance[kept], levels[kept], model, description, pairs.crowded)
