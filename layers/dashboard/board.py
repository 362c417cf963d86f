"""Everything a dashboard shows, counted at one moment."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from gis.accounts.scope import Access, Scope
from gis.incidents.finding import Wanted
from layers.dashboard.attention import Cell, cells_in_need, soon_late
from layers.dashboard.calendar import Hours, Strip, hours, strip
from layers.dashboard.facts import Facts
from layers.dashboard.groups import Group, Kind, ages, areas, kinds, states
from layers.dashboard.period import Clock, Period
from layers.dashboard.places import places_in
from layers.dashboard.settled import OnTime, settled
from layers.dashboard.stand_outs import Finding, this_week, what_stands_out
from layers.dashboard.trend import Pulse, Trend, pulse, step_of, trend
from layers.incident_copy import Copy
from layers.incident_selection import is_late


@dataclass(frozen=True)
class Now:
    """The line one reads first. `open`, `late` and `soon` are of any time; `on_time` is of the period."""

    today: Pulse
    yesterday: Pulse
    week: Pulse
    open: Group
    late: Group
    soon: int


@dataclass(frozen=True)
class Board:
    """The incidents of an area. `total` are those of the period, `ever` those of any time under the same filter."""

    period: Period
    total: Group
    now: Now
    findings: tuple[Finding, ...]
    can_compare: bool
    cells: tuple[Cell, ...]
    trend: Trend
    strip: Strip
    hours: Hours
    kinds: tuple[Kind, ...]
    areas: tuple[Group, ...]
    on_time: OnTime
    states: tuple[Group, ...]
    ages: tuple[Group, ...]


def chosen_scope(access: Access, capability: str, area: str) -> Scope:
    """Where the reader holds a capability, inside the area looked at; "" is all of it."""
    scope = access.which(capability)
    return scope.within(area) if area else scope


def board(copy: Copy, wanted: Wanted, scope: Scope, clock: Clock, step: str = "") -> Board:
    """Count everything. `scope` is where the reader reads incidents, inside the area the filter names."""
    facts = Facts.gather(copy, wanted, scope, places_in(scope), clock)
    line = trend(facts, step_of(facts.period, step))
    asked = facts.period.asked(wanted)
    return Board(
        period=facts.period,
        total=Group("", len(facts.now_counted), line.total_before, asked),
        now=_now(facts),
        findings=what_stands_out(facts),
        can_compare=this_week_known(facts),
        cells=cells_in_need(facts) if len(facts.places) else (),
        trend=line,
        strip=strip(facts),
        hours=hours(facts),
        kinds=kinds(facts, line),
        areas=areas(facts, line),
        on_time=settled(facts),
        states=states(facts),
        ages=ages(facts),
    )


def this_week_known(facts: Facts) -> bool:
    """Whether the past is long enough to say what a week usually brings."""
    return pulse(facts, this_week(facts)).usual is not None


def _now(facts: Facts) -> Now:
    today = facts.clock.today
    yesterday = today - timedelta(days=1)
    late = is_late(facts.still_open, facts.clock.now)
    return Now(
        today=pulse(facts, Period(today, today)),
        yesterday=pulse(facts, Period(yesterday, yesterday)),
        week=pulse(facts, this_week(facts)),
        open=Group("", len(facts.still_open), wanted=facts.open_wanted()),
        late=Group("", int(np.count_nonzero(late)), wanted=facts.open_wanted(late=True)),
        soon=int(np.count_nonzero(soon_late(facts))),
    )
