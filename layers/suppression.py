"""Withholding small counts in a table whose totals are shown too, so that no difference gives one away."""

from collections.abc import Sequence

import numpy as np

from layers.small_counts import SMALLEST_SHOWN


def suppress(
    counts: np.ndarray, lines: Sequence[np.ndarray], own: np.ndarray, also: np.ndarray | None = None
) -> np.ndarray:
    """Mask of the counts to withhold. `also`: n flags, of those that another page withholds.

    `counts`: n numbers of people; `lines`: index arrays, each a set of counts whose sum the reader also sees (a row,
    a column, an age group's two sexes); `own`: n flags, true where the reader is the place's own staff.

    A count of 1–4 is withheld. A line with a single count withheld would give it away as the total less the others,
    so the smallest other count of the line goes with it; that may leave a crossing line with a single one, so the
    rule is applied until nothing changes. Zeros stay: they are no one, and a line of zeros and one small count has a
    small total, withheld itself.
    """
    counts, own = np.asarray(counts), np.asarray(own, dtype=bool)
    hidden = (counts > 0) & (counts < SMALLEST_SHOWN) & ~own
    if also is not None:
        hidden |= also & (counts > 0) & ~own
    while True:
        before = hidden.sum()
        for line in lines:
            _hide_complement(counts, line, own, hidden)
        if hidden.sum() == before:
            return hidden


def _hide_complement(counts: np.ndarray, line: np.ndarray, own: np.ndarray, hidden: np.ndarray) -> None:
    if hidden[line].sum() == 1:
        others = line[~hidden[line] & ~own[line] & (counts[line] > 0)]
        if others.size:
            hidden[others[np.argmin(counts[others])]] = True
