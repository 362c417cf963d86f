"""How many people each point has to serve, and how much of a place each of them finds. Pure functions over arrays."""

from dataclasses import dataclass

import numpy as np

from gis.places.service.reach import Pairs

#: Weights of the first, second and last third of the catchment (Luo & Qi 2009, weights of the slower decay).
ZONE_WEIGHTS = np.array([1.0, 0.68, 0.22])


def nearest_load(point: np.ndarray, people: np.ndarray, count: int) -> np.ndarray:
    """People for whom each of `count` points is the nearest. `point`: of each home, −1 for none; `people`: in it."""
    has = point >= 0
    return np.bincount(point[has], weights=people[has], minlength=count)


def shared_load(walks: Pairs, limit: float, capacity: np.ndarray, people: np.ndarray) -> np.ndarray:
    """People of each point where they choose among the points in reach by size and distance (Huff 1963).

    Everybody within `limit` metres of some point is counted once in all: the loads add up to them.
    """
    near = walks.within(limit)
    pull = capacity[near.point] * _weight(near.metres, limit)
    whole = np.bincount(near.home, pull, len(people))[near.home]
    share = np.divide(pull, whole, out=np.zeros_like(pull), where=whole > 0)
    return np.bincount(near.point, share * people[near.home], len(capacity))


@dataclass(frozen=True)
class Supply:
    """`per_person`: places a person of its catchment finds at each point; `access`: places each home finds in all."""

    per_person: np.ndarray
    access: np.ndarray


def floating_catchment(walks: Pairs, limit: float, capacity: np.ndarray, people: np.ndarray) -> Supply:
    """Enhanced two-step floating catchment area, E2SFCA (Luo, W. & Qi, Y. 2009, Health & Place 15, 1100–1107).

    First R_j = S_j ÷ Σ_k P_k W(d_kj) over the homes k within `limit` of point j, then A_i = Σ_j R_j W(d_ij) over the
    points j within `limit` of home i. Σ_i P_i A_i is the capacity of all points that have anybody in reach.
    """
    near = walks.within(limit)
    weight = _weight(near.metres, limit)
    asked = np.bincount(near.point, people[near.home] * weight, len(capacity))
    per_person = np.divide(capacity, asked, out=np.zeros(len(capacity)), where=asked > 0)
    return Supply(per_person, np.bincount(near.home, per_person[near.point] * weight, len(people)))


def _weight(metres: np.ndarray, limit: float) -> np.ndarray:
    zone = np.minimum((3 * metres / limit).astype(int), 2)
    return ZONE_WEIGHTS[zone]
