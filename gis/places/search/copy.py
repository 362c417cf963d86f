"""The addresses in memory, brought up to date before every use by what changed since.

The index of the last rest (`base`) is never altered. Communities where something changed are hidden in it and read
again into two small indexes: the last few (`young`), and those before (`grown`). When these become many, a thread lays
a new base, on disk where it is large, and searches go on meanwhile.
"""

import logging
from dataclasses import dataclass, field, replace
from threading import Event, Lock, Thread

import numpy as np
from django.db import DatabaseError, connection

from gis.accounts.scope import Scope
from gis.errors import NotReady
from gis.places.search import snapshot
from gis.places.search.changes import News, news_since
from gis.places.search.index import Index
from gis.places.search.laying import lay_index
from gis.places.search.view import View

logger = logging.getLogger(__name__)
#: Buildings and doors above which an index is laid beside the requests, and kept on disk.
LARGE = 150_000
#: Changed communities in the young and in the grown index.
_MOST_YOUNG, _MOST_GROWN = 16, 200
#: Seconds a search waits for an index that is just being laid.
_PATIENCE = 3
_VIEWS = 16


@dataclass(frozen=True)
class Part:
    """An index less the communities that are read again elsewhere."""

    index: Index
    stale: frozenset[str] = frozenset()
    views: dict[tuple, View] = field(default_factory=dict)

    def view(self, scope: Scope, weigh) -> View:
        """The part as a reader of that scope sees it, kept for their next question."""
        if scope.areas not in self.views:
            while len(self.views) >= _VIEWS:
                self.views.pop(next(iter(self.views)), None)
            stale = np.array([int(code.ljust(12, "0")) for code in self.stale], np.int64)
            self.views[scope.areas] = View(self.index, scope, weigh, stale)
        return self.views[scope.areas]

    def less(self, areas: frozenset[str]) -> "Part":
        return Part(self.index, self.stale | areas)


@dataclass(frozen=True)
class Copy:
    """All addresses. `young_areas` and `grown_areas` are the communities that these hold."""

    base: Part
    snapshot: str
    version: int
    database: str
    grown: Part | None = None
    grown_areas: frozenset[str] = frozenset()
    young: Part | None = None
    young_areas: frozenset[str] = frozenset()

    def views(self, scope: Scope) -> list[View]:
        parts = (part for part in (self.base, self.grown, self.young) if part)
        return [part.view(scope, self.base.index.names) for part in parts]


_kept: Copy | None = None
_own: tuple[str, Copy] | None = None
_lock = Lock()
_laying: Thread | None = None
_laid = Event()


def addresses_now() -> Copy:
    """All committed addresses as of this moment. Raises NotReady where they are many and just being read.

    Inside a transaction that has written, a copy of its own: it sees rows that nobody else may ever see.
    """
    with _lock:
        copy = _current()
    if copy is None:
        _laid.wait(_PATIENCE)
        with _lock:
            copy = _current()
    if copy is None:
        raise NotReady("The addresses are being read.", fix="Ask again in a few seconds.")
    return copy


def warm() -> None:
    """Read the addresses before anyone asks, in a thread of its own with a connection of its own."""
    try:
        addresses_now()
    except (DatabaseError, NotReady):
        logger.info("the addresses were not read ahead")
    finally:
        connection.close()


def forget() -> None:
    """Drop the copy, and one that is being laid as well: to measure from cold, or before the database goes away."""
    global _kept, _own
    if _laying:
        _laying.join()
    with _lock:
        _kept = _own = None


def _current() -> Copy | None:
    global _kept, _own
    news = news_since(_kept.snapshot if _kept else None)
    if news.own:
        if not _own or _own[0] != f"{news.database} {news.own}":
            _own = f"{news.database} {news.own}", _at(Part(lay_index()), news)
        return _own[1]
    if _kept and _kept.database != news.database:
        _kept, news = None, news_since(None)
    if _kept is None:
        _kept = _first(news)
    elif news.areas is None:
        _lay_anew()  # the old one answers until then; whatever it finds is asked of the database again
    else:
        _kept = _caught_up(_kept, news)
    return _kept


def _at(base: Part, news: News) -> Copy:
    return Copy(base, news.snapshot, news.version, news.database)


def _first(news: News) -> Copy | None:
    """The index on disk with what changed since, or a new one: at once where it is small."""
    if found := snapshot.load(news):
        index, since, version = found
        if version == news.version:
            return _at(Part(index), news)
        later = news_since(since)
        if later.areas is not None and len(later.areas) <= _MOST_GROWN:
            return _caught_up(Copy(Part(index), since, version, news.database), later)
    if _is_large():
        _lay_anew()
        return None
    return _at(Part(lay_index()), news)


def _is_large() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ((SELECT FROM grid_building LIMIT %(n)s)"
            " UNION ALL (SELECT FROM grid_dwelling LIMIT %(n)s)) r",
            {"n": LARGE},
        )
        return cursor.fetchone()[0] >= LARGE


def _caught_up(copy: Copy, news: News) -> Copy:
    areas = news.areas or frozenset()
    copy = replace(copy, snapshot=news.snapshot, version=news.version)
    if not areas:
        return copy
    young = copy.young_areas | areas
    base = copy.base.less(areas)
    if len(young) <= _MOST_YOUNG:
        grown = copy.grown and copy.grown.less(areas)
        return replace(copy, base=base, grown=grown, young=Part(lay_index(young)), young_areas=young)
    grown_areas = copy.grown_areas | young
    if len(grown_areas) > _MOST_GROWN:
        _lay_anew()
    grown = Part(lay_index(grown_areas))
    return replace(copy, base=base, grown=grown, grown_areas=grown_areas, young=None, young_areas=frozenset())


def _lay_anew() -> None:
    global _laying
    if _laying is None or not _laying.is_alive():
        _laid.clear()
        _laying = Thread(target=_lay, name="lay addresses", daemon=True)
        _laying.start()


def _lay() -> None:
    """Lay a new base, or take the one that another process has laid meanwhile."""
    global _kept
    try:
        with snapshot.alone():
            news = news_since(None)
            found = snapshot.load(news)
            if not found or found[2] != news.version:
                index = lay_index()
                if len(index.buildings.ids) + len(index.doors.ids) >= LARGE:
                    snapshot.save(index, news)
                    del index
                    found = snapshot.load(news)
                else:
                    found = index, news.snapshot, news.version
        with _lock:
            _kept = Copy(Part(found[0]), news.snapshot, news.version, news.database)
    except (DatabaseError, OSError):
        logger.exception("the addresses could not be read")
    finally:
        _laid.set()
        connection.close()
