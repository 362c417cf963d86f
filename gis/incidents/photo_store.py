"""Where photos lie: files of random names under the data folder, reached through a row of the database only.

A file is written whole before its row is committed, so there is never a row without its file. A crash in between leaves
a file that nothing names; it is never shown, and cleared a day later.
"""

import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings

from gis.incidents.photo import Photo

_NAME = re.compile(r"[0-9a-f]{40}")
_SIZES = ("full", "small")
#: Seconds after which a file without a row is taken for left over: far longer than any transaction.
_AGE = 24 * 3600


def keep(photo: Photo) -> str:
    """Store both sizes of a photo; the name to find them by."""
    name = secrets.token_hex(20)
    for size, content in (("full", photo.full), ("small", photo.small)):
        _write(_path(name, size), content)
    return name


def read(name: str, size: str) -> bytes:
    """A stored photo, `full` or `small`. Raises FileNotFoundError where there is none."""
    return _path(name, size).read_bytes()


def is_there(name: str) -> bool:
    """Whether both sizes of a photo are stored."""
    return all(_path(name, size).is_file() for size in _SIZES)


def forget(name: str) -> None:
    """Remove what no row names."""
    for size in _SIZES:
        _path(name, size).unlink(missing_ok=True)


def clear_orphans(named, now: float | None = None, *, only_count: bool = False) -> int:
    """Remove the files that are a day old and that no row names; how many photos went, or would.

    `named(names)` tells which of some names are those of rows.
    """
    oldest = (time.time() if now is None else now) - _AGE
    gone = 0
    for folder in _root().glob("[0-9a-f][0-9a-f]"):
        old = {file.name.partition(".")[0] for file in folder.iterdir() if file.stat().st_mtime < oldest}
        for name in old - named(old):
            for file in [] if only_count else folder.glob(f"{name}.*"):
                file.unlink(missing_ok=True)
            gone += 1
    return gone


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "photos"


def _path(name: str, size: str) -> Path:
    if not _NAME.fullmatch(name) or size not in _SIZES:
        raise FileNotFoundError(name)
    return _root() / name[:2] / f"{name}.{size}.jpg"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".new")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
