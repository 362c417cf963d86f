"""A real PgBouncer in front of the test server, pooling transactions."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from web.start import debian
from web.start.owner import as_server, give_to_server
from web.start.problems import CannotStart
from web.start.processes import wait_until

PORT = "6432"


def find_pgbouncer() -> str:
    """Path of the program, installed where root may; else the test is skipped, and it is said."""
    if not _found():
        try:
            debian.install(["pgbouncer"], "PgBouncer")
        except CannotStart as problem:
            pytest.skip(f"no PgBouncer: {problem.message} To run it: {problem.fix}")
    return _found() or pytest.fail("PgBouncer is not to be found, although its package is installed.")


def _found() -> str | None:
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")


@contextmanager
def a_pooler(connections: int) -> Iterator[str]:
    """The folder of the socket on which it listens; it opens so many connections to each database, no more."""
    program, folder = find_pgbouncer(), Path(tempfile.mkdtemp(prefix="wangge-pooler-"))
    give_to_server(folder)
    place = connection.settings_dict
    port = f" port={place['PORT']}" if place["PORT"] else ""
    (folder / "logins").write_text(f'"wangge_app" "{place["PASSWORD"]}"\n"{place["USER"]}" "{place["PASSWORD"]}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={place['HOST']}{port}\n"
        f"[pgbouncer]\npool_mode = transaction\nunix_socket_dir = {folder}\nlisten_port = {PORT}\n"
        f"auth_type = trust\nauth_file = {folder}/logins\nlogfile = {folder}/log\n"
        f"default_pool_size = {connections}\nmax_client_conn = 100\n"
    )
    for path in folder.iterdir():
        give_to_server(path)
    process = subprocess.Popen([program, "-q", str(folder / "ini")], cwd="/", **as_server())
    try:
        assert wait_until((folder / f".s.PGSQL.{PORT}").exists, 20), (folder / "log").read_text()
        yield str(folder)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


def address_by(folder: str, name: str, login: str = "wangge_app") -> str:
    """An address of a database by a pooler."""
    return f"postgresql://{login}@/{quote(name)}?host={quote(folder, safe='')}&port={PORT}"
