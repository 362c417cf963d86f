"""The incidents that a filter finds, picked out of the copy in memory: what heat, clusters, counts and charts count.

The same incidents as `gis.incidents.finding.find_incidents` finds in the database; a test holds the two against each
other for any filter. Words and buildings are looked up there, everything else here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.core.exceptions import EmptyResultSet
from django.db import connection

from gis.accounts.scope import Scope
from gis.incidents.finding import MERGED, Wanted, find_incidents
from gis.incidents.incident import ENDED
from gis.incidents.words import ids_about
from gis.models import Category
from layers.incident_columns import NEVER, ORIGINS, STATES, Columns, Picked, inside, range_of
from layers.incident_copy import Copy, rows_of

Rows = Columns | Picked
Condition = Callable[[Rows], np.ndarray]


@dataclass(frozen=True)
class Selection:
    """Some of the incidents of a copy: columns with a mask of the rows that are meant. No incident is there twice."""

    parts: tuple[tuple[Rows, np.ndarray], ...]

    def __len__(self) -> int:
        return sum(len(rows) for _columns, rows in self.meant)

    @cached_property
    def meant(self) -> tuple[tuple[Rows, np.ndarray], ...]:
        """The columns, each with the indices of the rows that are meant: in order of time, then id."""
        return tuple((columns, np.flatnonzero(mask)) for columns, mask in self.parts)

    def column(self, name: str) -> np.ndarray:
        """The values of one column, in no order."""
        return np.concatenate([columns.values(name, rows) for columns, rows in self.meant])

    def rows(self) -> Columns:
        """All columns, in order of time, then id."""
        (base, kept), (fresh, anew) = self.meant
        return base.taken(kept).joined(fresh.taken(anew))

    def late(self, now: datetime) -> int:
        """How many of them are open though their time was up before `now`, a whole second."""
        return int(np.count_nonzero(_OPEN[self.column("state")] & (self.column("due") < int(now.timestamp()))))

    def narrowed(self, condition: Condition) -> "Selection":
        """Those of them that fulfil one condition more."""
        return Selection(tuple((columns, mask & condition(columns)) for columns, mask in self.parts))


def selected(copy: Copy, wanted: Wanted, scope: Scope, now: datetime) -> Selection:
    """The incidents in scope that fit. `now`: a whole second, as `this_second` gives it."""
    return Sieve(copy, wanted, scope, now).but()


@dataclass
class Sieve:
    """A filter laid over a copy: what passes all of it, and what would pass without one of its fields.

    The second is what a reader wants to know beside a choice: how many there would be if it were made.
    """

    copy: Copy
    wanted: Wanted
    scope: Scope
    now: datetime
    _parts: tuple[Rows, Rows] = field(init=False)
    _masks: tuple[dict[str, np.ndarray], ...] = field(init=False)
    _found: dict[frozenset[str], Selection] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        tests = _tests(self.wanted, self.scope, self.now)
        self._parts = self._looked_at()
        self._masks = tuple({name: test(columns) for name, test in tests.items()} for columns in self._parts)
        if self._parts[0] is self.copy.base and len(self.copy.gone):
            self._masks[0]["gone"] = _without(self.copy)

    def _looked_at(self) -> tuple[Rows, Rows]:
        """The columns to be tested: all, or where words or a building are asked for the few rows found by these."""
        base, fresh = self.copy.base, self.copy.fresh
        if not (self.wanted.text or self.wanted.building):
            return base, fresh
        ids = _found(self.copy, self.wanted, self.scope)
        standing = _without_those(ids, self.copy.gone.ids)
        return Picked(base, _rows_with(self.copy, standing)), fresh.taken(_among(fresh.ids, ids))

    def but(self, *names: str) -> Selection:
        """What passes all fields but those named: "kind", "state", "late", "department", "origin", "time", "area".

        A field of which nothing is asked bars nothing, so most of these are one and the same.
        """
        barring = frozenset(name for name in names if any(name in masks for masks in self._masks))
        if barring not in self._found:
            parts = zip(self._parts, self._masks, strict=True)
            self._found[barring] = Selection(
                tuple((columns, _all(columns, masks, barring)) for columns, masks in parts)
            )
        return self._found[barring]


def _among(some: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Mask of those of `some` that are in `ordered`."""
    if not len(ordered):
        return np.zeros(len(some), dtype=bool)
    return ordered[np.minimum(np.searchsorted(ordered, some), len(ordered) - 1)] == some


def _without_those(ordered: np.ndarray, some: np.ndarray) -> np.ndarray:
    return np.delete(ordered, np.searchsorted(ordered, some[_among(some, ordered)]))


def _all(columns: Rows, masks: dict[str, np.ndarray], but: Iterable[str]) -> np.ndarray:
    kept = np.ones(len(columns), dtype=bool)
    for name, mask in masks.items():
        if name not in but:
            kept &= mask
    return kept


