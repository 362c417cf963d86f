"""Restoring: into a database of its own, held against the manifest, then put in the old one's place by two renames.

Until the renames, which are one transaction, nothing that is in use was touched. The old database is kept beside it
until `restore --drop-old`. Media files are added to those that are there: their names are random and never reused.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from gis.errors import BadFile, WanggeError
from web.operation.backup.making import MediaSum, Tell, media_digest
from web.operation.backup.people_key import check_keys, check_opens
from web.operation.backup.reading import Opening, damaged, members, read_about
from web.operation.backup.rights import check_sees, check_swap, ensure_roles, template
from web.operation.backup.server import address, complaint, connect, start
from web.operation.backup.sums import differences, sequences, sums, walls

_PIECE = 1 << 20


def check_backup(opening: Opening, tell: Tell) -> dict:
    """Restore into an empty database, compare every row and file, and drop it again. The manifest. Raises BadFile."""
    name = f"{connection.settings_dict['NAME']}_checking"
    with _new_database(name), _reader(opening, name, None, tell) as manifest:
        _compare(name, manifest, tell)
    return manifest


def restore(opening: Opening, tell: Tell, *, without_key: bool = False, disconnect: bool = False) -> tuple[dict, str]:
    """Put a backup in the place of what is there. The manifest, and the name under which the old database is kept.

    Raises BadFile, WanggeError: then everything is as it was.
    """
    with connect("postgres") as outside:
        check_swap(outside)
        check_unused(outside, disconnect)
    name = f"{connection.settings_dict['NAME']}_restoring"
    media = Path(settings.MEDIA_ROOT).with_name("media.restoring")
    with _new_database(name), _folder(media), _reader(opening, name, media, tell) as manifest:
        if not without_key:
            check_keys(manifest["people_keys"])
        _compare(name, manifest, tell)
        with connect(name) as new:
            if not without_key:
                check_opens(new)
            _start_numbers_anew(new)
        _add_media(media, Path(settings.MEDIA_ROOT))
        kept = _swap(name, disconnect)
    return manifest, kept


@contextmanager
def _reader(opening: Opening, name: str, media: Path | None, tell: Tell) -> Iterator[dict]:
    """Everything read and written; the block runs when the last byte of the seal was good."""
    manifest: dict = {}
    with members(opening) as found:
        about = read_about(*next(found, ("", None)))
        with connect("postgres") as outside:
            ensure_roles(outside, about["owner"])
        total = _read(found, name, about["server"] // 10000, media, tell, manifest)
    if not manifest:
        raise damaged()
    if manifest["media"] != total.told():
        raise BadFile("The media files of the backup are not those of its manifest.", fix="Take an older backup.")
    yield manifest


def _read(found, name: str, major: int, media: Path | None, tell: Tell, manifest: dict) -> MediaSum:
    total, written = MediaSum(), 0
    with _pg_restore(name, major) as pipe:
        for member, content in found:
            kind, _, rest = member.partition("/")
            if kind == "media":
                _take_file(rest, content, media, total)
            elif kind == "database":
                written += _feed(pipe, content)
                if written >> 26 != (written - _PIECE) >> 26:
                    tell(f"database: {written / 1e6:,.0f} MB restored")
            elif member == "manifest.json":
                manifest.update(json.loads(content.read()))
    return total


def _feed(pipe, content: BinaryIO) -> int:
    piece = content.read()
    with suppress(BrokenPipeError):  # pg_restore has given up: it says why when it is waited for
        pipe.write(piece)
    return len(piece)


@contextmanager
def _pg_restore(name: str, major: int) -> Iterator[BinaryIO]:
    with connect() as here:
        major = max(major, here.info.server_version // 10000)
    options = ["--exit-on-error", "--no-owner", "--no-comments", "--dbname", address(name)]
    program = start("pg_restore", *options, major=major, stdin=subprocess.PIPE)
    try:
        yield program.stdin
        with suppress(BrokenPipeError):
            program.stdin.close()
        if program.wait():
            raise WanggeError(f"pg_restore refused: {complaint(program.stderr)}", fix="Mend that, then run it again.")
    finally:
        program.kill()
        program.wait()
        with suppress(BrokenPipeError):
            program.stdin.close()
        program.stderr.close()


def _take_file(name: str, content: BinaryIO, media: Path | None, total: MediaSum) -> None:
    """Checksum a file, and write it where there is somewhere to write."""
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise damaged()
    digest, size = media_digest(name), 0
    path = media / name if media else Path(os.devnull)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        if media:
            file.flush()
            os.fsync(file.fileno())
    total.add(digest, size)


def _add_media(new: Path, there: Path) -> None:
    """Move the files in. One of that name that is another file is kept beside it."""
    for folder, _folders, names in os.walk(new):
        for name in names:
            source = Path(folder, name)
            target = there / source.relative_to(new)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if target.exists() and _content(target) != _content(source):
                target.rename(target.with_name(f"{name}.{int(time.time())}.before"))
            source.replace(target)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _new_database(name: str) -> Iterator[None]:
    """An empty database for the block, gone afterwards unless it was renamed; what a killed run left goes first."""
    dropping = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with connect("postgres") as outside:
        (lock,) = outside.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
        if not lock:
            raise WanggeError("Another restore is running.", fix="Wait until it has ended.")
        outside.execute(dropping)
        check_sees(outside)
        parts = map(sql.Identifier, (name, template(outside)))
        outside.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(*parts))
        try:
            yield
        finally:
            outside.execute(dropping)


def _compare(name: str, manifest: dict, tell: Tell) -> None:
    tell("comparing every row with the manifest")
    with connect(name) as new:
        found = {"walls": walls(new), "sequences": sequences(new), "tables": sums(new)}
        new.execute("ANALYZE")
    if wrong := differences(manifest, found):
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise BadFile(
            f"What was restored is not what was backed up: {'; '.join(wrong[:3])}{more}.", fix="Take an older backup."
        )


#: Columns that carry the number of the transaction that wrote the row.
_NUMBERED = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name LIKE 'grid\\_%' AND column_name IN ('transaction', 'changed')
AND data_type = 'bigint'"""


