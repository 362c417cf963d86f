"""How many cases are settled in time: closed on time ÷ (closed + overdue open), the fraction kept with the rate.

A rate over the closed alone reads 100 % while the overdue pile up. A case without a time limit, or one that was
rejected or found to be a duplicate, is in neither number.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

#: Stands for a moment that is not recorded, in seconds since 1970: later than any.
NEVER = 2**62


@dataclass(frozen=True)
class Rate:
    """`on_time` of `judged` cases; the rate is None where there is no case to judge."""

    on_time: int
    judged: int

    @property
    def percent(self) -> float | None:
        return 100 * self.on_time / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval in percent, after E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212."""
        if not self.judged:
            return None
        z, n, share = stats.norm.ppf(0.975), self.judged, self.on_time / self.judged
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        return 100 * max(0.0, middle - reach), 100 * min(1.0, middle + reach)


def judge(
    closed: np.ndarray, is_open: np.ndarray, closed_at: np.ndarray, due_at: np.ndarray, now: int
) -> tuple[np.ndarray, np.ndarray]:
    """Masks (n) of the cases settled in time and of those that are judged at all.

    `closed`, `is_open`: masks of their state; `closed_at`, `due_at`: seconds since 1970, NEVER where not recorded.
    """
    limited = due_at != NEVER
    settled = closed & limited & (closed_at != NEVER)
    return settled & (closed_at <= due_at), settled | (is_open & limited & (due_at < now))


def rates(on_time: np.ndarray, judged: np.ndarray, group: np.ndarray, groups: int) -> list[Rate]:
    """The rate of each of some groups. `group`: the index of each case's group, −1 for none."""
    somewhere = group >= 0
    kept = [np.bincount(group[somewhere & mask], minlength=groups) for mask in (on_time, judged)]
    return [Rate(int(settled), int(of)) for settled, of in zip(*kept, strict=True)]