def _tests(wanted: Wanted, scope: Scope, now: datetime) -> dict[str, Condition]:
    """What has to be tested of a row, by the field of the filter. Only the scope is always among them."""
    tests: dict[str, Condition] = {"scope": lambda columns: inside(columns.area, scope)}
    if wanted.categories or wanted.majors:
        kinds = _kinds(wanted)
        tests["kind"] = lambda columns: np.isin(columns.category, kinds)
    if wanted.states:
        tests["state"] = _one_of("state", [STATES[name] for name in wanted.every_state() if name in STATES])
    else:
        tests["state"] = counts_for_itself
    if wanted.origins:
        tests["origin"] = _one_of("origin", [ORIGINS[name] for name in wanted.origins if name in ORIGINS])
    if wanted.departments:
        departments = np.array(sorted(wanted.departments), dtype=np.int32)
        tests["department"] = lambda columns: np.isin(columns.department, departments)
    if wanted.late:
        tests["late"] = lambda columns: is_late(columns, now)
    if wanted.area:
        low, high = range_of(wanted.area)
        tests["area"] = lambda columns: (columns.area >= low) & (columns.area < high)
    if wanted.days or wanted.first or wanted.last:
        tests["time"] = _between(*wanted.period(now))
    return tests


def counts_for_itself(columns: Rows) -> np.ndarray:
    """Mask of the rows that were not merged into another."""
    return columns.state != STATES[MERGED]


def is_open(columns: Rows) -> np.ndarray:
    """Mask of the rows about which something is still owed."""
    return _OPEN[columns.state]


def is_late(columns: Rows, now: datetime) -> np.ndarray:
    """Mask of the open rows whose time was up before `now`, a whole second."""
    return _OPEN[columns.state] & (columns.due < int(now.timestamp()))


#: By number of the state. −1, none of them, is the last, and not ended either.
_OPEN = np.array([*(name not in ENDED for name in STATES), True])


def _one_of(name: str, numbers: list[int]) -> Condition:
    """A column of small numbers has one of these; −1, none of the known, is looked up in the last place."""
    wanted = np.zeros(max(len(STATES), len(ORIGINS)) + 1, dtype=bool)
    wanted[numbers] = True
    return lambda columns: wanted[getattr(columns, name)]


def _between(first: datetime | None, end: datetime | None) -> Condition:
    low = int(first.timestamp()) if first else -NEVER
    high = int(end.timestamp()) if end else NEVER
    return lambda columns: (columns.at >= low) & (columns.at < high)


def _kinds(wanted: Wanted) -> np.ndarray:
    named = Category.objects.filter(major__in=wanted.majors).values_list("pk", flat=True) if wanted.majors else ()
    return np.array(sorted({*wanted.categories, *named}), dtype=np.int64)


def _without(copy: Copy) -> np.ndarray:
    mask = np.ones(len(copy.base), dtype=bool)
    mask[rows_of(copy, copy.gone.ids)] = False
    return mask


def _rows_with(copy: Copy, ids: np.ndarray) -> np.ndarray:
    """The rows of `base` with these ids, in their order. Many are marked and looked for in one pass, few searched."""
    highest = int(copy.base.ids[copy.by_id[-1]]) if len(copy.base) else 0
    if len(ids) < _FEW or highest > 8 * len(copy.base):
        return np.sort(rows_of(copy, ids))
    marks = np.zeros(highest + 1, dtype=bool)
    marks[ids[(ids >= 0) & (ids <= highest)]] = True
    return np.flatnonzero(marks.take(copy.base.ids))


#: So many ids are sooner searched one by one than marked among all.
_FEW = 5_000
#: Ids found lately by words or building, with the arrays of the copy they are right for: panning a map asks the same
#: again and again. Whatever changes makes other arrays.
_lately: LRUCache = LRUCache(16)
_lock = Lock()


def _found(copy: Copy, wanted: Wanted, scope: Scope) -> np.ndarray:
    key = wanted.text, wanted.building, scope
    with _lock:
        base, fresh, ids = _lately.get(key, (None, None, None))
    if base is copy.base.ids and fresh is copy.fresh.ids:
        return ids
    ids = _looked_up(wanted, scope)
    with _lock:
        _lately[key] = copy.base.ids, copy.fresh.ids, ids
    return ids


def _looked_up(wanted: Wanted, scope: Scope) -> np.ndarray:
    """The ids by words and building, in order.

    Both by index, and only where the words' lists lag behind by reading all texts.
    """
    by_words = ids_about(wanted.text) if wanted.text else None
    if by_words is not None and not wanted.building:
        return by_words
    text = wanted.text if by_words is None else ""
    asked = Wanted(text=text, building=wanted.building)
    found = _ids_of(find_incidents(asked, scope, merged=True).order_by())
    return np.sort(found) if by_words is None else np.intersect1d(by_words, found)


def _ids_of(found) -> np.ndarray:
    """Primary keys as int64, packed by the database: a driver spends its time on rows and values."""
    try:
        sql, params = found.values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django's word for a condition that nothing can fulfil, such as an empty scope
        return np.empty(0, dtype=np.int64)
    rows = f"COPY (SELECT string_agg(int8send(id), '') FROM ({sql}) AS found(id)) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(rows, params) as copy:
        copy.set_types(["bytea"])
        return np.concatenate([np.frombuffer(packed or b"", dtype=">i8") for (packed,) in copy.rows()]).astype(np.int64)
