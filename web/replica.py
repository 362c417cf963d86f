"""Reading from a replica (REPLICA_URL): views that touch no person are answered by it, as if it were the primary.

Before each, the primary is asked how far its log has come, and the replica gets a moment to come as far. So whoever
reads finds all that anybody has committed, their own writing first of all. From a replica that does not come along in
that moment, or is away, nothing is read for a while; the primary answers, and the log says so once.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponse

from web.operation.metrics.counted import READS

logger = logging.getLogger(__name__)
ALIAS = "replica"
#: How a request waits for the replica, and for how long it is left alone when it is behind, or away. Away costs whoever
#: tries again the seconds in which no connection comes about, so one request tries for all.
_PATIENCE_S = (0.0, 0.002, 0.005, 0.01, 0.02)
_BEHIND_S, _AWAY_S = 0.5, 15.0


class _State:
    """What this process knows of the replica."""

    asked_again_at = 0.0
    is_lost = False


def reading(request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of a view that only reads and touches no person: from the replica where it can give it."""
    if ALIAS not in settings.DATABASES or request.method not in ("GET", "HEAD"):
        return ask()
    response = _asked_there(ask) if _may_try() else None
    READS.labels("primary" if response is None else "replica").inc()
    return ask() if response is None else response


def _may_try() -> bool:
    now = time.monotonic()
    if now < _State.asked_again_at:
        return False
    if _State.is_lost:
        _State.asked_again_at = now + _AWAY_S  # the others need not wait for it, too
    return True


def _asked_there(ask: Callable[[], HttpResponse]) -> HttpResponse | None:
    """None where the primary must answer."""
    try:
        if not _has_come_along():
            return _lose("it is behind", _BEHIND_S)
        with _standing_in():
            response = ask()
    except (DatabaseError, InterfaceError) as error:
        # What would write, or met a change that the replica was taking in, is asked of the primary: no more than that.
        return None if connections[ALIAS].is_usable() else _lose(type(error).__name__, _AWAY_S)
    _find()
    return response


def _has_come_along() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
        (goal,) = cursor.fetchone()
    with connections[ALIAS].cursor() as cursor:
        for pause in _PATIENCE_S:
            time.sleep(pause)
            cursor.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [goal])
            if cursor.fetchone()[0]:
                return True
    return False


@contextmanager
def _standing_in() -> Iterator[None]:
    """Whatever asks the usual connection of this thread asks the replica instead."""
    usual = connections["default"]
    connections["default"] = connections[ALIAS]
    try:
        yield
    finally:
        connections["default"] = usual


def _lose(reason: str, rest: float) -> None:
    _State.asked_again_at = time.monotonic() + rest
    if not _State.is_lost:
        _State.is_lost = True
        logger.warning("the replica does not serve: %s", reason)


def _find() -> None:
    _State.asked_again_at = 0.0
    if _State.is_lost:
        _State.is_lost = False
        logger.warning("the replica serves again")
