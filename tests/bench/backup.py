"""`manage.py bench backup`: an encrypted backup with its checksums beside bare `pg_dump` of the same database."""

import subprocess
import tempfile
from pathlib import Path

from django.db import connection
from pyrage import x25519

from tests.bench.clock import in_turn
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from web.operation.backup.making import make_backup
from web.operation.backup.reading import Opening
from web.operation.backup.restoring import check_backup
from web.operation.backup.sealing import new_lock
from web.operation.backup.server import address, start

_HEAD = ["what", "MB of database a second", "seconds", "MB written"]


def measure(*, quick: bool) -> Report:
    """Three rounds in turn, each on the same database; the first of each is not counted."""
    with scratch_database("small" if quick else "town"), tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), rounds=1 if quick else 3)


def _measure(folder: Path, rounds: int) -> Report:
    identity = x25519.Identity.generate()
    lock = new_lock((str(identity.to_public()),))
    ours, bare = folder / "ours.age", folder / "bare.dump"
    times = in_turn({"pg_dump": lambda: _dump(bare), "backup": lambda: _backup(ours, lock)}, rounds)
    check_backup(Opening(ours, identity=identity), _quiet)
    size = _database_size() / 1e6
    rows = [[name, size / took, took, path.stat().st_size / 1e6] for (name, took), path in
            zip(times.items(), (bare, ours), strict=True)]  # fmt: skip
    notes = ["The backup was restored into an empty database and every row compared."]
    named = [
        ("backup.rate", size / times["backup"], "MB/s"),
        ("backup.share", times["pg_dump"] / times["backup"], "of pg_dump's rate"),
    ]
    return Report(_HEAD, rows, named, notes)


def _database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _dump(path: Path) -> None:
    major = connection.pg_version // 10000
    with path.open("wb") as file:
        done = start("pg_dump", "--format=custom", "--dbname", address(), major=major, stdout=file)
    if done.wait():
        raise subprocess.CalledProcessError(done.returncode, "pg_dump")
    done.stderr.close()


def _backup(path: Path, lock) -> None:
    path.unlink(missing_ok=True)
    make_backup(path, lock, _quiet)


def _quiet(_text: str) -> None:
    """Progress that nobody reads."""
