"""A private PostgreSQL cluster: made, started, recovered after a kill, stopped.

A checkout has up to two, each in its own folder under `.wangge/`: `database` for the product, `test` for its tests.
Inside it, `cluster` is PostgreSQL's data folder; `socket` names the folder of its Unix socket.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from web.start import debian, processes, tuning
from web.start.archive import archive_of_settings, prepare
from web.start.checkout import Checkout, locked
from web.start.contents import drop_remains, prepare_contents
from web.start.owner import as_server, give_to_server, place_for, server_user
from web.start.postgres import Postgres, ensure_postgres, find_postgres, missing_packages
from web.start.problems import CannotStart, explain_output
from web.start.say import part, step
from web.start.sockets import drop_socket_folder, make_socket_folder, socket_folder


@dataclass(frozen=True)
class Cluster:
    """One private cluster in the folder `home`. `durable=False` gives up safety at power loss for speed (tests);
    `archive` is where its log is kept, if anywhere."""

    home: Path
    durable: bool = True
    archive: Path | None = None

    @property
    def place(self) -> Path:
        return place_for(self.home)

    @property
    def data(self) -> Path:
        return self.place / "cluster"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"


def product_cluster(checkout: Checkout) -> Cluster:
    return Cluster(checkout.data / "database", archive=archive_of_settings())


def tests_cluster(checkout: Checkout) -> Cluster:
    return Cluster(checkout.data / "test", durable=False)


def addresses(cluster: Cluster) -> dict[str, str]:
    """What Django must know: the owner's login and the server's, by the names of their settings."""
    folder = quote(str(socket_folder(cluster.place)), safe="")
    return {
        "DATABASE_URL": f"postgresql://wangge@/wangge?host={folder}",
        "DATABASE_RUNTIME_URL": f"postgresql://wangge_app@/wangge?host={folder}",
    }


def ensure_running(cluster: Cluster) -> None:
    """Make, start or recover a cluster, whatever state it was left in.

    Raises:
        CannotStart: no PostgreSQL, data of another version, full or read-only disk, and what PostgreSQL says.
    """
    with part("database"):
        if is_ready(cluster):
            return
        with locked(cluster.home / "lock", "the database"):
            if not is_ready(cluster):
                _start(cluster)


def is_ready(cluster: Cluster) -> bool:
    """True when the server runs, its socket is there and its contents were prepared."""
    folder = socket_folder(cluster.place)
    return bool(
        folder and (folder / ".s.PGSQL.5432").exists() and server_pid(cluster) and _ready_mark(cluster).exists()
    )


def server_pid(cluster: Cluster) -> int | None:
    """Process number of this cluster's server, None when it does not run.

    The number in `postmaster.pid` alone proves nothing: after a crash another program may carry it.
    """
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None
    return pid if processes.program_of(pid) == "postgres" and processes.works_in(pid, cluster.data) else None


def stop(cluster: Cluster) -> bool:
    """Stop the server, ending its sessions. False when it did not run."""
    pid = server_pid(cluster)
    if pid is None:
        return False
    os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown: open transactions are rolled back
    if not processes.wait_until(lambda: not processes.is_alive(pid), 60):
        raise CannotStart(f"The database did not stop within a minute (process {pid}).", f"look into {cluster.log}.")
    drop_socket_folder(cluster.place)
    return True


@contextmanager
def in_use(cluster: Cluster) -> Iterator[None]:
    """Keep a cluster running for a block, and stop it when this was the last of those who use it."""
    cluster.home.mkdir(parents=True, exist_ok=True)
    with _users(cluster).open("a") as mine:
        fcntl.flock(mine, fcntl.LOCK_SH)
        ensure_running(cluster)
        try:
            yield
        finally:
            mine.close()
            stop_unused(cluster)


def stop_unused(cluster: Cluster) -> bool:
    """Stop the server unless somebody uses it (`in_use`). False when it goes on, or did not run."""
    with _users(cluster).open("a") as all_:
        try:
            fcntl.flock(all_, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return stop(cluster)


def _users(cluster: Cluster) -> Path:
    """The file that is locked by whoever uses the cluster; the kernel unlocks it for one that was killed."""
    return cluster.home / "users"


def sweep(cluster: Cluster) -> None:
    """Drop what killed test runs left in a running cluster."""
    folder, postgres = socket_folder(cluster.place), find_postgres(data_version(cluster))
    if folder and postgres:
        drop_remains(postgres[0], folder)


def _start(cluster: Cluster) -> None:
    server_user()  # refuses a user whom PostgreSQL would refuse
    postgres = _program_for(cluster)
    if not (cluster.data / "PG_VERSION").exists():
        _create(cluster, postgres)
    if server_pid(cluster):
        stop(cluster)  # its socket was swept away, or its contents were never finished
    _clear_remains(cluster)
    folder = make_socket_folder(cluster.place)
    if cluster.archive:
        prepare(cluster.archive)
        _write_access(cluster.data)
    (cluster.data / "wangge.conf").write_text(
        tuning.settings(str(folder), durable=cluster.durable, archive=cluster.archive)
    )
    launch(cluster, postgres)
    prepare_contents(postgres, folder, _ready_mark(cluster))
    step(f"database: PostgreSQL {postgres.major} with PostGIS {postgres.postgis} is running")


def _ready_mark(cluster: Cluster) -> Path:
    return cluster.data / "wangge.ready"


def data_version(cluster: Cluster) -> int | None:
    """Major version of PostgreSQL that wrote the data folder, None when there is none."""
    try:
        return int((cluster.data / "PG_VERSION").read_text().partition(".")[0])
    except (OSError, ValueError):
        return None


def _program_for(cluster: Cluster) -> Postgres:
    """The PostgreSQL that can read the data folder, or the newest for a new one."""
    major = data_version(cluster)
    found = find_postgres(major)
    if found:
        return found[0]
    others = find_postgres()
    if major is None or not others:
        return ensure_postgres(major)
    if debian.may_install() and debian.offered(f"postgresql-{major}-postgis-3"):
        return ensure_postgres(major)
    raise _other_version(cluster, major, others[0].major)


def _other_version(cluster: Cluster, major: int, present: int) -> CannotStart:
    return CannotStart(
        f"The data in {cluster.data} was written by PostgreSQL {major}, and this machine has {present}.",
        f"install PostgreSQL {major} with PostGIS beside it ({debian.line_to_run(missing_packages(major))}).\n"
        f"     Or, to begin anew and keep the old data aside: mv {cluster.home} {cluster.home}-{major}",
    )


def _create(cluster: Cluster, postgres: Postgres) -> None:
    """initdb beside the final folder, then rename: a start that is killed here leaves nothing half made."""
    step("creating the database cluster")
    new = cluster.place / "cluster.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    give_to_server(new)
    options = [
        "--username=wangge",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=peer",
    ]
    done = server_program([str(postgres.programs / "initdb"), *options, *_unsynced(cluster), "-D", str(new)])
    if done.returncode:
        raise explain_output(done.stdout, new) or CannotStart(
            f"PostgreSQL could not create its data folder: {_complaint(done.stdout)}",
            "correct that, then run this again.",
        )
    _write_access(new)
    with (new / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'wangge.conf'\n")
    new.rename(cluster.data)


def _unsynced(cluster: Cluster) -> list[str]:
    return [] if cluster.durable else ["--no-sync"]


def _write_access(data: Path) -> None:
    """Who may sign in: on the socket only, and only the user who started Wangge and the server's own user.

    The kernel names the connecting user (`peer`), so no password lies about and a second wall stands behind the closed
    socket folder. The map is needed because root starts Wangge while the server runs as `postgres`.
    """
    users = dict.fromkeys([server_user(), "root"] if os.geteuid() == 0 else [server_user()])
    (data / "pg_hba.conf").write_text(
        "local all wangge,wangge_app peer map=wangge\nlocal replication wangge peer map=wangge\n"
    )
    lines = [f'wangge "{user}" {role}\n' for user in users for role in ("wangge", "wangge_app")]
    (data / "pg_ident.conf").write_text("".join(lines))


def _clear_remains(cluster: Cluster) -> None:
    """Take away what a killed server left. Its children may still write for a moment: they must be gone first."""
    if not (cluster.data / "postmaster.pid").exists():
        return
    step("recovering: the database was not stopped cleanly")
    orphans = [pid for pid in processes.all_pids() if processes.works_in(pid, cluster.data)]
    processes.stop_processes(orphans)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def launch(cluster: Cluster, postgres: Postgres) -> None:
    """Start the server of a data folder. Raises CannotStart with what it said."""
    _trim(cluster.log)
    cluster.log.touch()
    give_to_server(cluster.log)
    began = cluster.log.stat().st_size
    command = [str(postgres.programs / "pg_ctl"), "start", "-w", "-t", "120", "-s", "-D", str(cluster.data)]
    done = server_program([*command, "-l", str(cluster.log)])
    if done.returncode:
        said = cluster.log.read_text(errors="replace")[began:]
        raise explain_output(said + done.stdout, cluster.data) or CannotStart(
            f"The database did not start: {_complaint(said or done.stdout)}", f"look into {cluster.log}."
        )


def _trim(log: Path) -> None:
    """Keep one older log of at most some megabytes."""
    if log.exists() and log.stat().st_size > 4_000_000:
        log.replace(log.with_suffix(".log.old"))


def _complaint(text: str) -> str:
    lines = text.strip().splitlines()
    loud = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))]
    return (loud or lines or ["no reason given"])[-1].strip()


def server_program(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user. Its output goes through a file: a started server would
    hold a pipe open for ever."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            check=False, **as_server(),
        )  # fmt: skip
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read())
