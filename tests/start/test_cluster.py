"""A private cluster: it …"""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from web.start import owner, processes
from web.start.cluster import Cluster, addresses, data_version, ensure_running, is_ready, server_pid, stop, sweep
from web.start.postgres import find_postgres
from web.start.problems import CannotStart
from web.start.sockets import socket_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


def ask(cluster: Cluster, statement: str, login: str = "DATABASE_URL", database: str = "wangge") -> list[tuple]:
    address = addresses(cluster)[login].replace("/wangge?", f"/{database}?")
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def kill(cluster: Cluster) -> None:
    pid = server_pid(cluster)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: not processes.is_alive(pid), 10)


def test_it_holds_postgis_and_two_logins(running: Cluster) -> None:
    assert ask(running, "SELECT ST_Area('POLYGON((0 0,1 0,1 1,0 1,0 0))'::geometry)") == [(1.0,)]
    found = ask(running, "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'wangge%' ORDER BY 1")
    assert found == [("wangge", True, True), ("wangge_app", False, False)]


def test_it_lets_the_runtime_login_use_but_not_own_new_tables(running: Cluster) -> None:
    ask(running, "CREATE TABLE kept (n int)")
    try:
        ask(running, "INSERT INTO kept VALUES (1)", "DATABASE_RUNTIME_URL")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(running, "DROP TABLE kept", "DATABASE_RUNTIME_URL")
    finally:
        ask(running, "DROP TABLE kept")


def test_it_listens_on_no_port_and_gives_up_no_safety(running: Cluster) -> None:
    names = ("listen_addresses", "fsync", "full_page_writes", "data_checksums", "jit")
    assert [ask(running, f"SHOW {name}")[0][0] for name in names] == ["", "on", "on", "on", "off"]


def test_it_keeps_rows_out_of_its_log(running: Cluster) -> None:
    ask(running, "CREATE TABLE person (number text UNIQUE)")
    try:
        ask(running, "INSERT INTO person VALUES ('110101199003070000')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(running, "INSERT INTO person VALUES ('110101199003070000')")
    finally:
        ask(running, "DROP TABLE person")
    log = running.log.read_text()
    assert "duplicate key" in log
    assert "110101199003070000" not in log


def test_it_is_started_once_however_often_it_is_asked(running: Cluster) -> None:
    before = server_pid(running)
    ensure_running(running)
    assert server_pid(running) == before


def test_it_comes_back_after_a_kill_with_every_acknowledged_row(running: Cluster) -> None:
    ask(running, "CREATE TABLE kept (n int)")
    written = 0
    with psycopg.connect(addresses(running)["DATABASE_URL"], autocommit=True) as connection:
        for written in range(1, 200):
            connection.execute("INSERT INTO kept VALUES (%s)", [written])
            if written == 150:
                break
        kill(running)
    ensure_running(running)
    assert ask(running, "SELECT count(*), max(n) FROM kept") == [(150, written)]
    ask(running, "DROP TABLE kept")


def test_it_comes_back_where_those_who_used_it_look_for_it(running: Cluster) -> None:
    before = addresses(running)
    os.kill(server_pid(running), signal.SIGKILL)
    ensure_running(running)
    assert addresses(running) == before


def test_it_starts_although_its_pid_belongs_to_another_program_now(running: Cluster) -> None:
    kill(running)
    pid_file = running.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert server_pid(running) is None
    ensure_running(running)
    assert ask(running, "SELECT 1") == [(1,)]


def test_it_starts_again_when_its_socket_was_swept_away(running: Cluster) -> None:
    folder = socket_folder(running.place)
    assert folder is not None
    shutil.rmtree(folder)
    assert not is_ready(running)
    ensure_running(running)
    assert ask(running, "SELECT 1") == [(1,)]


def test_it_starts_once_when_several_ask_at_a_time(running: Cluster) -> None:
    stop(running)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ensure_running(running), range(4)))
    servers = [pid for pid in processes.all_pids() if processes.works_in(pid, running.data)]
    assert [pid for pid in servers if pid == server_pid(running)] == [server_pid(running)]
    assert ask(running, "SELECT 1") == [(1,)]


def test_it_stops_and_says_whether_it_ran(running: Cluster) -> None:
    folder = socket_folder(running.place)
    assert folder is not None
    assert stop(running) is True
    assert not folder.exists()
    assert stop(running) is False
    assert server_pid(running) is None