def _start_numbers_anew(new: psycopg.Connection) -> None:
    """Another server counts its transactions from another number. A row of a later one would be news for ever, and a
    feed that stands at a later one would miss all that comes: rows count as written now, feeds look at everybody."""
    with new.transaction():
        for table, column in new.execute(_NUMBERED).fetchall():
            parts = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            new.execute(sql.SQL("ALTER TABLE {table} DISABLE TRIGGER USER").format(**parts))
            new.execute(
                sql.SQL(
                    "UPDATE {table} SET {column} = pg_current_xact_id()::text::bigint"
                    " WHERE {column} > pg_current_xact_id()::text::bigint"
                ).format(**parts)
            )
            new.execute(sql.SQL("ALTER TABLE {table} ENABLE TRIGGER USER").format(**parts))
        new.execute("UPDATE grid_subscription SET seen = ''")


#: The server needs a moment to notice that somebody, we ourselves a moment ago, has gone.
_FAREWELL_S = 2.0
#: Sessions of people and programs; the server's own workers have no login.
_SESSIONS = "FROM pg_stat_activity WHERE datname = ANY(%s) AND usename IS NOT NULL"


def check_unused(outside: psycopg.Connection, disconnect: bool) -> None:
    """Raises WanggeError where somebody is connected. A server that works on would keep in memory what it read of the
    database before, and lose what it writes from now on."""
    connection.close()
    until = time.monotonic() + _FAREWELL_S
    while number := _sessions(outside):
        if disconnect:
            return
        if time.monotonic() > until:
            raise WanggeError(
                f"The database is in use: {number} connections.",
                fix="Stop the web server and whatever else uses it, then restore; or give --disconnect, and start the"
                " server again afterwards.",
            )
        time.sleep(0.05)


def _sessions(outside: psycopg.Connection) -> int:
    return outside.execute(f"SELECT count(*) {_SESSIONS}", [[connection.settings_dict["NAME"]]]).fetchone()[0]


def _swap(name: str, disconnect: bool) -> str:
    """Both renames in one transaction: there is always a database of that name, the old one or the new."""
    usual = connection.settings_dict["NAME"]
    kept = f"{usual}_before_{time.strftime('%Y%m%d_%H%M%S', time.gmtime())}"
    with connect("postgres") as outside:
        for _attempt in range(50):
            check_unused(outside, disconnect)
            _end_sessions(outside, [usual, name])
            with suppress(psycopg.errors.ObjectInUse), outside.transaction():
                for before, after in ((usual, kept), (name, usual)):
                    outside.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(before), sql.Identifier(after))
                    )
                return kept
    raise WanggeError("The database is in use.", fix="Stop whatever uses it (`manage.py down`), then restore again.")


def _end_sessions(outside: psycopg.Connection, names: list[str]) -> None:
    try:
        outside.execute(f"SELECT pg_terminate_backend(pid) {_SESSIONS}", [names])
    except psycopg.errors.InsufficientPrivilege:
        raise WanggeError(
            "This login may not end the others' connections.", fix="Stop whatever uses the database, then restore."
        ) from None


def old_databases() -> list[str]:
    """Databases that restores have put aside."""
    pattern = connection.settings_dict["NAME"].replace("_", r"\_") + r"\_before\_%"
    with connect("postgres") as outside:
        found = outside.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [pattern])
        return [name for (name,) in found.fetchall()]


def drop_old() -> list[str]:
    """Drop them; which they were."""
    names = old_databases()
    with connect("postgres") as outside:
        for name in names:
            outside.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    return names
