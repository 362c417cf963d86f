"""Which of several pieces of ground something belongs to that stands on more than one: the one that holds most of it.

The one rule for outlines: when files are read, when a plan is published, and while it is drawn.
"""

import numpy as np


def most_held(thing: np.ndarray, place: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Of pairs (thing, place) with the area that is held: the row of the winning pair of each thing, by thing.

    Two places that hold as much: the lower number.
    """
    if not len(thing):
        return np.empty(0, dtype=np.int64)
    order = np.lexsort((-place, area, thing))
    return order[np.append(thing[order][1:] != thing[order][:-1], True)]
