"""Learning the shares of the levels from the data themselves; where they are few, what was believed stays.

Strangers: pairs drawn at random, next to none of which is one person. Mates: known persons who share a dwelling or a
phone. One person: expectation and maximisation over the candidates of a sample of rows (Winkler 1988), each row being
one known person at most. What is believed counts as so many pairs seen, so a sheet of ten rows changes nothing and one
of 200,000 decides.
"""

from dataclasses import replace

import numpy as np

from gis.people.matching.columns import NONE
from gis.people.matching.pairing import Pairs
from gis.people.matching.reading import Sides
from gis.people.matching.weighing import Frequencies, Model, believed, count_values, ratios

_RANDOM_PAIRS = 300_000
_MATES_PAIRS = 200_000
_SAMPLE_ROWS = 40_000
_ROUNDS = 12
_MOST_MATES = 12
#: What is believed weighs as many pairs.
_BELIEF_SAME, _BELIEF_STRANGERS, _BELIEF_MATES = 200.0, 5000.0, 500.0


def learn(sides: Sides, pairs: Pairs, levels: np.ndarray, seed: int = 7) -> tuple[Model, Frequencies]:
    """The shares for these two sides, and how common each value is."""
    rng = np.random.default_rng(seed)
    model = believed(sides.description, sides.known)
    common = count_values(sides)
    if sides.known < 2 or not sides.asked:
        return model, common
    model = _with_strangers(sides, model, rng)
    model = _with_mates(sides, model, rng)
    return _with_same(sides, model, common, *_sample(sides, pairs, levels, rng)), common


def _with_strangers(sides: Sides, model: Model, rng: np.random.Generator) -> Model:
    one, other = _drawn(sides, rng)
    levels = sides.compare(one, sides.start + other)
    shares = {
        field: _share(levels[:, at], np.ones(len(one)), model.strangers[field], _BELIEF_STRANGERS)
        for at, field in enumerate(sides.columns)
    }
    return replace(model, strangers=shares)


def _drawn(sides: Sides, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All pairs where they are few, else as many drawn at random."""
    if sides.asked * sides.known <= _RANDOM_PAIRS:
        one, other = (grid.ravel() for grid in np.indices((sides.asked, sides.known)))
    else:
        one, other = (rng.integers(0, size, _RANDOM_PAIRS) for size in (sides.asked, sides.known))
    two = (one != other) | (sides.start > 0)  # in a sheet beside itself a row is no stranger to itself
    return one[two], other[two]


def _with_mates(sides: Sides, model: Model, rng: np.random.Generator) -> Model:
    pairs = [_sharing(sides.facet(name)[sides.start :]) for name in sides.description.mates]
    if not pairs:
        return model
    every = np.unique(np.concatenate(pairs))
    average = 2 * len(every) / sides.known
    drawn = every if len(every) <= _MATES_PAIRS else rng.choice(every, _MATES_PAIRS, replace=False)
    levels = sides.compare(sides.start + (drawn >> 32), sides.start + (drawn & 0xFFFFFFFF))
    two = ~sides.description.may_be_sure(levels)  # who is registered twice is no mate
    shares = {
        field: _share(levels[two, at], np.ones(int(two.sum())), model.mates_levels[field], _BELIEF_MATES)
        for at, field in enumerate(sides.columns)
    }
    return replace(model, mates_levels=shares, mates=max(average, 0.01))


def _sharing(codes: np.ndarray) -> np.ndarray:
    """Pairs of rows, packed, of one code, where few have it."""
    rows = np.flatnonzero(codes != NONE)
    rows = rows[np.argsort(codes[rows], kind="stable")]
    _, start, count = np.unique(codes[rows], return_index=True, return_counts=True)
    found = []
    for size in range(2, _MOST_MATES + 1):
        groups = rows[start[count == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        a, b = groups[:, first].ravel(), groups[:, second].ravel()
        found.append((np.minimum(a, b) << 32) | np.maximum(a, b))
    return np.concatenate(found)


def _sample(sides: Sides, pairs: Pairs, levels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Candidates of some of the rows, all of each; and how many rows these are."""
    chosen = np.zeros(sides.start + sides.known, bool)
    rows = rng.permutation(sides.asked)[:_SAMPLE_ROWS]
    chosen[rows] = True
    kept = chosen[pairs.one]
    return pairs.one[kept], levels[kept], np.array(len(rows))


def _with_same(
    sides, model: Model, common: Frequencies, one: np.ndarray, levels: np.ndarray, rows: np.ndarray
) -> Model:
    belief, share = model.same, model.known_share
    for _ in range(_ROUNDS if len(one) else 0):
        odds = np.exp(np.minimum(ratios(sides, model, common, one, levels), 500)) * share / sides.known
        total = np.bincount(one, odds, minlength=sides.asked)
        weight = odds / (1 - share + total)[one]
        known = {
            field: _share(levels[:, at], weight, belief[field], _BELIEF_SAME) for at, field in enumerate(sides.columns)
        }
        before, share = share, float(np.clip((weight.sum() + 5) / (int(rows) + 10), 0.01, 0.99))
        model = replace(model, same=known, known_share=share)
        if abs(before - share) < 1e-4:
            break
    return model


def _share(levels: np.ndarray, weight: np.ndarray, belief: np.ndarray, worth: float) -> np.ndarray:
    """Shares of the levels among weighed pairs that are given, beside a belief worth so many pairs; what is never
    seen is no rarer than the pairs are many."""
    counted = np.bincount(levels, weight, minlength=len(belief))[1:]
    total = counted.sum() + worth
    shares = (counted + worth * belief[1:] / belief[1:].sum()) / total
    return np.concatenate([[1.0], np.maximum(shares, np.minimum(belief[1:], 0.2 / total))])
