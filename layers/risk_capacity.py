"""What a place has to meet its risks with: its workers, and whether cases are settled in time."""

from collections import Counter
from datetime import date

import numpy as np

from gis.models import Posting
from gis.risk.smoothing import smooth
from layers.places import numbers_of_codes
from layers.risk_ground import Ground
from layers.risk_incidents import Counted


def workers(ground: Ground, day: date) -> np.ndarray:
    """Grid workers posted to cells in each place, n numbers."""
    held = Counter(
        Posting.objects.on(day).filter(role="grid_worker", user__is_active=True).values_list("area", flat=True)
    )
    codes = np.array(sorted(held), dtype="U15")
    counts = np.array([held[code] for code in codes.tolist()], dtype=float)
    return ground.summed(numbers_of_codes(codes), counts[:, None])[:, 0]


def on_time(ground: Ground, counted: Counted) -> tuple[np.ndarray, np.ndarray]:
    """Percent of the cases settled in time, places with few of them drawn towards all the others, and its deviation.

    NaN everywhere where no case has been judged.
    """
    if not counted.judged[ground.finest].sum() > 0:
        return np.full(len(ground), np.nan), np.zeros(len(ground))
    late = smooth(counted.judged - counted.on_time, counted.judged, among=ground.finest)
    return 100 * (1 - np.minimum(late.rate, 1.0)), 100 * np.sqrt(late.variance)
