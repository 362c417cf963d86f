"""Making a backup: one snapshot of the database, read by pg_dump and by the checksums side by side, and the media.

Inside the seal it is a tar stream: `about.json`, `media/…`, `database/00000001` … (pg_dump's custom format, cut into
pieces because a tar must know a size before it writes) and at the end `manifest.json`, without which nothing is whole.
"""

import hashlib
import json
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils import timezone

from gis.accounts.sign_on_keys import kept_names
from gis.errors import WanggeError
from gis.people.keyring import keyring
from web.operation.backup.fingerprint import fingerprint
from web.operation.backup.rights import check_sees
from web.operation.backup.sealing import Lock, seal
from web.operation.backup.server import address, complaint, connect, start
from web.operation.backup.sums import sequences, sums, walls

FORMAT = 1
_PIECE = 1 << 20
Tell = Callable[[str], None]


def make_backup(path: Path, lock: Lock, tell: Tell) -> dict:
    """Write the backup `path` and return its manifest. What fails leaves no file.

    Raises WanggeError for what stands in the way, OSError for what the disk refuses.
    """
    manifest: dict = {}
    seal(path, _pieces(manifest, tell), lock)
    return manifest


def _pieces(manifest: dict, tell: Tell) -> Iterator[bytes]:
    with connect(autocommit=False) as held, ThreadPoolExecutor(1) as pool:
        held.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        check_sees(held)
        (snapshot,) = held.execute("SELECT pg_export_snapshot()").fetchone()
        about = _about(held)
        summing = pool.submit(_sums, snapshot)
        yield from _member("about.json", _json(about))
        media = yield from _media(tell)
        yield from _database(snapshot, held.info.server_version // 10000, tell)
        tell("comparing: checksums of the rows")
        manifest.update(about, media=media, **summing.result())
    yield from _member("manifest.json", _json(manifest))
    yield b"\0" * 2 * tarfile.BLOCKSIZE


def _about(held: psycopg.Connection) -> dict:
    return {
        "format": FORMAT,
        "at": timezone.now().isoformat(timespec="seconds"),
        "server": held.info.server_version,
        "owner": held.info.user,
        "people_keys": [fingerprint(key) for key in keyring().keys],
        "sign_on_keys": kept_names(),
    }


def _sums(snapshot: str) -> dict:
    """Checksums beside the dump, of the same snapshot; sequences know no snapshot, and only ever go on."""
    with connect(autocommit=False) as beside:
        beside.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        beside.execute("SET TRANSACTION SNAPSHOT " + psycopg.sql.quote(snapshot))
        return {"sequences": sequences(beside), "walls": walls(beside), "tables": sums(beside)}


def _json(told: dict) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _member(name: str, content: bytes) -> Iterator[bytes]:
    yield _head(name, len(content))
    yield content
    yield _fill(len(content))


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def _fill(size: int) -> bytes:
    return b"\0" * (-size % tarfile.BLOCKSIZE)


def _media(tell: Tell) -> Iterator[bytes]:
    """Every whole file of the media folder. The snapshot stands already, so what it names was written before."""
    root, total = Path(settings.MEDIA_ROOT), MediaSum()
    for path in media_files(root):
        try:
            file = path.open("rb")
        except FileNotFoundError:  # deleted since it was listed: so is its row
            continue
        with file:
            yield from _file(file, str(path.relative_to(root)), total)
    tell(f"media: {total.files} files, {total.size / 1e6:,.1f} MB")
    return total.told()


def media_files(root: Path) -> Iterator[Path]:
    """The finished files under the media folder."""
    for folder, _folders, names in os.walk(root):
        yield from (Path(folder, name) for name in names if not name.endswith((".new", ".part")))


def _file(file, name: str, total: "MediaSum") -> Iterator[bytes]:
    size, digest = os.fstat(file.fileno()).st_size, media_digest(name)
    yield _head(f"media/{name}", size)
    left = size
    while left:
        content = file.read(min(_PIECE, left))
        if not content:
            raise WanggeError(f"The file {name} of the media folder was cut while it was read.", fix="Run it again.")
        digest.update(content)
        left -= len(content)
        yield content
    yield _fill(size)
    total.add(digest, size)


def media_digest(name: str):
    """A digest of a file's name, to which its content is added."""
    return hashlib.sha256(name.encode() + b"\0")


class MediaSum:
    """Files, bytes, and a checksum that does not depend on the order in which a disk lists its files."""

    def __init__(self) -> None:
        self.files = self.size = self._sum = 0

    def add(self, digest, size: int) -> None:
        self.files += 1
        self.size += size
        self._sum = (self._sum + int.from_bytes(digest.digest()[:16])) % 2**128

    def told(self) -> dict:
        return {"files": self.files, "bytes": self.size, "sum": f"{self._sum:032x}"}


def _database(snapshot: str, major: int, tell: Tell) -> Iterator[bytes]:
    dump = start(
        "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--dbname", address(), major=major,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        written, number = 0, 0
        while content := dump.stdout.read(_PIECE):
            number += 1
            written += len(content)
            yield from _member(f"database/{number:08}", content)
            if number % 64 == 0:
                tell(f"database: {written / 1e6:,.0f} MB written")
        if dump.wait():
            raise WanggeError(f"pg_dump refused: {complaint(dump.stderr)}", fix="Mend that, then run it again.")
        tell(f"database: {written / 1e6:,.1f} MB")
    finally:
        dump.kill()
        dump.wait()
        dump.stdout.close()
        dump.stderr.close()
