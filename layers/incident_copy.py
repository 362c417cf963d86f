"""The incidents in memory, one copy a process, brought up to date before every use by what changed since.

The copy in use is never altered: a change makes a new one that shares the large arrays. What changed lies apart, few
and in order of time, until it is enough to be worth laying everything in order again.
"""

import logging
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from django.db import DatabaseError, connection

from gis.incidents.changes import News, news_from_nothing, news_since
from layers.incident_columns import Columns, read_all, read_some

logger = logging.getLogger(__name__)
#: Changed rows kept apart before they are laid in order with the rest, half a second at a million.
MOST_APART = 20_000


@dataclass(frozen=True)
class Copy:
    """All incidents: those of `base`, less those of `gone`, and those of `fresh`. Each is in order of time."""

    base: Columns
    by_id: np.ndarray  # rows of `base` in order of id
    gone: Columns  # rows of `base` that have changed since or are no more
    fresh: Columns
    snapshot: str
    database: int

    def parts(self) -> tuple[tuple[Columns, int], ...]:
        """Columns with the sign their counts have: a sum over the incidents is the signed sum over these."""
        return (self.base, 1), (self.gone, -1), (self.fresh, 1)

    def __len__(self) -> int:
        return sum(sign * len(part) for part, sign in self.parts())


_kept: Copy | None = None
_lock = Lock()


def incidents_now() -> Copy:
    """All committed incidents as of this moment.

    Inside a transaction that has written, a copy of its own: it sees rows that nobody else may ever see.
    """
    global _kept
    with _lock:
        news = news_since(_kept.snapshot) if _kept else news_from_nothing()
        if news.is_writing:
            return _read(news)
        _kept = _caught_up(_kept, news)
        return _kept


def warm() -> None:
    """Read the incidents before anyone asks, in a thread of its own with a connection of its own.

    A million take seconds, and the first to open a heat map would wait for them. Whatever goes wrong here goes wrong
    again, and is said, when someone asks.
    """
    try:
        incidents_now()
    except DatabaseError:
        logger.info("the incidents were not read ahead: the database does not answer")
    finally:
        connection.close()


def forget() -> None:
    """Drop the copy: to measure from cold."""
    global _kept
    with _lock:
        _kept = None


def _caught_up(kept: Copy | None, news: News) -> Copy:
    if kept is None or kept.database != news.database or news.ids is None:
        return _read(news)
    if not news.ids:
        return replace(kept, snapshot=news.snapshot)
    return replaced(kept, np.array(news.ids, dtype=np.int64), read_some(news.ids), news.snapshot)


def _read(news: News) -> Copy:
    return laid_in_order(read_all(), news.snapshot, news.database)


def laid_in_order(base: Columns, snapshot: str = "", database: int = 0) -> Copy:
    """A copy in which nothing has changed yet. `base` is in order of time."""
    none = base.taken(slice(0, 0))
    return Copy(base, np.argsort(base.ids), none, none, snapshot, database)


def replaced(copy: Copy, ids: np.ndarray, now: Columns, snapshot: str = "") -> Copy:
    """The copy with the incidents of `ids` as they are `now`; those not in `now` are no more."""
    fresh = copy.fresh.taken(~np.isin(copy.fresh.ids, ids)).joined(now)
    fallen = ids[~np.isin(ids, copy.gone.ids)]
    gone = copy.gone.joined(copy.base.taken(rows_of(copy, fallen)))
    if len(fresh) + len(gone) <= MOST_APART:
        return replace(copy, gone=gone, fresh=fresh, snapshot=snapshot)
    staying = copy.base.taken(~np.isin(copy.base.ids, gone.ids))
    return laid_in_order(staying.joined(fresh), snapshot, copy.database)


def rows_of(copy: Copy, ids: np.ndarray) -> np.ndarray:
    """The rows of `base` that hold incidents of these ids."""
    if not len(copy.base):
        return np.empty(0, dtype=np.int64)
    places = np.searchsorted(copy.base.ids, ids, sorter=copy.by_id)
    rows = copy.by_id[np.minimum(places, len(copy.by_id) - 1)]
    return rows[copy.base.ids[rows] == ids]
