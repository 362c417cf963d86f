"""Indicators of service needs: how many people in a place need what, and how many live alone at 80 and over.

Needs are personal rows, so they are counted under row-level security, for the reader's own ground, and kept until a
need changes anywhere or the day does.
"""

from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access, Scope
from gis.changes import versions
from gis.codes.loading import read_table
from gis.people.masking import shown_where
from gis.snapshots import this_moment
from layers.indicator import Asked, Computed, Indicator
from layers.places import numbers_of_codes
from layers.withheld import withheld_from

_ALONE = "elder_alone"
_COUNT = """
SELECT a.area, a.tag, count(DISTINCT a.resident_id),
  count(DISTINCT a.resident_id) FILTER (WHERE r.born < make_date(%s, 1, 1))
FROM grid_need a JOIN grid_resident r ON r.id = a.resident_id
WHERE a.starts <= %s AND (a.ends IS NULL OR a.ends > %s) AND {inside} GROUP BY 1, 2"""

#: Tag → (numbers of areas' codes, people, of them 80 and over), arrays of one length in ascending order.
Counted = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
_kept: LRUCache = LRUCache(32)
_lock = Lock()


def where_counted(access: Access) -> Scope:
    """Where the reader's role is told how many people have a need."""
    counted = shown_where(access, "needs", "full", "counts")
    held = access.which("people.count")
    return Scope.of(part for code in counted.areas for part in held.within(code).areas)


def _needs(asked: Asked) -> Counted:
    """The needs in the reader's ground. Kept while the years of birth are the same too: they say who is 80."""
    here, today = this_moment(), timezone.localdate(asked.now)
    key = here.database, versions().get("needs", 0), today, asked.scope.setting
    with _lock:
        births, found = _kept.get(key, (None, {}))
    if births is asked.kept.births and not here.is_writing:
        return found
    found = _read(asked.scope, today)
    if not here.is_writing:
        with _lock:
            _kept[key] = asked.kept.births, found
    return found


def _read(scope: Scope, today) -> Counted:
    inside, params = scope.sql("a.area")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(inside=inside), [today.year - 79, today, today, *params])
        rows = sorted(cursor.fetchall())
    found = {}
    for tag in {row[1] for row in rows}:
        of = [row for row in rows if row[1] == tag]
        areas = numbers_of_codes(np.array([row[0] for row in of], dtype="U15"))
        found[tag] = areas, *(np.array([row[column] for row in of], dtype=np.int64) for column in (2, 3))
    return found


def _figure(tag: str, column: int = 1):
    def figure(asked: Asked) -> Computed:
        none = (np.zeros(0, dtype=np.int64),) * 3
        found = _needs(asked).get(tag, none)
        areas, counts = found[0], found[column]
        hidden = withheld_from(asked, counts, areas, asked.scope)
        return Computed(asked.places.rolled(areas, counts).astype(float), hidden=hidden)

    return figure


def need_masks(asked: Asked) -> dict[str, np.ndarray]:
    """Tag → of which asked places it is withheld how many need it. `asked.scope` is where the reader is told."""
    found = _needs(asked)
    return {tag: withheld_from(asked, counts, areas, asked.scope) for tag, (areas, counts, _old) in found.items()}


def _need(code: str, name: str, figure) -> Indicator:
    return Indicator(code, name, _("人"), _("服务需求"), figure, needs="people.count", where=where_counted)


NEEDS = (
    _need("alone80", _("独居且 80 岁以上"), _figure(_ALONE, column=2)),
    *(_need(f"need_{row['code']}", _(row["name"]), _figure(row["code"])) for row in read_table("service_need")),
)
