"""Rates: numerator ÷ denominator, both kept; "–" where there is nothing to divide by."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from django.utils.translation import gettext as _

from gis.codes.loading import read_table
from gis.incidents.evaluation.cases import Cases
from gis.incidents.evaluation.counters import COUNTERS
from gis.incidents.on_time import Rate


@dataclass(frozen=True)
class Indicator:
    """A row of `evaluation_indicator.csv`. A numerator "a-b" are the cases that count as a and not as b."""

    code: str
    label: str
    above: tuple[str, ...]
    below: str
    #: Whether more is better; None where it only says how it is.
    good: bool | None

    @property
    def name(self) -> str:
        return _(self.label)

    @property
    def definition(self) -> str:
        """What is divided by what, in words."""
        first, *without = (str(COUNTERS[name].words) for name in self.above)
        above = first + "".join(_("，减去%(words)s") % {"words": words} for words in without)
        return _("%(above)s ÷ %(below)s") % {"above": above, "below": COUNTERS[self.below].words}

    def numerator(self, cases: Cases, now: int) -> np.ndarray:
        """Mask of the cases above the line: always among those below it, so that no rate exceeds 100 %."""
        first, *without = self.above
        mask = COUNTERS[first].rule(cases, now) & self.denominator(cases, now)
        for name in without:
            mask &= ~COUNTERS[name].rule(cases, now)
        return mask

    def denominator(self, cases: Cases, now: int) -> np.ndarray:
        return COUNTERS[self.below].rule(cases, now)


_BAD = frozenset({"rework_rate", "overdue_rate"})
_NEITHER = frozenset({"worker_report_share", "resident_report_share"})


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by its code, in the order of the table."""
    return {row["code"]: _indicator(row) for row in read_table("evaluation_indicator")}


def _indicator(row: dict[str, str]) -> Indicator:
    code = row["code"]
    good = None if code in _NEITHER else code not in _BAD
    return Indicator(code, row["name"], tuple(row["numerator"].split("-")), row["denominator"], good)


def rate(indicator: Indicator, cases: Cases, now: int) -> Rate:
    """Of all the cases."""
    above, below = indicator.numerator(cases, now), indicator.denominator(cases, now)
    return Rate(int(above.sum()), int(below.sum()))


def rates_by(indicator: Indicator, cases: Cases, group: np.ndarray, now: int) -> dict[int, Rate]:
    """Of the cases of each group that has any, by the number of the group (int64, n), in its order."""
    numbers, place = np.unique(group, return_inverse=True)
    above = np.bincount(place[indicator.numerator(cases, now)], minlength=len(numbers))
    below = np.bincount(place[indicator.denominator(cases, now)], minlength=len(numbers))
    return {int(n): Rate(int(a), int(b)) for n, a, b in zip(numbers, above, below, strict=True)}


def parts(indicator: Indicator, cases: Cases, now: int, part: str) -> np.ndarray:
    """The ids of the cases above the line ("above"), below it ("below"), or below and not above ("rest")."""
    above, below = indicator.numerator(cases, now), indicator.denominator(cases, now)
    return cases.ids[{"above": above, "below": below, "rest": below & ~above}[part]]
