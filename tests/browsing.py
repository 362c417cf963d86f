"""A test client that asks as the server does: with the rights of the runtime login."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed

from gis.accounts.scope import RUNTIME_ROLE


@contextmanager
def as_server() -> Iterator[None]:
    """Within this block the connection may do what the serving process may, and row-level security binds it.

    Tests run as the owner of the tables, a superuser, whom no policy holds.
    """
    _become(RUNTIME_ROLE)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _become("none")


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, %s)", [role, connection.in_atomic_block])


@cache
def _handler(enforce_csrf_checks: bool) -> ClientHandler:
    """The middleware, made once for all browsers, as in the server: to make it, each static file is looked at."""
    return ClientHandler(enforce_csrf_checks)


def _make_it_anew(**setting: object) -> None:
    """Middleware reads settings when it is made."""
    _handler.cache_clear()


setting_changed.connect(_make_it_anew)


class Browser(Client):
    """Django's test client under the runtime login, asking for pages; `**{"HTTP_ACCEPT": "*/*"}` asks as a script."""

    def __init__(self, **defaults) -> None:
        super().__init__(**{"HTTP_ACCEPT": "text/html,*/*;q=0.8"} | defaults)

    def request(self, **request):
        self.handler = _handler(self.handler.enforce_csrf_checks)
        with as_server():
            return super().request(**request)
