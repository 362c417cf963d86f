"""Is the one at the door known already? One person beside the few that a query brought, compared as a sheet is.

What a handful of rows cannot teach is believed: how the levels are shared, and how common values are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gis.people.matching.deciding import Decision, judge, probabilities
from gis.people.matching.description import Description
from gis.people.matching.reading import sides
from gis.people.matching.weighing import believed, ratios

#: Of those a form for somebody new is opened for, so many are known after all.
_KNOWN_SHARE = 0.3
_WORTH_SHOWING = 0.01

Person = Mapping[str, object]


class Likely(NamedTuple):
    """A candidate: its place among those given, how likely it is the same person, whether surely, and the levels."""

    place: int
    probability: float
    sure: bool
    levels: tuple[int, ...]


def likely(
    person: Person,
    candidates: Sequence[Person],
    description: Description,
    population: int,
    known_as: Mapping[str, int] | None = None,
) -> list[Likely]:
    """The candidates worth showing, likeliest first; at most one is sure.

    `population` is how many people are known in all, of whom these were brought: the more, the more are alike by
    chance. `known_as`, where it was counted, how many of them have the very value of a field (`{"name": 57}`).
    """
    both = sides(_table([person], description), _table(candidates, description), description)
    one, other = np.zeros(len(candidates), np.int64), np.arange(len(candidates))
    levels = both.compare(one, both.start + other)
    model = replace(believed(description, max(population, len(candidates))), known_share=_KNOWN_SHARE)
    common = {(field, 1): np.array([max(count, 1) / model.population]) for field, count in (known_as or {}).items()}
    ratio = ratios(both, model, common, one, levels)
    chance = probabilities(one, ratio, 1, model)
    may = description.may_be_sure(levels) & ~description.rivalled(one, levels)
    seen = description.must_be_seen(levels)
    judged = judge(one, other, chance, may, seen, 1)
    surely = int(judged.best[0]) if judged.decision[0] == Decision.SURE else None
    shown = [int(at) for at in np.argsort(-chance, kind="stable") if chance[at] >= _WORTH_SHOWING or seen[at]]
    return [Likely(at, float(chance[at]), at == surely, tuple(levels[at].tolist())) for at in shown]


def _table(people: Sequence[Person], description: Description) -> dict[str, list[object]]:
    return {field: [person.get(field) for person in people] for field in description.fields}
