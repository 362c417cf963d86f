"""The pages behind a real PgBouncer that pools transactions: what one session is allowed never reaches another.

Eight sessions share two connections to the database. It …
"""

import random
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection

from gis import changes
from gis.accounts.scope import RUNTIME_ROLE, Scope, applied
from gis.models import Resident
from tests.browsing import Browser
from tests.cast import OTHER_STREET, STREET, read_cast
from tests.pooler import PORT, a_pooler, address_by
from tests.serving import ROOT, a_server, environment

SESSIONS, CONNECTIONS, STEPS = 8, 2, 60


@pytest.fixture
def pooled(own_town: str, monkeypatch) -> Iterator[str]:
    """Django's connections of every thread go by the pooler, as the server's login."""
    with a_pooler(CONNECTIONS) as folder:
        connection.close()
        with monkeypatch.context() as patch:
            for name, value in {"HOST": folder, "PORT": PORT, "USER": RUNTIME_ROLE}.items():
                patch.setitem(connection.settings_dict, name, value)
            patch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
            yield folder
            connection.close()


class Session:
    """Somebody who at random does what requests do, and looks each time at what there is to see."""

    def __init__(self, seed: int, people: dict[str, int]) -> None:
        self.chance, self.people, self.seen, self.servers = random.Random(seed), people, 0, set()

    def work(self) -> "Session":
        try:
            for _ in range(STEPS):
                self.chance.choice([self.asks, self.asks, self.is_outside, self.fails, self.breaks, self.dies])()
        finally:
            connection.close()
        return self

    def asks(self) -> None:
        street = self.chance.choice([*self.people])
        with applied(Scope.of([street])):
            areas = [*Resident.objects.values_list("area", flat=True).iterator(chunk_size=7)]
            assert len(areas) == self.people[street]
            assert all(area.startswith(street) for area in areas)
            self.seen += len(areas)
            with applied(Scope.of([])):
                assert not Resident.objects.exists()
            assert Resident.objects.count() == self.people[street]
            self.servers.add(_one("SELECT pg_backend_pid()"))

    def is_outside(self) -> None:
        """In no scope nobody is to be seen, whatever another session was about to do on that connection."""
        assert Resident.objects.count() == 0
        assert not _one("SELECT current_setting('app.scope', true)")
        assert _one("SELECT current_user") == RUNTIME_ROLE
        assert changes.version("residents") >= 0

    def fails(self) -> None:
        with suppress(ZeroDivisionError), applied(Scope.of([self.chance.choice([*self.people])])):
            assert Resident.objects.exists()
            raise ZeroDivisionError

    def breaks(self) -> None:
        with suppress(DatabaseError), applied(Scope.of([self.chance.choice([*self.people])])):
            _one("SELECT 1 / 0")

    def dies(self) -> None:
        """As a process that is killed within a transaction: the connection is cut, without a word."""
        with suppress(DatabaseError), applied(Scope.of([self.chance.choice([*self.people])])):
            assert Resident.objects.exists()
            line = socket.socket(fileno=connection.connection.pgconn.socket)
            line.shutdown(socket.SHUT_RDWR)
            line.detach()
        connection.close()


def _one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_it_hands_no_scope_from_one_session_to_another(own_town: str, pooled: str) -> None:
    streets = [STREET, OTHER_STREET]
    people = {}
    for street in streets:
        with applied(Scope.of([street])):
            people[street] = Resident.objects.count()
    connection.close()
    assert all(people.values())
    with ThreadPoolExecutor(SESSIONS) as pool:
        sessions = list(pool.map(lambda seed: Session(seed, people).work(), range(SESSIONS)))
    assert all(session.seen for session in sessions)
    shared = [one for session in sessions for one in session.servers]
    assert len(shared) > len(set(shared)), "no connection was shared, so nothing was tried"


def test_it_would_be_seen_if_a_scope_outlived_its_transaction(own_town: str, pooled: str) -> None:
    """What the test above relies on: a setting of the session does reach the next one."""
    with psycopg.connect(address_by(pooled, own_town), autocommit=True) as careless:
        careless.execute("SELECT set_config('app.scope', %s, false)", [STREET])
    assert Resident.objects.exists()


def test_it_serves_several_people_at_once_each_their_own(own_town: str, tmp_path: Path) -> None:
    sessions = {name: _session_of(name) for name in ("li", "chen")}
    asked = [*sessions] * 15
    with (
        a_pooler(CONNECTIONS) as folder,
        a_server(
            own_town, tmp_path / "log", live=True, processes=2, DATABASE_POOLER_URL=address_by(folder, own_town)
        ) as server,
        ThreadPoolExecutor(SESSIONS) as pool,
    ):
        found = list(pool.map(lambda name: _people_told(server + "/residents/", sessions[name]), asked))
        opened = _one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'wangge_app'"
            " AND application_name <> 'wangge live feed'"
        )
    areas = dict(Resident.objects.values_list("pk", "area"))
    for name, people in zip(asked, found, strict=True):
        street = STREET if name == "li" else OTHER_STREET
        assert people
        assert all(areas[person].startswith(street) for person in people)
    assert 0 < opened <= CONNECTIONS


def _session_of(name: str) -> str:
    browser = Browser()
    browser.force_login(read_cast()[name], backend="web.sign_in.PostingsBackend")
    return browser.cookies["sessionid"].value


def _people_told(address: str, session: str) -> set[int]:
    asking = urllib.request.Request(address, headers={"Cookie": f"sessionid={session}", "Accept": "text/html"})  # noqa: S310 - our own address
    with urllib.request.urlopen(asking) as answer:  # noqa: S310 - our own address
        return {int(found) for found in re.findall(r'"/residents/(\d+)/', answer.read().decode())}


_SIGN_IN = """
import django
django.setup()
from django.db import connection
connection.pool.open()
try:
    connection.pool.getconn(timeout=3)
    print("let in")
except Exception:
    print("kept out")
"""


@pytest.mark.parametrize(("login", "said"), [(RUNTIME_ROLE, "let in"), ("", "kept out")])
def test_it_lets_nobody_in_who_may_do_more_than_serve(login: str, said: str, own_town: str) -> None:
    """Behind a pooler rights cannot be laid down as a connection begins, and to an owner every row is open."""
    with a_pooler(CONNECTIONS) as folder:
        address = address_by(folder, own_town, login or connection.settings_dict["USER"])
        pages = {"WANGGE_PAGES": "1", "DATABASE_POOLER_URL": address, "DJANGO_SETTINGS_MODULE": "web.settings"}
        done = subprocess.run(
            [sys.executable, "-c", _SIGN_IN], env=environment(own_town) | pages, cwd=ROOT, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
    assert done.stdout.strip() == said
