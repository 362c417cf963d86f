"""Incidents as risk counts them: by place and component, the older the less, and how many were settled in time.

The large unchanging part of the copy in memory is counted once a day; what changed since is added and taken away.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np

from gis.incidents.incident import ENDED, State
from gis.incidents.on_time import judge
from gis.models import Category
from gis.risk.definitions import Definition
from gis.risk.rates import decay, decayed_days
from layers.incident_columns import STATES, Columns
from layers.incident_copy import Copy
from layers.risk_ground import Ground

DAY = 86400
#: Days that count at all. An incident of two years ago weighs little under any half-life of the table.
WINDOW = 730
#: Days over which settling in time is judged.
SETTLING = 365
_CLOSED = STATES[State.CLOSED]
_OPEN = np.array([state not in ENDED for state in STATES] + [False])  # the last: no known state (−1)
_NOTHING = np.array([STATES[State.REJECTED], STATES[State.DUPLICATE]], dtype=np.int8)


def really_happened(columns: Columns) -> np.ndarray:
    """Mask of the rows that are an incident of their own: neither rejected nor a second report of another."""
    return ~np.isin(columns.state, _NOTHING)


@dataclass(frozen=True)
class Counted:
    """Per place (n) and component with categories (g): incidents by their age, and the raw number of the last year.

    `days` (g): the days of observation that the decayed counts stand for; `weight` (g): how many plain incidents of
    chance one decayed incident is worth (its variance is smaller than its count, because every weight is below 1).
    """

    decayed: np.ndarray
    days: np.ndarray
    weight: np.ndarray
    on_time: np.ndarray
    judged: np.ndarray
    year: np.ndarray


@dataclass(frozen=True)
class _Wanted:
    """Which component a category belongs to (by primary key, −1 none), half-lives in days, the end of the day."""

    groups: tuple[int, ...]
    half_lives: tuple[float, ...]
    end: int


_base: tuple[Columns, _Wanted, np.ndarray, np.ndarray] | None = None
_lock = Lock()


def count_incidents(copy: Copy, ground: Ground, definitions: tuple[Definition, ...], end: int) -> Counted:
    """The incidents up to `end` (seconds since 1970, the midnight after today), by place.

    `definitions`: those with categories, in the order of the columns.
    """
    wanted = _Wanted(_groups(definitions), tuple(one.half_life or WINDOW for one in definitions), end)
    table = np.zeros((len(ground), len(definitions) + 3))
    for number, (columns, sign) in enumerate(copy.parts()):
        if len(columns):
            areas, counts = _of_base(columns, wanted) if number == 0 else _tally(columns, wanted)
            table += sign * ground.summed(areas, counts)
    table = np.maximum(table, 0.0)  # what was added and taken away again leaves a rounding error
    g = len(definitions)
    seen = _observed(copy, end)
    days = np.array([decayed_days(seen, half_life) for half_life in wanted.half_lives])
    squared = np.array([decayed_days(seen, half_life / 2) for half_life in wanted.half_lives])
    return Counted(table[:, :g], days, days / squared, table[:, g], table[:, g + 1], table[:, g + 2])


def _groups(definitions: tuple[Definition, ...]) -> tuple[int, ...]:
    """The component of each category by primary key: the one that names it most closely."""
    listed = list(Category.objects.values_list("pk", "kind", "code"))
    groups = [-1] * (max((pk for pk, _, _ in listed), default=0) + 1)
    for pk, kind, code in listed:
        close = [one.holds(kind, code) for one in definitions]
        if close and max(close) >= 0:
            groups[pk] = int(np.argmax(close))
    return tuple(groups)


def _observed(copy: Copy, end: int) -> float:
    """Days since the first incident, so that a young installation is not taken for a quiet one."""
    first = copy.base.at[0] if len(copy.base) else copy.fresh.at[0] if len(copy.fresh) else end - DAY
    return float(np.clip((end - first) / DAY, 1, WINDOW))


def _of_base(columns: Columns, wanted: _Wanted) -> tuple[np.ndarray, np.ndarray]:
    global _base
    with _lock:
        if _base is None or _base[0] is not columns or _base[1] != wanted:
            _base = columns, wanted, *_tally(columns, wanted)
        return _base[2], _base[3]


def _tally(columns: Columns, wanted: _Wanted) -> tuple[np.ndarray, np.ndarray]:
    """Ascending numbers of the areas that have incidents, and beside them: decayed, on time, judged, of a year."""
    window = (columns.at >= wanted.end - WINDOW * DAY) & (columns.at < wanted.end)
    recent = columns.taken(window & really_happened(columns))
    areas, place = np.unique(recent.area, return_inverse=True)
    age = (wanted.end - recent.at) / DAY
    on_time, judged = _judged(recent, wanted.end - DAY)
    year = age <= SETTLING
    masks = (on_time & year, judged & year, year)
    plain = [np.bincount(place[mask], minlength=len(areas)) for mask in masks]
    return areas, np.column_stack([_decayed(recent, place, age, len(areas), wanted), *plain])


def _decayed(columns: Columns, place: np.ndarray, age: np.ndarray, areas: int, wanted: _Wanted) -> np.ndarray:
    group = np.array([*wanted.groups, -1])[np.minimum(columns.category, len(wanted.groups))]
    counts = np.zeros((areas, len(wanted.half_lives)))
    for number, half_life in enumerate(wanted.half_lives):
        mine = group == number
        counts[:, number] = np.bincount(place[mine], weights=decay(age[mine], half_life), minlength=areas)
    return counts


def _judged(columns: Columns, morning: int) -> tuple[np.ndarray, np.ndarray]:
    """Masks of what was settled in time and of what is judged at all, as things stood this morning."""
    return judge(columns.state == _CLOSED, _OPEN[columns.state], columns.closed, columns.due, morning)
