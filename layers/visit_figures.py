"""Indicators of visits: how many people in a place are late to be visited, and how many are due within the week.

When a person is due is kept as rows change (`gis.people.due`), so this counts one index under row-level security, for
the reader's own ground, and holds the counts until a person's day changes anywhere or the date does. Of the counts by
area and day nothing moves at midnight but where "today" lies in them.
"""

from datetime import date
from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.changes import versions
from gis.people.due import AHEAD
from gis.snapshots import this_moment
from layers.indicator import Asked, Computed, Indicator
from layers.need_figures import where_counted
from layers.places import numbers_of_codes
from layers.withheld import withheld_from

#: Due on a day between both: of each area how many are late, and how many have their day today or later.
_COUNT = """
SELECT area, count(*) FILTER (WHERE due_on < %s), count(*) FILTER (WHERE due_on >= %s)
FROM grid_visitdue WHERE since <= %s AND until > %s AND due_on <= %s AND {inside} GROUP BY area"""

#: Ascending numbers of areas' codes; beside them how many are late, and how many due from today on.
Counted = tuple[np.ndarray, np.ndarray, np.ndarray]
_kept: LRUCache = LRUCache(32)
_lock = Lock()


def _visits(asked: Asked) -> Counted:
    here, today = this_moment(), timezone.localdate(asked.now)
    key = here.database, versions().get("visits", 0), today, asked.scope.setting
    with _lock:
        found = _kept.get(key)
    if found is None or here.is_writing:
        found = _read(asked.scope, today)
    if not here.is_writing:
        with _lock:
            _kept[key] = found
    return found


def _read(scope: Scope, today: date) -> Counted:
    inside, params = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(inside=inside), [today, today, today, today, today + AHEAD, *params])
        rows = sorted(cursor.fetchall())
    areas = numbers_of_codes(np.array([area for area, *_counts in rows], dtype="U15"))
    late, due = (np.array([row[column] for row in rows], dtype=np.int64) for column in (1, 2))
    return areas, late, due


def _figure(column: int):
    def figure(asked: Asked) -> Computed:
        found = _visits(asked)
        areas, counts = found[0], found[column]
        hidden = withheld_from(asked, counts, areas, asked.scope)
        return Computed(asked.places.rolled(areas, counts).astype(float), hidden=hidden)

    return figure


def _visit(code: str, name: str, column: int, note: str) -> Indicator:
    return Indicator(
        code, name, _("人"), _("服务需求"), _figure(column), needs="people.count", where=where_counted, note=note
    )


VISITS = (
    _visit("visits_late", _("走访已逾期"), 1, _("按服务需求的走访周期，今天之前就应走访而尚未见到的人。")),
    _visit("visits_due", _("一周内应走访"), 2, _("按服务需求的走访周期，从今天起七天内到期的人；已逾期的不计在内。")),
)
