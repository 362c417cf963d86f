"""A real streaming replica beside a cluster of its own, paused and killed: the pages go on and miss no writing."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from pyrage import x25519

from gis.models import User
from gis.snapshots import CURRENT
from tests.browsing import Browser
from tests.cast import STREET
from tests.serving import ROOT, Process, _granian
from web.operation.backup.making import make_backup
from web.operation.backup.sealing import new_lock
from web.operation.doctor import replica as checking
from web.start.cluster import Cluster, addresses, ensure_running, stop
from web.start.owner import as_server, forget_place, give_to_server
from web.start.postgres import find_postgres
from web.start.processes import wait_until
from web.start.serve import free_port
from web.start.sockets import socket_folder

TOKEN = "a token for the monitor, long enough"


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="wangge-test-")).resolve()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def primary(session: str, folder: Path, settings) -> Iterator[Cluster]:
    """A cluster with the town in it, from which a replica may stream."""
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "media"
    identity = x25519.Identity.generate()
    make_backup(folder / "b.age", new_lock((str(identity.to_public()),)), lambda text: None)
    (folder / "identity").write_text(f"{identity}\n")
    cluster = Cluster(folder / "database", durable=True)
    ensure_running(cluster)
    try:
        options = ["restore", str(folder / "b.age"), "--identity", str(folder / "identity"), "--without-key"]
        _run([sys.executable, "-m", "django", *options], **_settings(cluster, folder))
        with (cluster.data / "pg_hba.conf").open("a") as file:
            file.write("local replication wangge peer map=wangge\n")
        _ask(addresses(cluster)["DATABASE_URL"], "SELECT pg_reload_conf()")
        yield cluster
    finally:
        stop(cluster)
        forget_place(cluster.home)


def _settings(cluster: Cluster, folder: Path) -> dict[str, str]:
    own = {"WANGGE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "web.settings", "PYTHONPATH": str(ROOT)}
    return os.environ | addresses(cluster) | own


def _run(command: list[str], **environment: str) -> None:
    done = subprocess.run(command, env=environment or None, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _ask(address: str, statement: str) -> list[tuple]:
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


class Standby:
    """A replica in a folder of its own, on a socket in its data folder."""

    def __init__(self, primary: Cluster, home: Path) -> None:
        self.programs, self.data = find_postgres()[0].programs, home / "standby"
        self.socket = Path(tempfile.mkdtemp(prefix="wangge-s-"))
        for path in (self.data, self.socket):
            path.mkdir(mode=0o700, exist_ok=True)
            give_to_server(path)
        source = f"host={socket_folder(primary.place)} user=wangge"
        self.act("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d", source, "-D", str(self.data))
        (self.data / "wangge.conf").write_text(f"listen_addresses = ''\nunix_socket_directories = '{self.socket}'\n")
        log = self.data / "log"
        self.act("pg_ctl", "start", "-w", "-D", str(self.data), "-l", str(log), "-s")
        self.address = f"postgresql://wangge@/wangge?host={self.socket}"

    def stop(self) -> None:
        """As when its machine goes down."""
        self.act("pg_ctl", "stop", "-m", "immediate", "-D", str(self.data))

    def act(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile("w+") as told:  # a started server would hold a pipe open
            command = [str(self.programs / program), *arguments]
            done = subprocess.run(command, cwd="/", stdout=told, stderr=told, check=False, **as_server())
            told.seek(0)
            assert done.returncode == 0, told.read()


@pytest.fixture
def standby(primary: Cluster, folder: Path) -> Iterator[Standby]:
    made = Standby(primary, primary.place)
    try:
        yield made
    finally:
        subprocess.run(
            [made.programs / "pg_ctl", "stop", "-m", "immediate", "-D", made.data], check=False, **as_server()
        )
        shutil.rmtree(made.socket, ignore_errors=True)


class Pages:
    """The real server before both, and a browser of Li's that asks it for tiles of the street."""

    def __init__(self, primary: Cluster, folder: Path, replica: str, session: str, secret: str) -> None:
        port = free_port("127.0.0.1")
        self.url = f"http://127.0.0.1:{port}"
        own = {"REPLICA_URL": replica, "WANGGE_SERVING": "1", "METRICS_TOKEN": TOKEN, "PORT": str(port)}
        command = [*_granian("wsgi", port), "--blocking-threads", "2", "web.wsgi:application"]
        environment = _settings(primary, folder) | own | {"SECRET_KEY": secret}
        self.process = Process(command, environment, folder / "log", f"{self.url}/healthz")
        self._cookie = {"Cookie": f"sessionid={session}"}

    def mark(self) -> str:
        """Names the state of the areas that a tile shows."""
        asked = urllib.request.Request(f"{self.url}/tiles/areas/10/843/387.mvt", headers=self._cookie)  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own address
            return answer.headers["ETag"]

    def mark_by_replica(self) -> str:
        """The same, once the replica has answered: a busy machine may need several tries."""
        before = self.served().get("replica", 0)
        found = [self.mark()]
        assert wait_until(lambda: self.served().get("replica", 0) > before or found.append(self.mark()), 60)
        return found[-1]

    def served(self) -> dict[str, float]:
        """How many readings each of the two answered."""
        asked = urllib.request.Request(f"{self.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own address
            told = answer.read().decode()
        return {by: float(n) for by, n in re.findall(r'wangge_replica_reads_total\{by="(\w+)"\} (\S+)', told)}


@pytest.fixture
def session(own_town: str) -> str:
    """Li's, which goes along with the backup."""
    browser = Browser()
    browser.force_login(User.objects.get(username="li"), backend="web.sign_in.PostingsBackend")
    return browser.cookies["sessionid"].value


@pytest.mark.slow
def test_the_pages_read_from_it_and_go_on_without_it(session, primary, standby, folder: Path) -> None:
    database = addresses(primary)["DATABASE_URL"]
    pages = Pages(primary, folder, standby.address, session, django_settings.SECRET_KEY)
    pages.process.start()
    try:
        first = pages.mark_by_replica()
        _write(database)
        assert pages.mark() != first  # whoever answers knows what was written
        second = pages.mark_by_replica()
        assert second != first
        _ask(standby.address, "SELECT pg_wal_replay_pause()")
        _write(database)
        answered = pages.served()["replica"]
        third = pages.mark()
        assert third != second
        _ask(standby.address, "SELECT pg_wal_replay_resume()")
        assert pages.served()["replica"] == answered
        assert pages.mark_by_replica() == third
        standby.stop()
        _write(database)
        assert pages.mark() != third
    finally:
        pages.process.stop()
    assert "the replica does not serve: it is behind" in (folder / "log").read_text()


def _write(database: str) -> None:
    _ask(database, "UPDATE grid_area SET name = name || '.' RETURNING 1")


@pytest.mark.slow
def test_doctor_looks_at_it(session, primary, standby, monkeypatch) -> None:
    database = addresses(primary)["DATABASE_URL"]
    connection.close()
    with monkeypatch.context() as patch:
        for name, value in {"HOST": str(socket_folder(primary.place)), "NAME": "wangge"}.items():
            patch.setitem(connection.settings_dict, name, value)
        patch.setenv("REPLICA_URL", standby.address)
        assert list(checking.replica(False)) == []
        _ask(standby.address, "SELECT pg_wal_replay_pause()")
        _ask(database, "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 20)")
        _write(database)
        assert ["MB of log behind" in one.message for one in checking.replica(False)] == [True]
        standby.stop()
        assert [one.message for one in checking.replica(False)] == ["The replica does not answer."]
        patch.setenv("REPLICA_URL", database)
        assert ["takes writes" in one.message for one in checking.replica(False)] == [True]
        connection.close()


@pytest.mark.slow
def test_what_is_under_way_on_the_primary_does_not_seem_seen(primary, standby) -> None:
    """A copy in memory that asks the replica for the moment reads it again when it has ended."""
    database = addresses(primary)["DATABASE_URL"]
    with psycopg.connect(database) as writing:
        (under_way,) = writing.execute("SELECT pg_current_xact_id()::text").fetchone()
        writing.execute("CREATE TABLE under_way (one int)")
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("CREATE TABLE later (one int)")  # begun after it, ended before
        asked = "SELECT count(*) FROM pg_class WHERE relname = 'later'"
        assert wait_until(lambda: _ask(standby.address, asked) == [(1,)], 30)
        ((snapshot,),) = _ask(standby.address, f"SELECT {CURRENT}")
    seen = f"SELECT pg_visible_in_snapshot('{under_way}'::xid8, '{snapshot}'::pg_snapshot)"
    assert _ask(database, seen) == [(False,)]


@pytest.mark.slow
def test_the_walls_hold_there(primary, standby) -> None:
    """The runtime login sees no person without a scope, and those of a scope within it; it writes nothing."""
    login = standby.address.replace("wangge@", "wangge_app@")
    with psycopg.connect(login) as there, psycopg.connect(addresses(primary)["DATABASE_URL"]) as here:
        there.execute("SELECT 1")
        goal = here.execute("SELECT count(*) FROM grid_resident WHERE starts_with(area, %s)", [STREET]).fetchone()
        asked = "SELECT count(*) FROM grid_resident"
        assert there.execute(asked).fetchone() == (0,)
        there.execute("SELECT set_config('app.scope', %s, true)", [STREET])
        assert there.execute(asked).fetchone() == goal
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            there.execute("DELETE FROM grid_reading")
