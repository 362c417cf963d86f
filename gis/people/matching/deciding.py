"""Sure, unsure or new: from the weights of all candidates of a row to what is done with it.

A row is one of the known at most, so its candidates compete: a father and a son of one name who are both known, and a
row that fits both, are unsure though each alone would be sure. The probabilities of a row's candidates and of "none of
them" add up to one.

`SURE` is what the automatic links are measured by: among links of at least 0.999, at most one of a thousand is wrong.
Below `NEW` nobody is asked: a second look at twenty pairs to find one that is the same costs more than the one person
registered twice, which is found again later. A pair whose shape the description does not allow is never sure, whatever
its probability; a pair that clashes is seen by somebody, however small its probability is.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gis.people.matching.weighing import Model

SURE = 0.999
NEW = 0.05
NOBODY = -1


class Decision(StrEnum):
    SURE = "sure"
    UNSURE = "unsure"
    NEW = "new"


@dataclass(frozen=True)
class Judged:
    """By asked row: the likeliest known row (-1: none), its probability and what follows from it."""

    best: np.ndarray
    probability: np.ndarray
    decision: np.ndarray


def probabilities(one: np.ndarray, ratio: np.ndarray, asked: int, model: Model) -> np.ndarray:
    """Of every pair, that it is one person, given all candidates of its row."""
    weight = ratio + np.log(model.known_share / model.population)
    most = np.full(asked, np.log1p(-model.known_share))
    np.maximum.at(most, one, weight)
    none = np.exp(np.log1p(-model.known_share) - most)
    total = none + np.bincount(one, np.exp(weight - most[one]), minlength=asked)
    return np.exp(weight - most[one]) / total[one]


def judge(
    one: np.ndarray, other: np.ndarray, chance: np.ndarray, may: np.ndarray, seen: np.ndarray, asked: int
) -> Judged:
    """What to do with each row. `may` be sure and must be `seen`, by pair; `other` counts known rows from 0."""
    best, probability = np.full(asked, NOBODY), np.zeros(asked)
    decision = np.full(asked, Decision.NEW, dtype=object)
    rank = np.where(seen, np.maximum(chance, NEW), chance)
    order = np.lexsort((other, -rank, one))
    rows, first = np.unique(one[order], return_index=True)
    top = order[first]
    best[rows], probability[rows] = other[top], chance[top]
    decision[rows[(chance[top] >= NEW) | seen[top]]] = Decision.UNSURE
    sure = (chance[top] >= SURE) & may[top] & ~np.isin(rows, one[seen])
    decision[rows[sure]] = Decision.SURE
    best[decision == Decision.NEW] = NOBODY
    return Judged(best, probability, decision)


def one_to_one(one: np.ndarray, other: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Which pairs stay if no row of either side may have two partners: the heaviest first."""
    stays = np.zeros(len(one), bool)
    taken: tuple[set[int], set[int]] = (set(), set())
    for at in np.lexsort((other, one, -ratio)):
        a, b = int(one[at]), int(other[at])
        if a not in taken[0] and b not in taken[1]:
            stays[at] = True
            taken[0].add(a)
            taken[1].add(b)
    return stays
