"""The risk of every place (design decision 12), and what a reader may know of it. Of a place, never of a person.

The components are the same for everybody and kept until one of the things they were counted from changes. Scores are
kept by weights: the district's, or a reader's own.
"""

from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.risk.definitions import Definition, DimensionDefinition, definitions, dimension_definitions
from gis.risk.score import Component, Dimension, Scores, score
from gis.risk.uncertainty import Certainty, approximate_certainty
from gis.risk.weighting import Weights
from layers.incident_copy import Copy, incidents_now
from layers.kept_figures import Kept, kept_now
from layers.risk_components import Made, make_components
from layers.risk_ground import Ground

#: The capability without which there is no score: what happens somewhere is what risk is about.
NEEDS = "incident.read"


@dataclass(frozen=True)
class Assessment:
    """The components of all places at one moment."""

    ground: Ground
    definitions: tuple[Definition, ...]
    dimensions: tuple[DimensionDefinition, ...]
    made: Made
    day: date

    @property
    def district_weights(self) -> dict[str, float]:
        """The district's weight of every component and dimension, by code."""
        of_components = {one.code: one.weight for one in self.definitions}
        return of_components | {str(one.dimension): one.weight for one in self.dimensions}


@dataclass(frozen=True)
class Scored:
    """All places under one set of weights. `without`: codes of the components that the reader's role does not hold."""

    assessment: Assessment
    weights: Weights
    without: frozenset[str]
    components: tuple[Component, ...]
    exponents: dict[Dimension, float]
    scores: Scores
    certainty: Certainty

    @property
    def is_own(self) -> bool:
        """Whether anything differs from the district's weights."""
        return bool(self.weights)


_kept: tuple[tuple, Assessment] | None = None
_scored: LRUCache = LRUCache(16)
_lock = Lock()


def assess() -> Assessment:
    """The components of all places as of now."""
    global _kept
    ground, copy, figures = Ground.now(), incidents_now(), kept_now()
    table, dimensions, day = definitions(), dimension_definitions(), timezone.localdate()
    with _lock:
        # The arrays themselves are compared, not numbers that stand for them: a copy is never altered.
        key = (ground.key, *_parts(copy), *_arrays(figures), table, dimensions, day)
        if _kept is None or not _same(_kept[0], key):
            made = make_components(ground, copy, figures, table, day)
            _kept = key, Assessment(ground, table, dimensions, made, day)
            _scored.clear()
        return _kept[1]


def _parts(copy: Copy) -> tuple:
    return copy.base, copy.gone, copy.fresh


def _arrays(figures: Kept) -> tuple:
    return figures.areas, figures.figures, figures.births


def _same(one: tuple, other: tuple) -> bool:
    plain = (str, date, tuple)
    return all(a == b if isinstance(a, plain) else a is b for a, b in zip(one, other, strict=True))


def scored(weights: Weights, without: frozenset[str] = frozenset()) -> Scored:
    """Every place's score. Raises WanggeError where the weights leave nothing to score by."""
    assessment = assess()
    with _lock:
        found = _scored.get(key := (id(assessment), weights, without))
        if found is None or found.assessment is not assessment:
            found = _scored[key] = _score(assessment, weights, without)
        return found


def _score(assessment: Assessment, weights: Weights, without: frozenset[str]) -> Scored:
    own = dict(weights.components) | dict.fromkeys(without, 0.0)
    components = tuple(replace(one, weight=own.get(one.name, one.weight)) for one in assessment.made.components)
    exponents = {
        one.dimension: dict(weights.dimensions).get(one.dimension, one.weight) for one in assessment.dimensions
    }
    if not any(one.weight > 0 and exponents.get(one.dimension, 0) > 0 for one in components):
        return _nothing(assessment, weights, without, exponents)
    found = score(list(components), exponents, among=assessment.ground.finest)
    certainty = approximate_certainty(list(components), found, exponents)
    return Scored(assessment, weights, without, components, exponents, found, certainty)


def _nothing(assessment: Assessment, weights: Weights, without: frozenset[str], exponents: dict) -> Scored:
    """No component has data and a weight: every place is without a score, and says so."""
    n = len(assessment.ground)
    none = np.full(n, np.nan)
    scores = Scores(none, np.full((len(Dimension), n), np.nan), np.zeros((0, n)), np.nan, np.zeros(n))
    return Scored(assessment, weights, without, (), exponents, scores, Certainty(none, none, np.ones(n, dtype=bool)))


def not_held(access: Access, table: tuple[Definition, ...]) -> frozenset[str]:
    """Codes of the components that a reader's role does not hold everywhere the reader sees scores.

    They are left out for such a reader altogether: a score made with them would tell of what the role does not show.
    """
    seen = access.which(NEEDS)
    return frozenset(one.code for one in table if not _covers(access.which(one.needs), seen))


def _covers(outer: Scope, inner: Scope) -> bool:
    return all(outer.covers(area) for area in inner.areas)
