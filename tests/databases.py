"""Copies of the test database, for whatever must commit: the real server, several connections, a killed process.

Django's way, a transactional test, empties every table afterwards and the town with it. A copy costs a fifth of a
second, is what PostgreSQL calls a template, and leaves the original alone.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_numbers = itertools.count(1)


@contextmanager
def a_copy() -> Iterator[str]:
    """Name of a fresh copy of the test database, dropped at the end with whoever is still connected to it."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_copy{next(_numbers)}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{pattern_of(original)}"')
    try:
        yield name
    finally:
        drop(name)


def pattern_of(original: str) -> str:
    """Name of the database that is copied: a template may have no one connected, and the test database itself may. A
    browser test's event loop gives Django a second connection in the same thread."""
    return f"{original}_pattern"


def drop(name: str) -> None:
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def moved_to(name: str) -> Iterator[None]:
    """Let Django's connection of this process work on another database of the same server.

    At the end, addresses may still be read there in a thread of their own: it is waited for.
    """
    from gis.places.search.copy import forget

    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        forget()
        connection.close()
        connection.settings_dict["NAME"] = original


@contextmanager
def connected_to(name: str) -> Iterator[BaseDatabaseWrapper]:
    """A second connection, to another database of the same server."""
    other = connection.copy()
    other.settings_dict["NAME"] = name
    other.connect()
    try:
        yield other
    finally:
        other.close()


def empty(there: BaseDatabaseWrapper) -> None:
    """Take everything out of all tables of the town, code tables and accounts included."""
    from django.apps import apps

    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("grid").get_models())
    with there.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def address_of(name: str, login: str = "") -> str:
    """A DATABASE_URL of a database on the test server, for another process."""
    from urllib.parse import quote, urlencode

    place = connection.settings_dict
    user = quote(login or place["USER"])
    secret = f":{quote(place['PASSWORD'])}" if place["PASSWORD"] else ""
    rest = {"host": place["HOST"], **({"port": place["PORT"]} if place["PORT"] else {})}
    return f"postgresql://{user}{secret}@/{quote(name)}?{urlencode(rest)}"
