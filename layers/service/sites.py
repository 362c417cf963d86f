"""Trying out places for new points, and looking for the best ones."""

from dataclasses import dataclass

import numpy as np
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from scipy.sparse import csr_matrix

from gis import crs
from gis.accounts.scope import Scope
from gis.places.locating import nearest_building
from gis.places.service.reach import Pairs, walks
from gis.places.service.siting import Choice, least_walk, most_reached
from layers.service.beyond import speed_of_bands
from layers.service.candidates import candidates_of
from layers.service.demand import BANDS
from layers.service.question import Known
from layers.service.rounding import rounded
from layers.small_counts import is_own_staff

MOST_SITES = 10


@dataclass(frozen=True)
class Gain:
    """What one new point would bring to those not reached now: people in all and by age band (empty for a need)."""

    people: int
    ages: dict[str, int]


@dataclass(frozen=True)
class Effect:
    """What some new points would bring: each alone, and all together with who is then still beyond."""

    each: list[Gain]
    together: Gain
    people: int
    beyond: int
    rounded: bool


def effect_of(known: Known, lonlat: np.ndarray) -> Effect | None:
    """The effect of new points at some positions (n × 2 degrees); None where the reader sees no figures of people."""
    if known.demand is None:
        return None
    limits = known.question.walk.limits
    access = known.ground.access(lonlat)
    found = walks(known.ground.network, known.ground.homes, access, float(limits.max()))
    reached = np.zeros((len(access), len(known.ground), 2), dtype=bool)
    reached[found.point, found.home] = found.metres[:, None] <= limits
    news = reached & known.far
    own = all(is_own_staff(known.access, area) for area in known.question.area.areas)
    every = int(known.asked.sum())
    together = news.any(axis=0) if len(news) else np.zeros_like(known.far)
    still = int((known.asked * (known.far & ~together)).sum())
    return Effect(
        each=[_gain(known, mine, own) for mine in news],
        together=_gain(known, together, own),
        people=every,
        beyond=rounded(still, every, own),
        rounded=not own,
    )


def _gain(known: Known, news: np.ndarray, own: bool) -> Gain:
    """`news`: homes × (usual, slow) walkers that are reached and were not."""
    ages = {}
    if known.demand is not None and not known.question.kind.need and not known.question.group.startswith("need:"):
        bands = [known.question.group] if known.question.group else list(known.question.kind.bands)
        speeds = speed_of_bands()
        for band in bands:
            at = BANDS.index(band)
            people = known.demand.ages[:, at]
            ages[band] = rounded(people[news[:, speeds[at]]].sum(), int(people.sum()), own)
    return Gain(rounded((known.asked * news).sum(), int(known.asked.sum()), own), ages)


@dataclass(frozen=True)
class Best:
    """The best places found (n × 2 degrees), what each is, and how sure it is that there are no better."""

    lonlat: np.ndarray
    names: list[str]
    choice: Choice
    candidates: int


def best_sites(known: Known, k: int, median: bool, seconds: float, given: np.ndarray | None = None) -> Best:
    """The `k` places that reach most people not reached now, or (`median`) save most walking.

    `given`: candidates of the reader's own (n × 2 degrees) instead of buildings, open ground and junctions.
    """
    lonlat, names = candidates_of(known.ground, known.question.area) if given is None else (given, [""] * len(given))
    limits = known.question.walk.limits
    farthest = 3 * float(limits.max())
    limit = farthest if median else float(limits.max())
    found = walks(known.ground.network, known.ground.homes, known.ground.access(lonlat), limit)
    if median:
        choice = _median(known, found, len(lonlat), k, farthest, seconds)
    else:
        choice = _cover(known, found, len(lonlat), k, seconds)
    chosen = [names[at] or _near(lonlat[at], known.question.area) for at in choice.chosen]
    return Best(lonlat[choice.chosen], chosen, choice, len(lonlat))


def _near(lonlat: np.ndarray, area: Scope) -> str:
    """The building next to a place that has no name of its own."""
    building = nearest_building(Point(*lonlat, srid=crs.STORE), area)
    return _("%(building)s旁") % {"building": building.label} if building else ""


def _cover(known: Known, found: Pairs, count: int, k: int, seconds: float) -> Choice:
    people = (known.asked * known.far).ravel()
    reached = found.metres[:, None] <= known.question.walk.limits
    pair, speed = np.nonzero(reached & known.far[found.home])
    unit = 2 * found.home[pair] + speed
    cover = csr_matrix((np.ones(len(pair)), (found.point[pair], unit)), shape=(count, len(people)))
    return most_reached(cover, people, k, seconds)


def _median(known: Known, found: Pairs, count: int, k: int, farthest: float, seconds: float) -> Choice:
    """In person-metres; who walks farther than `farthest`, or nowhere, is taken to walk that far."""
    present = np.minimum(known.nearest.metres, farthest)
    metres = csr_matrix((np.maximum(found.metres, 1e-6), (found.point, found.home)), shape=(count, len(present)))
    return least_walk(metres, present, known.asked.sum(axis=1), k, seconds)
