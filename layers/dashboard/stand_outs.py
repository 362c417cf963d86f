"""What stands out this week: what came in far more or far less than usual, and where the late ones gather.

Every category, every place and every category in a place is tested, and the list is kept to what would still be
remarkable among so many tests. What one finding explains is not named again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from scipy import stats

from gis.incidents.expectation import expect, stand_outs
from gis.incidents.finding import Wanted
from gis.models import Category
from layers.dashboard.facts import WEEKS_BEFORE, Facts
from layers.dashboard.period import Period
from layers.incident_selection import is_late

#: Findings shown.
MOST = 5
#: Fewer than this is not news, however unusual.
_FEWEST = 5
#: A part that holds this share of a whole's surplus is what is named.
_EXPLAINS = 0.6
_WEEK = 7


@dataclass(frozen=True)
class Finding:
    """What came in this week of one category in one place ("more" or "fewer" than usual), or how many of a place's
    open cases are "late". A category (primary key) or place (code) of None means all of them."""

    sort: str
    category: int | None
    place: str | None
    count: int
    usual: float
    chance: float
    wanted: Wanted
    of: int = 0  # for late ones the open cases
    names: tuple[str, str] = ("", "")  # of the category and of the place

    @property
    def times(self) -> float | None:
        """How many times as many as usual; None where next to nothing is usual."""
        return self.count / self.usual if self.usual >= 0.5 else None

    def holds(self, other: "Finding") -> bool:
        """Whether what the other counts is part of what this one counts."""
        return self.sort == other.sort and self.category in (None, other.category) and self.place in (None, other.place)


def what_stands_out(facts: Facts) -> tuple[Finding, ...]:
    """The findings, the least likely first."""
    found = [*_unusual(facts), *_late(facts)]
    kept = stand_outs(np.array([one.chance for one in found]))
    news = [one for one, stays in zip(found, kept, strict=True) if stays and one.count + one.usual >= _FEWEST]
    told = _told_once(sorted(news, key=lambda one: one.chance))[:MOST]
    majors = {one.pk: one.name for one in Category.objects.filter(pk__in=[one.category for one in told])}
    places = dict(zip(facts.places.codes, facts.places.names, strict=True))
    return tuple(replace(one, names=(majors.get(one.category, ""), places.get(one.place or "", ""))) for one in told)


def _told_once(findings: list[Finding]) -> list[Finding]:
    """What one finding explains is not told again: the part where it accounts for the whole, else the whole."""
    told: list[Finding] = []
    for one in findings:
        wholes = [other for other in told if other.holds(one)]
        parts = [other for other in told if one.holds(other)]
        if any(_explains(part, one) for part in parts):
            continue
        if not wholes:
            told.append(one)
        elif all(_explains(one, whole) for whole in wholes):
            told = [other for other in told if other not in wholes]
            told.append(one)
    return told


def _explains(part: Finding, whole: Finding) -> bool:
    return abs(part.count - part.usual) >= _EXPLAINS * abs(whole.count - whole.usual)


def this_week(facts: Facts) -> Period:
    """The seven days of which today is the last."""
    return Period(facts.clock.today - timedelta(days=_WEEK - 1), facts.clock.today)


def weeks_back(facts: Facts) -> np.ndarray:
    """This week and the earlier ones, the latest first: (n, 2) moments, the earlier ones cut at this time of day."""
    moves = range(0, _WEEK * (WEEKS_BEFORE + 1), _WEEK)
    return np.array([facts.clock.window(this_week(facts), move) for move in moves], dtype=np.int64)


def _unusual(facts: Facts) -> Iterator[Finding]:
    windows = weeks_back(facts)
    if facts.begins is None or facts.begins > windows[-1, 0]:
        return
    cube, keys = _cube(facts, windows)
    categories, places = [int(key) for key in keys], list(facts.places.codes)
    yield from _tested(facts, cube.sum(axis=(1, 2))[:, None], [(None, None)])
    yield from _tested(facts, cube.sum(axis=2), [(key, None) for key in categories])
    yield from _tested(facts, cube[:, :, 1:].sum(axis=1), [(None, code) for code in places])
    pairs = [(key, code) for key in categories for code in places]
    yield from _tested(facts, cube[:, :, 1:].reshape(len(cube), -1), pairs)


def _cube(facts: Facts, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts by week (latest first) × category × place, place 0 for none; and the categories' primary keys."""
    rows = facts.between(int(windows[-1, 0]), int(windows[0, 1]))
    keys, category = np.unique(rows.category, return_inverse=True)
    week = len(windows) - np.searchsorted(windows[::-1, 0], rows.at, side="right")
    inside = rows.at < windows[week, 1]
    shape = len(windows), len(keys), len(facts.places) + 1
    slots = (week * shape[1] + category) * shape[2] + facts.places.index(rows.area) + 1
    return np.bincount(slots[inside], minlength=shape[0] * shape[1] * shape[2]).reshape(shape), keys


def _tested(facts: Facts, counts: np.ndarray, what: list[tuple[int | None, str | None]]) -> Iterator[Finding]:
    """One finding for each of some series (weeks × n) that is large enough to be worth a test."""
    large = np.flatnonzero(counts.sum(axis=0) >= _FEWEST)
    if not large.size:
        return
    told, now = expect(counts[1:, large].T), counts[0, large]
    chances = np.minimum(1.0, 2 * np.minimum(told.chance_of_more(now), told.chance_of_fewer(now)))
    for series, count, usual, chance in zip(large, now, told.usual, chances, strict=True):
        category, place = what[series]
        sort = "more" if count > usual else "fewer"
        wanted = _narrowed(this_week(facts).asked(facts.wanted), category, place)
        yield Finding(sort, category, place, int(count), float(usual), float(chance), wanted)


def _narrowed(wanted: Wanted, category: int | None, place: str | None) -> Wanted:
    if category is not None:
        wanted = replace(wanted, categories=frozenset({category}), majors=frozenset())
    return replace(wanted, area=place) if place is not None else wanted


def _late(facts: Facts) -> Iterator[Finding]:
    """Whether a place has more of the late ones than its share of the open ones lets expect (hypergeometric)."""
    late = is_late(facts.still_open, facts.clock.now)
    place = facts.places.index(facts.still_open.area)
    number = len(facts.places)
    opened, lates = (np.bincount(rows[rows >= 0], minlength=number) for rows in (place, place[late]))
    for at in np.flatnonzero(lates >= _FEWEST):
        usual = lates.sum() * opened[at] / opened.sum()
        chance = stats.hypergeom.sf(lates[at] - 1, opened.sum(), lates.sum(), opened[at])
        code = facts.places.codes[at]
        wanted = facts.open_wanted(area=code, late=True)
        if wanted:
            yield Finding("late", None, code, int(lates[at]), float(usual), float(chance), wanted, int(opened[at]))
