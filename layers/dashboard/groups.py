"""The incidents of the period by category, by area, by state and by how long they have been open."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from gis.incidents.finding import GROUPS, OPEN, Wanted
from gis.models import Category
from layers.dashboard.facts import Facts
from layers.dashboard.period import any_time
from layers.dashboard.trend import Trend
from layers.incident_columns import STATES
from layers.incident_selection import is_late

_DAY = timedelta(days=1)
#: Open for how many local days: first and last of each group, None for without end.
AGES = ((0, 0), (1, 3), (4, 7), (8, 14), (15, 30), (31, None))


@dataclass(frozen=True)
class Group:
    """One bar: its name, its number, the number of the period before, and the filter that lists it."""

    name: str
    count: int
    before: int | None = None
    wanted: Wanted | None = None
    late: int = 0
    code: str = ""


@dataclass(frozen=True)
class Kind:
    """A major category: its total, its small ones by number, and its line over the bins of the trend."""

    name: str
    count: int
    before: int | None
    wanted: Wanted
    categories: tuple[Group, ...]
    line: tuple[int, ...]


def kinds(facts: Facts, over: Trend) -> tuple[Kind, ...]:
    """The major categories of the period and of the one before, the most frequent first."""
    now, before = facts.now_counted.category, facts.counted_before.category
    known = {one.pk: one for one in Category.objects.filter(pk__in=np.union1d(now, before).tolist())}
    majors = sorted({one.major for one in known.values()})
    most = max(known, default=0) + 1
    number = np.full(most, -1)
    for pk, one in known.items():
        number[pk] = majors.index(one.major)
    counts, earlier = np.bincount(now, minlength=most), np.bincount(before, minlength=most)
    lines = _lines(facts, number, len(majors), over)
    made = [
        _kind(facts, major, [one for one in known.values() if one.major == major], counts, earlier, lines[at], over)
        for at, major in enumerate(majors)
    ]
    return tuple(sorted((one for one in made if one.count or one.before), key=lambda one: (-one.count, one.name)))


def _lines(facts: Facts, number: np.ndarray, majors: int, over: Trend) -> np.ndarray:
    rows = facts.now_counted
    edges = facts.clock.midnights([one.first for one in over.periods])
    bins = np.searchsorted(edges, rows.at, side="right") - 1
    slots = number[rows.category] * len(over.periods) + bins
    return np.bincount(slots, minlength=majors * len(over.periods)).reshape(majors, len(over.periods))


def _kind(facts, major: str, members: list[Category], counts, earlier, line, over: Trend) -> Kind:
    known = over.before is not None
    asked = facts.period.asked(facts.wanted)
    groups = [
        Group(
            one.name,
            int(counts[one.pk]),
            int(earlier[one.pk]) if known else None,
            replace(asked, categories=frozenset({one.pk}), majors=frozenset()),
        )
        for one in members
    ]
    shown = tuple(sorted((one for one in groups if one.count or one.before), key=lambda one: (-one.count, one.name)))
    total, past = sum(one.count for one in groups), sum(one.before or 0 for one in groups)
    listed = _of_major(facts, asked, major, members)
    return Kind(major, total, past if known else None, listed, shown, tuple(line.tolist()))


def _of_major(facts: Facts, asked: Wanted, major: str, members: list[Category]) -> Wanted:
    """The filter of a major category. Where the filter names single categories, only those of them count."""
    if facts.wanted.categories and major not in facts.wanted.majors:
        return replace(asked, categories=frozenset(one.pk for one in members), majors=frozenset())
    return replace(asked, categories=frozenset(), majors=frozenset({major}))


def areas(facts: Facts, over: Trend) -> tuple[Group, ...]:
    """The places directly inside, in the order of their codes; last, without a code, what lies in none of them."""
    places, number = facts.places, len(facts.places) + 1
    counted, before, late = (
        np.bincount(places.index(rows) + 1, minlength=number)
        for rows in (facts.now_counted.area, facts.counted_before.area, _late_areas(facts))
    )
    asked = facts.period.asked(facts.wanted)
    made = [
        Group(
            name, int(counted[at]), int(before[at]) if over.before is not None else None,
            replace(asked, area=code), int(late[at]), code,
        )
        for at, (code, name) in enumerate(zip(places.codes, places.names, strict=True), 1)
    ]  # fmt: skip
    return (*made, Group("", int(counted[0]))) if counted[0] else tuple(made)


def _late_areas(facts: Facts) -> np.ndarray:
    return facts.still_open.area[is_late(facts.still_open, facts.clock.now)]


def states(facts: Facts) -> tuple[Group, ...]:
    """What is open now, by state in the order of the workflow, the late ones of each beside it."""
    rows, late = facts.still_open, is_late(facts.still_open, facts.clock.now)
    # One further, because a state nobody knows is −1; it has no bar.
    counts, lates = (np.bincount(state + 1, minlength=len(STATES) + 1) for state in (rows.state, rows.state[late]))
    asked = facts.open_wanted()
    return tuple(
        Group(name, int(counts[at + 1]), wanted=replace(asked, states=frozenset({name})), late=int(lates[at + 1]))
        for name, at in STATES.items()
        if asked and name in GROUPS[OPEN] and (name in asked.every_state())
    )


def ages(facts: Facts) -> tuple[Group, ...]:
    """What is open now, by the local days since it was reported, the late ones of each beside it."""
    rows, late = facts.still_open, is_late(facts.still_open, facts.clock.now)
    asked, today = facts.open_wanted(), facts.clock.today
    made = []
    for youngest, oldest in AGES:
        last = today - youngest * _DAY if youngest else None
        first = None if oldest is None else today - oldest * _DAY
        mask = (rows.at >= facts.clock.midnight(first)) if first else np.ones(len(rows), dtype=bool)
        if last:
            mask &= rows.at < facts.clock.midnight(last + _DAY)
        name = f"{youngest}–{oldest}" if oldest is not None else f"{youngest}+"
        wanted = asked and replace(any_time(asked), first=first, last=last)
        made.append(Group(name, int(mask.sum()), wanted=wanted, late=int((mask & late).sum())))
    return tuple(made)