def test_it_closes_its_socket_folder_to_others(running: Cluster) -> None:
    folder = socket_folder(running.place)
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(f"{folder}/.s.PGSQL.5432".encode()) <= 107


def test_it_trusts_no_socket_folder_that_somebody_opened(running: Cluster) -> None:
    folder = socket_folder(running.place)
    assert folder is not None
    folder.chmod(0o777)
    assert socket_folder(running.place) is None
    folder.chmod(0o700)


@as_root
def test_it_lets_no_other_user_in(running: Cluster) -> None:
    folder = Path(unquote(addresses(running)["DATABASE_URL"].partition("host=")[2]))
    folder.chmod(0o711)  # past the first wall
    (folder / ".s.PGSQL.5432").chmod(0o777)
    psql = str(find_postgres()[0].programs / "psql")
    command = [psql, "-h", str(folder), "-U", "wangge", "-c", "SELECT 1"]
    try:
        done = subprocess.run(command, user="nobody", capture_output=True, text=True, check=False, cwd="/")
    finally:
        folder.chmod(0o700)
    assert done.returncode != 0
    assert "eer authentication failed" in done.stderr


def test_it_does_not_share_its_server_with_a_copy_of_its_folder(running: Cluster, folder: Path) -> None:
    copied = Cluster(folder / "database")
    stop(running)
    shutil.copytree(running.home, copied.home, symlinks=True)
    for path in [copied.home, *copied.home.rglob("*")]:
        original = (running.home / path.relative_to(copied.home)).stat()
        os.chown(path, original.st_uid, original.st_gid)
    ensure_running(running)
    shutil.copy(running.home / "socket", copied.home / "socket")
    try:
        assert socket_folder(copied.place) is None
        ensure_running(copied)
        assert server_pid(copied) != server_pid(running)
        ask(copied, "CREATE TABLE only_here (n int)")
        assert ask(running, "SELECT to_regclass('only_here')") == [(None,)]
    finally:
        stop(copied)


@as_root
def test_it_lies_elsewhere_when_its_folder_is_closed_to_the_servers_user(folder: Path) -> None:
    home = folder / "closed" / "database"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    try:
        place = owner.place_for(home)
        assert not place.is_relative_to(home)
        assert owner.reachable(place)
        owner.place_for.cache_clear()
        assert owner.place_for(home) == place
    finally:
        owner.forget_place(home)
    assert not place.exists()


@as_root
def test_it_gives_a_copied_checkout_a_place_of_its_own(folder: Path) -> None:
    home, copy = folder / "closed" / "database", folder / "copy" / "database"
    for path in (home, copy):
        path.mkdir(parents=True)
        path.parent.chmod(0o700)
    place = owner.place_for(home)
    shutil.copy(home / "elsewhere", copy / "elsewhere")
    try:
        assert owner.place_for(copy) != place
    finally:
        owner.forget_place(home)
        owner.forget_place(copy)


def test_it_begins_anew_after_a_kill_within_its_making(folder: Path) -> None:
    cluster = Cluster(folder / "database", durable=False)
    half = cluster.home / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    try:
        ensure_running(cluster)
        assert not half.exists()
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        stop(cluster)


def test_it_refuses_data_of_another_version_in_plain_words(folder: Path) -> None:
    cluster = Cluster(folder / "database")
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("11\n")
    assert data_version(cluster) == 11
    with pytest.raises(CannotStart, match="written by PostgreSQL 11, and this machine has") as caught:
        ensure_running(cluster)
    assert "to begin anew" in caught.value.fix


@as_root
def test_it_says_that_the_disk_is_full(folder: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        with pytest.raises(CannotStart, match="is full"):
            ensure_running(Cluster(folder / "database"))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_it_drops_the_databases_of_killed_test_runs_only(running: Cluster) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    dead, alive = f"test_wangge_{gone.stdout.strip()}", f"test_wangge_{os.getpid()}"
    for name in (dead, f"{dead}_copy1", alive):
        ask(running, f"CREATE DATABASE {name}")
    with ThreadPoolExecutor(4) as runs:  # that begin at the same moment
        list(runs.map(sweep, [running] * 4))
    names = {row[0] for row in ask(running, "SELECT datname FROM pg_database WHERE datname LIKE 'test%'")}
    ask(running, f"DROP DATABASE {alive}")
    assert names == {alive}
