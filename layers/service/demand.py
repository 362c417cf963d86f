"""People of every building by age band and by service need. Numbers of people only; row-level security counts them."""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from cachetools import TTLCache
from django.db import connection

from gis.accounts.scope import Scope
from gis.places.service.kinds import AGE_BANDS, SLOW_BANDS, ServiceKind
from gis.snapshots import this_moment
from layers.service.ground import Ground

BANDS = tuple(AGE_BANDS)
#: The last column: date of birth not recorded. They count for what serves everybody, at the usual speed.
_COLUMNS = len(BANDS) + 1
_SLOW = np.array([band in SLOW_BANDS for band in BANDS] + [False])
#: Seconds a count is used again: while a place is dragged the same people are asked for many times a second.
_SECONDS = 60
_kept: TTLCache = TTLCache(8, ttl=_SECONDS)
_lock = Lock()

_AGES = """
SELECT d.building_id, coalesce(width_bucket(extract(year FROM age(current_date, r.born))::int, %s), {unknown}), count(*)
FROM grid_residence a JOIN grid_resident r ON r.id = a.resident_id JOIN grid_dwelling d ON d.id = a.dwelling_id
WHERE a.kind = 'living' AND a.ends IS NULL AND {inside} GROUP BY 1, 2"""
_NEEDS = """
SELECT d.building_id, n.tag, (r.born <= current_date - interval '65 years') IS TRUE, count(DISTINCT n.resident_id)
FROM grid_residence a JOIN grid_resident r ON r.id = a.resident_id JOIN grid_dwelling d ON d.id = a.dwelling_id
JOIN grid_need n ON n.resident_id = r.id
WHERE a.kind = 'living' AND a.ends IS NULL AND n.starts <= current_date AND (n.ends IS NULL OR n.ends > current_date)
AND {inside} GROUP BY 1, 2, 3"""


@dataclass(frozen=True)
class Demand:
    """`ages`: homes × age bands and one column for an unknown age. `needs`: tag → homes × (usual, slow) walkers."""

    ages: np.ndarray
    needs: dict[str, np.ndarray]

    def of_bands(self, bands: tuple[str, ...], everybody: bool = False) -> np.ndarray:
        """Homes × (usual, slow) walkers of some age bands."""
        chosen = np.array([band in bands for band in BANDS] + [everybody])
        return np.column_stack([self.ages[:, chosen & ~_SLOW].sum(axis=1), self.ages[:, chosen & _SLOW].sum(axis=1)])

    def of_need(self, tag: str) -> np.ndarray:
        return self.needs.get(tag, np.zeros((len(self.ages), 2), dtype=np.int64))

    def served_by(self, kind: ServiceKind, group: str = "") -> np.ndarray:
        """Homes × (usual, slow) walkers whom a kind serves; `group`: an age band or `need:TAG` instead."""
        if group.startswith("need:"):
            return self.of_need(group.removeprefix("need:"))
        if group:
            return self.of_bands((group,))
        return self.of_need(kind.need) if kind.need else self.of_bands(kind.bands, kind.for_everybody)


def demand_of(ground: Ground, scope: Scope) -> Demand:
    """The people in the scope by the ground's homes, at most a minute old. Inside the caller's scoped transaction."""
    if this_moment().is_writing:
        return count_demand(ground, scope)
    key = (id(ground), scope.setting)
    with _lock:
        found = _kept.get(key)
    if found is None or found[0] is not ground:
        found = (ground, count_demand(ground, scope))
        with _lock:
            _kept[key] = found
    return found[1]


def forget() -> None:
    with _lock:
        _kept.clear()


def count_demand(ground: Ground, scope: Scope) -> Demand:
    """The people in the scope by the ground's homes, as they are now."""
    inside, params = scope.sql("a.area")
    ages = np.zeros((len(ground), _COLUMNS), dtype=np.int64)
    needs: dict[str, np.ndarray] = {}
    with connection.cursor() as cursor:
        cursor.execute(_AGES.format(inside=inside, unknown=_COLUMNS), [list(AGE_BANDS.values()), *params])
        for home, band, count in _at_homes(ground, cursor.fetchall()):
            ages[home, band - 1] = count
        cursor.execute(_NEEDS.format(inside=inside), params)
        for home, tag, slow, count in _at_homes(ground, cursor.fetchall()):
            needs.setdefault(tag, np.zeros((len(ground), 2), dtype=np.int64))[home, int(slow)] = count
    return Demand(ages, needs)


def _at_homes(ground: Ground, rows: list[tuple]) -> list[tuple]:
    """The rows with the building's id replaced by its place among the homes; of other buildings left out."""
    if not rows or not len(ground):
        return []
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    at = np.minimum(np.searchsorted(ground.ids, ids), len(ground) - 1)
    return [(int(at[i]), *row[1:]) for i, row in enumerate(rows) if ground.ids[at[i]] == ids[i]]
