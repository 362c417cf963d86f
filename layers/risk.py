"""The risk of every place (design decision 12), and what a reader may know of it. Of a place, never of a person.

The components are the same for everybody and kept until one of the things they were counted from changes. Scores are
kept by weights: the district's, or a reader's own.
"""

import logging
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.db import DatabaseError, connection
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.errors import WanggeError
from gis.risk.definitions import Definition, DimensionDefinition, definitions, dimension_definitions
from gis.risk.score import Component, Dimension, Scores, score
from gis.risk.uncertainty import Certainty, approximate_certainty
from gis.risk.weighting import DISTRICT, Weights
from layers.incident_copy import incidents_now
from layers.kept_figures import kept_now
from layers.need_figures import where_counted
from layers.risk_components import Made, make_components
from layers.risk_ground import Ground
from layers.risk_needs import needs_of_all

logger = logging.getLogger(__name__)
#: The capability without which there is no score: what happens somewhere is what risk is about.
NEEDS = "incident.read"
#: In the table in place of a capability: whoever is shown service needs, at least as counts.
SERVICE_NEEDS = "people.needs"


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


_kept: tuple[tuple, tuple, Assessment] | None = None
_scored: LRUCache = LRUCache(16)
_lock = Lock()


def assess() -> Assessment:
    """The components of all places as of now."""
    global _kept
    ground, copy, figures, needs = Ground.now(), incidents_now(), kept_now(), needs_of_all()
    table, dimensions, day = definitions(), dimension_definitions(), timezone.localdate()
    # A copy is never altered, so it is the same while its arrays are the same objects.
    arrays = (copy.base, copy.gone, copy.fresh, figures.areas, figures.figures, figures.births, needs)
    words = (ground.key, table, dimensions, day)
    with _lock:
        if (
            _kept is None
            or _kept[1] != words
            or any(one is not other for one, other in zip(_kept[0], arrays, strict=True))
        ):
            made = make_components(ground, copy, figures, needs, table, day)
            _kept = arrays, words, Assessment(ground, table, dimensions, made, day)
            _scored.clear()
        return _kept[2]


def warm() -> None:
    """Score every place before anyone asks, in a thread with a connection of its own."""
    try:
        scored(DISTRICT)
    except (DatabaseError, WanggeError):
        logger.info("risk was not scored ahead: the database does not answer, or its table cannot be read")
    finally:
        connection.close()


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
    return frozenset(one.code for one in table if not _covers(_where(access, one.needs), seen))


def _where(access: Access, needs: str) -> Scope:
    """Where the reader holds what a component needs: a capability, or that needs are counted for them."""
    return where_counted(access) if needs == SERVICE_NEEDS else access.which(needs)


def _covers(outer: Scope, inner: Scope) -> bool:
    return all(outer.covers(area) for area in inner.areas)
