"""Test databases that are kept on the cluster and copied: a copy takes less than a second, the making a minute.

There are two, each named after the digest of its content (`tests.contents`): the migrated tables, which nearly every
change of code leaves alone, and the small town upon them. Whoever finds none makes it, and who comes meanwhile waits
for it; it gets its name when it is complete, so that one whose making was broken off is never taken. Of each kind the
last three that were used are kept.
"""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests import contents
from tests.databases import drop, moved_to

LOCK = 7_206_301  # any number that nobody else locks
_KEPT = 3
_UNFINISHED = "test_wangge_making"


def copy_town(*names: str) -> None:
    """Create databases of these names, each with the small town of today."""
    day = timezone.localdate()
    with alone():
        server = _server()
        town = f"wangge_kept_town_{contents.of_town(day, server)}"
        if not exists(town):
            make(town, lambda: _ensure_tables(server), lambda: _write(day))
        for name in names:
            drop(name)
            copy(town, name)
        note_use(town)
        for kind in ("town", "tables"):
            sweep(f"wangge_kept_{kind}_")


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else on this server makes, copies or drops a kept database meanwhile. A killed process holds no lock."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def _server() -> str:
    """What a new database is born with: versions of PostgreSQL and of the extensions it offers."""
    return repr(rows("SELECT version()") + rows("SELECT name, default_version FROM pg_available_extensions ORDER BY 1"))


def make(name: str, template: Callable[[], str], fill: Callable[[], None]) -> None:
    """Create a database from a template, fill it, and only then give it its name. Nobody may connect to it."""
    source = template()
    drop(_UNFINISHED)
    copy(source, _UNFINISHED)
    with moved_to(_UNFINISHED), _without_collecting():
        fill()
    _run(f'ALTER DATABASE "{_UNFINISHED}" RENAME TO "{name}"')
    _run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')


def _ensure_tables(server: str) -> str:
    """Name of the kept database of empty tables, made where it is missing."""
    name = f"wangge_kept_tables_{contents.of_tables(server)}"
    if not exists(name):
        make(name, lambda: "template1", lambda: call_command("migrate", verbosity=0, interactive=False))
    note_use(name)
    return name


def _write(day: dt.date) -> None:
    from fixtures.town import write_town

    call_command("load_codes", verbosity=0)
    write_town(size="small", until=day)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Migrations make a hundred thousand classes that live on: to look through them for garbage takes a quarter."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def note_use(name: str) -> None:
    _run(f"""COMMENT ON DATABASE "{name}" IS 'used {timezone.now().isoformat()}'""")


def sweep(prefix: str) -> None:
    """Drop all but the last used. One without a note was never used: its maker was killed in the moment between."""
    found = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    for (name,) in rows(f"{found} ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST", [prefix])[_KEPT:]:
        drop(name)


def exists(name: str) -> bool:
    return bool(rows("SELECT FROM pg_database WHERE datname = %s", [name]))


def copy(source: str, name: str) -> None:
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def rows(statement: str, params: list | None = None) -> list[tuple]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
