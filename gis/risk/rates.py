"""How often something happens: incidents by resident, by ground, and by how long ago. Arrays of n places."""

import numpy as np


def per(count: np.ndarray, base: np.ndarray, unit: float = 1.0) -> np.ndarray:
    """`unit` × count ÷ base. NaN where the base is 0: nobody there means no rate, not a rate of zero.

    `per(incidents, residents, 1000)` is incidents per thousand residents, `per(incidents, km2)` per km².
    Raises ValueError for a negative or missing count or base.
    """
    count, base = counted(count), counted(base)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base > 0, unit * count / base, np.nan)


def counted(values: np.ndarray) -> np.ndarray:
    """The values as floats. Raises ValueError where one is negative or not a number."""
    values = np.asarray(values, dtype=float)
    if not (values >= 0).all():
        raise ValueError("Counts and bases are numbers of at least 0.")
    return values


def decay(age: np.ndarray, half_life: float) -> np.ndarray:
    """Weight of what happened `age` days ago: 1 today, ½ after one half-life, and 0 for the future.

    The future weighs nothing so that a score computed for a past day cannot see what came after it.
    """
    if not half_life > 0:
        raise ValueError("A half-life is longer than 0 days.")
    age = np.asarray(age, dtype=float)
    return np.where(age < 0, 0.0, np.exp2(-np.maximum(age, 0) / half_life))


def decayed_count(place: np.ndarray, age: np.ndarray, half_life: float, places: int) -> np.ndarray:
    """Incidents per place (n = `places`), each weighted by its age in days. `place`: their indices, −1 for nowhere."""
    place = np.asarray(place)
    somewhere = place >= 0
    return np.bincount(place[somewhere], weights=decay(age, half_life)[somewhere], minlength=places)


def decayed_days(days: float, half_life: float) -> float:
    """Days of observation that a decayed count stands for: the integral of the weight over the last `days`.

    A decayed count divided by this is incidents per day, so cells with different half-lives compare.
    """
    return float(half_life / np.log(2) * (1 - np.exp2(-days / half_life)))
