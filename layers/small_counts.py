"""Hiding counts so small that they point at someone, and the neighbour that would give them away."""

import numpy as np

from gis.accounts.scope import Access

#: Counts of people from 1 to one less than this are withheld outside the place's own staff (design decision 12).
SMALLEST_SHOWN = 5
_OWN_STAFF = {"grid_worker", "community_supervisor"}


def is_own_staff(access: Access, area: str) -> bool:
    """Whether the reader works in the place itself, and so knows everyone there by name anyway."""
    return bool(access.roles_at(area) & _OWN_STAFF)


def hide(counts: np.ndarray, parents: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Mask of the counts to withhold.

    `counts`: n numbers of people; `parents`: n group labels whose totals the reader also sees; `own`: n flags, true
    where the reader is the place's own staff and sees everything.

    A count of 1–4 is withheld. Where it is the only one of its group, it would be the total less the others, so
    the next smallest positive count of the group goes with it (the complement).
    """
    counts, parents, own = np.asarray(counts), np.asarray(parents), np.asarray(own, dtype=bool)
    hidden = (counts > 0) & (counts < SMALLEST_SHOWN) & ~own
    for parent in np.unique(parents[hidden]):
        group = np.flatnonzero(parents == parent)
        if hidden[group].sum() == 1:
            others = group[~hidden[group] & ~own[group] & (counts[group] > 0)]
            if others.size:
                hidden[others[np.argmin(counts[others])]] = True
    return hidden
