"""Indicators of an area over a period: beside the period before, by place, by department, and month by month."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.evaluation.cases import Cases, read_cases
from gis.incidents.evaluation.indicators import Indicator, indicators, parts, rate, rates_by
from gis.incidents.finding import midnight
from gis.incidents.on_time import Rate
from gis.models import Department
from layers.dashboard.period import Period
from layers.dashboard.places import places_in

#: Months of a trend.
MONTHS = 12
_NOWHERE = Rate(0, 0)


@dataclass(frozen=True)
class Question:
    """What is evaluated: a ground, days (by when a case was reported), a department where one is named."""

    scope: Scope
    period: Period
    now: datetime
    department: int | None = None

    def cases(self) -> Cases:
        first, end = midnight(self.period.first), midnight(self.period.last + timedelta(days=1))
        return read_cases(self.scope, first, end, self.department)

    @property
    def second(self) -> int:
        return int(self.now.timestamp())


@dataclass(frozen=True)
class Row:
    indicator: Indicator
    rate: Rate
    before: Rate

    @property
    def change(self) -> float | None:
        """Percentage points since the period before."""
        now, then = self.rate.percent, self.before.percent
        return None if now is None or then is None else now - then

    @property
    def is_better(self) -> bool | None:
        if not self.change or self.indicator.good is None:
            return None
        return (self.change > 0) == self.indicator.good


@dataclass(frozen=True)
class Part:
    """One of the places or departments that the ground is divided into. `key`: its code, or the department's id."""

    key: str
    name: str
    rate: Rate


def table_of(question: Question) -> list[Row]:
    """Every indicator."""
    cases, before = question.cases(), replace(question, period=question.period.before).cases()
    rows = indicators().values()
    return [Row(one, rate(one, cases, question.second), rate(one, before, question.second)) for one in rows]


def by_place(question: Question, indicator: Indicator) -> list[Part]:
    """One indicator in each place directly inside the ground, those without a case too."""
    cases, places = question.cases(), places_in(question.scope)
    if not len(places):
        return []
    unit = 10 ** (15 - len(places.codes[0]))
    found = rates_by(indicator, cases, cases.area // unit, question.second)
    named = [Part(code, name, found.pop(int(code), _NOWHERE)) for code, name in places.named]
    elsewhere = Rate(sum(one.on_time for one in found.values()), sum(one.judged for one in found.values()))
    return named + ([Part("", "", elsewhere)] if elsewhere.judged else [])


def by_department(question: Question, indicator: Indicator) -> list[Part]:
    """One indicator for each department that has a case; cases that went to none come last."""
    cases = question.cases()
    found = rates_by(indicator, cases, cases.department, question.second)
    nobody = found.pop(0, _NOWHERE)
    names = {one.pk: one for one in Department.objects.filter(pk__in=found).order_by("code")}
    named = [Part(str(pk), department, found[pk]) for pk, department in names.items()]
    return named + ([Part("0", "", nobody)] if nobody.judged else [])


def month_by_month(question: Question, indicator: Indicator) -> list[tuple[date, Rate]]:
    """One indicator of the twelve months up to the period's last day, by when a case was reported."""
    last = question.period.last
    months = [_back(last.replace(day=1), count) for count in reversed(range(MONTHS))]
    cases = replace(question, period=Period(months[0], last)).cases()
    starts = np.array([int(midnight(month).timestamp()) for month in months])
    found = rates_by(indicator, cases, np.searchsorted(starts, cases.at, side="right") - 1, question.second)
    return [(month, found.get(number, _NOWHERE)) for number, month in enumerate(months)]


def _back(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def ids_of(question: Question, indicator: Indicator, part: str) -> np.ndarray:
    """The cases behind a rate: `parts` of the indicator."""
    return parts(indicator, question.cases(), question.second, part)


def a_second() -> datetime:
    return timezone.localtime().replace(microsecond=0)
