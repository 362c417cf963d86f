"""Which new cell continues which old one."""

import numpy as np
from scipy.optimize import linear_sum_assignment

#: A new cell continues an old one where they share at least this part of the smaller of the two.
_SHARED = 0.5


def continued(old: np.ndarray, new: np.ndarray, load: np.ndarray) -> np.ndarray:
    """For each new cell 0 … k−1 the old one (0 … m−1) that it continues, −1 for none.

    `old` and `new`: n ints, the cells of each tile; −1 in `old` for none. One to one, so that together as much of the
    load (n floats) as can be stays under its old name (the assignment problem, Kuhn 1955).
    """
    count, before = int(new.max(initial=-1)) + 1, int(old.max(initial=-1)) + 1
    shared = np.zeros((count, before + 1))
    np.add.at(shared, (new, old), load)  # −1 is the last column
    most = np.minimum(shared.sum(axis=1)[:, None], shared[:, :before].sum(axis=0)[None, :])
    shared = np.where(shared[:, :before] >= _SHARED * most - 1e-9, shared[:, :before], 0.0)
    row, column = linear_sum_assignment(shared, maximize=True)
    found = np.full(count, -1)
    matched = shared[row, column] > 0
    found[row[matched]] = column[matched]
    return found
