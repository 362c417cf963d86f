"""How full and fresh the record of each community is, how much of a form is known there and who is in it twice, kept in
memory: counted once, then anew where anything changed.

What a page of a district would count in a second, it takes from here in a few milliseconds. Which communities changed
since is told by the notes that the feeds of subscriptions go by (`sharing/feed.sql`), so what is shown is true now.
Those notes stay till the day is over, and a copy is of one day.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from threading import Lock
from typing import TypeVar

import numpy as np
from cachetools import LRUCache

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.collection.coverage import Known, counted_in, coverage, fields_of, summed
from gis.collection.field import Field
from gis.collection.form import Form
from gis.collection.sharing.feed import touched_since
from gis.collection.success import State, count_twice, prints_by_community, record_by_place
from gis.snapshots import Moment, this_moment

_COMMUNITY = 12
#: What is counted of a community; it is kept with the snapshot it was counted after.
Counted = TypeVar("Counted")
_kept: LRUCache = LRUCache(64)
_lock = Lock()


def kept_record(forms: list[Form], scope: Scope, digits: int, day: date) -> dict[str, State]:
    """`record_by_place`, of whole communities from memory where nothing has changed in them."""
    now = this_moment()
    if not _is_kept(scope, now):
        return record_by_place(forms, scope, digits, day)

    def count(codes: list[str]) -> dict[str, dict[str, State]]:
        places: dict[str, dict[str, State]] = defaultdict(dict)
        for place, state in record_by_place(forms, Scope.of(codes), digits, day).items():
            places[place[:_COMMUNITY]][place] = state
        return {code: places[code] for code in codes}

    counted = _by_community(_key(now, forms, digits, day), scope, now, count)
    return {place: state for code in sorted(counted) for place, state in counted[code].items()}


def kept_coverage(form: Form, scope: Scope, day: date) -> list[Known]:
    """`coverage`, of whole communities from memory where nothing has changed in them."""
    now, within = this_moment(), scope.within(form.area)
    if not _is_kept(within, now):
        return coverage(form, scope, day)
    fields = fields_of(form)
    key = ("fields", now.database, day, _asked(form, fields))

    def count(codes: list[str]) -> dict[str, dict[int, tuple[int, int]]]:
        return counted_in(form, fields, codes, day)

    return summed(fields, _by_community(key, within, now, count).values())


def kept_twice(scope: Scope, day: date) -> int:
    """How many people of a scope stand in the record twice, by name and birth: from memory as above."""
    now = this_moment()
    if not _is_kept(scope, now):
        return count_twice(prints_by_community(scope).values())

    def read(codes: list[str]) -> dict[str, np.ndarray]:
        found = prints_by_community(Scope.of(codes))
        return {code: found.get(code, np.array([], np.int64)) for code in codes}

    return count_twice(_by_community((now.database, day, "twice"), scope, now, read).values())


def _is_kept(scope: Scope, now: Moment) -> bool:
    return not now.is_writing and all(len(area) <= _COMMUNITY for area in scope.areas)


def _by_community(
    key: tuple, scope: Scope, now: Moment, count: Callable[[list[str]], dict[str, Counted]]
) -> dict[str, Counted]:
    """What `count` says of each community of a scope, asked only of those in which something changed."""
    with _lock:
        counted: dict[str, tuple[str, Counted]] = dict(_kept.get(key, {}))
    codes = set(Area.objects.inside(scope).filter(level="community").values_list("code", flat=True))
    old = _old(counted, codes)
    counted |= {code: (now.snapshot, told) for code, told in (count(old) if old else {}).items()}
    counted |= {code: (now.snapshot, counted[code][1]) for code in codes}
    with _lock:
        _kept[key] = _kept.get(key, {}) | {code: counted[code] for code in codes}
    return {code: counted[code][1] for code in codes}


def _key(now: Moment, forms: Iterable[Form], digits: int, day: date) -> tuple:
    """The database, the day, and all that decides what is asked of whom."""
    asked = tuple(_asked(form, [line.field for line in form.lines.all()]) for form in forms)
    return now.database, day, digits, asked


def _asked(form: Form, fields: list[Field]) -> tuple:
    told = tuple((field.pk, field.revision, field.retired) for field in fields)
    return form.pk, form.area, tuple(form.populations), told


def _old(counted: dict[str, tuple], codes: set[str]) -> list[str]:
    """The communities that were not counted yet, or in which something was committed since."""
    known = codes & counted.keys()
    touched = {seen: touched_since(seen) for seen in {counted[code][0] for code in known}}
    return sorted(codes - known | {code for code in known if touched[counted[code][0]].touches(code)})


def forget() -> None:
    """Drop every copy: to measure from cold."""
    with _lock:
        _kept.clear()
