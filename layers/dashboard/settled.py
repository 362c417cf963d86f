"""Settled on time, of the incidents reported in the period: over all, by department and by area. Never by person."""

from dataclasses import dataclass, replace

import numpy as np

from gis.incidents.finding import NO_DEPARTMENT, Wanted
from gis.incidents.on_time import Rate, judge, rates
from gis.models import Department
from layers.dashboard.facts import Facts
from layers.incident_columns import STATES
from layers.incident_selection import is_open


@dataclass(frozen=True)
class Settled:
    """`place` is a department's row, an area's name, or None where none has the case."""

    place: Department | str | None
    rate: Rate
    wanted: Wanted


@dataclass(frozen=True)
class OnTime:
    whole: Rate
    by_department: tuple[Settled, ...]
    by_area: tuple[Settled, ...]


def settled(facts: Facts) -> OnTime:
    """Groups with no case to judge are left out; the others from the lowest rate up."""
    rows = facts.now_counted
    on_time, judged = judge(rows.state == STATES["closed"], is_open(rows), rows.closed, rows.due, facts.clock.seconds)
    (whole,) = rates(on_time, judged, np.zeros(len(rows), dtype=int), 1)
    asked = facts.period.asked(facts.wanted)
    keys, group = np.unique(rows.department, return_inverse=True)
    known = {one.pk: one for one in Department.objects.filter(pk__in=keys.tolist())}
    by_department = [
        Settled(known.get(int(key)), rate, replace(asked, departments=frozenset({int(key) or NO_DEPARTMENT})))
        for key, rate in zip(keys, rates(on_time, judged, group, len(keys)), strict=True)
    ]
    places = facts.places
    by_area = [
        Settled(name, rate, replace(asked, area=code))
        for code, name, rate in zip(
            places.codes, places.names, rates(on_time, judged, places.index(rows.area), len(places)), strict=True
        )
    ]
    return OnTime(whole, _worst_first(by_department), _worst_first(by_area))


def _worst_first(groups: list[Settled]) -> tuple[Settled, ...]:
    judged = [one for one in groups if one.rate.judged]
    return tuple(sorted(judged, key=lambda one: (one.rate.percent or 0.0, -one.rate.judged)))
