"""What must go on by itself: room on the disk, backups, jobs, the nightly deletion."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from web.operation.backup.record import last_backup
from web.operation.doctor.finding import Finding
from web.start.archive import bases

#: Bytes and share of the disk below which something soon fails.
_ROOM = 2_000_000_000
_SHARE = 0.05
_BACKUP_HOURS = 26
_BASE_DAYS = 8
#: Seconds after which a job that waits says that nobody works, and a worker without a sign of life is dead.
_WAITS = 900
_SILENCE = 300
_NIGHT = 36 * 3600


def disk(_full: bool) -> Iterator[Finding]:
    room = shutil.disk_usage(settings.DATA)
    if room.free < _ROOM or room.free < _SHARE * room.total:
        yield Finding("disk", f"{room.free / 1e9:,.1f} GB are left for {settings.DATA}.", "free some space.")


def backup(_full: bool) -> Iterator[Finding]:
    last = last_backup()
    if last is None:
        yield Finding("backup", "There is no backup.", "python3 manage.py backup FILE --verify")
        return
    if timezone.now() - last.moment > timedelta(hours=_BACKUP_HOURS):
        yield Finding("backup", f"The last backup is of {last.at}.", "back up every night: backup FILE --verify")
    if not last.verified:
        yield Finding("backup", "The last backup was not verified.", "python3 manage.py backup FILE --verify")
    if not Path(last.file).exists():
        yield Finding("backup", "The last backup is not where it was written.", "look for its copy elsewhere.")


def archive(_full: bool) -> Iterator[Finding]:
    """Whether any moment can be come back to, where that is wished."""
    if not settings.WAL_ARCHIVE:
        return
    on, failing = _one(
        "SELECT current_setting('archive_mode') <> 'off',"
        " last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver"
    )
    if not on:
        yield Finding("archive", "The log is not archived yet.", "python3 manage.py down, then up")
    elif failing:
        yield Finding("archive", "The log cannot be archived.", f"look for room and rights in {settings.WAL_ARCHIVE}.")
    newest = next((at for at, _path in bases(Path(settings.WAL_ARCHIVE))), None)
    if on and (newest is None or timezone.now() - newest > timedelta(days=_BASE_DAYS)):
        yield Finding("archive", f"No copy is younger than {_BASE_DAYS} days.", "python3 manage.py backup --base")


def _one(statement: str, *params) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()


def jobs(_full: bool) -> Iterator[Finding]:
    (failed,) = _one(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed' AND id IN (SELECT job_id FROM"
        " procrastinate_events WHERE at > now() - interval '7 days')"
    )
    if failed:
        yield Finding("jobs", f"{failed} jobs failed within a week.", "read the log; then: procrastinate shell")
    (waiting,) = _one(
        "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at, (SELECT max(at)"
        " FROM procrastinate_events e WHERE e.job_id = j.id)) < now() - make_interval(secs => %s)",
        _WAITS,
    )
    if waiting:
        yield Finding("jobs", f"{waiting} jobs wait for more than 15 minutes.", "python3 manage.py up")
    (stalled,) = _one(
        "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id WHERE"
        " j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < now() - make_interval(secs => %s)",
        _SILENCE,
    )
    if stalled:
        yield Finding("jobs", f"{stalled} jobs were left by a dead worker.", "python3 manage.py up")


def retention(_full: bool) -> Iterator[Finding]:
    """The nightly deletion is a duty; a database of today has had no night yet."""
    (last,) = _one("SELECT max(defer_timestamp) FROM procrastinate_periodic_defers WHERE task_name = 'retire'")
    (began,) = _one("SELECT extract(epoch FROM min(applied)) FROM django_migrations")
    if time.time() - float(last or began or time.time()) > _NIGHT:
        yield Finding("retention", "Nothing was deleted last night.", "python3 manage.py retire --yes")
