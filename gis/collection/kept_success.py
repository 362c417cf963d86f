"""How full and fresh the record of each community is, kept in memory: counted once, then anew where anything changed.

What a page of a district would count in a second, it takes from here in a few milliseconds. Which communities changed
since is told by the notes that the feeds of subscriptions go by (`sharing/feed.sql`), so what is shown is true now.
Those notes stay till the day is over, and a copy is of one day.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from threading import Lock

from cachetools import LRUCache

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.collection.form import Form
from gis.collection.sharing.feed import touched_since
from gis.collection.success import State, record_by_place
from gis.snapshots import Moment, this_moment

_COMMUNITY = 12
#: Of a community: the snapshot it was counted after, and the state of each place in it.
_Counted = tuple[str, dict[str, State]]
_kept: LRUCache = LRUCache(64)
_lock = Lock()


def kept_record(forms: list[Form], scope: Scope, digits: int, day: date) -> dict[str, State]:
    """`record_by_place`, of whole communities from memory where nothing has changed in them."""
    now = this_moment()
    if now.is_writing or any(len(area) > _COMMUNITY for area in scope.areas):
        return record_by_place(forms, scope, digits, day)
    with _lock:
        counted = dict(_kept.get(key := _key(now, forms, digits, day), {}))
    codes = set(Area.objects.inside(scope).filter(level="community").values_list("code", flat=True))
    counted |= _fresh(forms, _old(counted, codes), digits, day, now)
    counted |= {code: (now.snapshot, counted[code][1]) for code in codes}
    with _lock:
        _kept[key] = _kept.get(key, {}) | {code: counted[code] for code in codes}
    return {place: state for code in sorted(codes) for place, state in counted[code][1].items()}


def _key(now: Moment, forms: Iterable[Form], digits: int, day: date) -> tuple:
    """The database, the day, and all that decides what is asked of whom."""
    asked = tuple(
        (form.pk, form.area, tuple(form.populations), tuple((line.field_id, line.field.revision, line.field.retired)
                                                            for line in form.lines.all()))
        for form in forms
    )  # fmt: skip
    return now.database, day, digits, asked


def _old(counted: dict[str, _Counted], codes: set[str]) -> list[str]:
    """The communities that were not counted yet, or in which something was committed since."""
    known = codes & counted.keys()
    touched = {seen: touched_since(seen) for seen in {counted[code][0] for code in known}}
    return sorted(codes - known | {code for code in known if touched[counted[code][0]].touches(code)})


def _fresh(forms: list[Form], codes: list[str], digits: int, day: date, now: Moment) -> dict[str, _Counted]:
    if not codes:
        return {}
    places: dict[str, dict[str, State]] = defaultdict(dict)
    for place, state in record_by_place(forms, Scope.of(codes), digits, day).items():
        places[place[:_COMMUNITY]][place] = state
    return {code: (now.snapshot, places[code]) for code in codes}


def forget() -> None:
    """Drop every copy: to measure from cold."""
    with _lock:
        _kept.clear()
