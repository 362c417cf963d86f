"""The archive of a private cluster (WAL_ARCHIVE): copies of its whole folder, and every piece of its log since.

From both any moment after the oldest copy can be come back to (`recovering`). `base/` holds a folder for each copy,
named after the moment at which it was whole; `log/` the pieces of the log, each 16 MB, packed.
"""

import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from web.start.owner import give_to_server, reachable
from web.start.problems import CannotStart

#: Copies that are kept.
KEPT = 2
_NAME = "%Y%m%dT%H%M%SZ"
_PIECE = re.compile(r"([0-9A-F]{24})(?:\.[0-9A-F]{8}\.backup)?\.gz")


def archive_of_settings() -> Path | None:
    """The folder that WAL_ARCHIVE names; None where nothing is archived."""
    named = os.environ.get("WAL_ARCHIVE")
    return Path(named).absolute() if named else None


def prepare(archive: Path) -> None:
    """Make its folders, closed to others. Raises CannotStart where the server's user could not write there."""
    for folder in (archive, archive / "base", archive / "log"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        give_to_server(folder)
    if "'" in str(archive) or "%" in str(archive) or not reachable(archive):
        raise CannotStart(
            f"The database server cannot reach {archive}.",
            "let WAL_ARCHIVE name a folder that others may pass through to, without ' and % in its name.",
        )


def settings(archive: Path) -> dict[str, str]:
    """What PostgreSQL is told: a piece at least every five minutes, whole or not at all, never over another.

    After a crash it hands over again what is there; a piece that is the same is no trouble.
    """
    piece = f"{archive}/log/%f.gz"
    taken = f'gzip -c "%p" > "{piece}.part" && sync "{piece}.part" && mv "{piece}.part" "{piece}"'
    command = f'if test -f "{piece}"; then gzip -dc "{piece}" | cmp -s - "%p"; else {taken}; fi'
    return {"archive_mode": "on", "archive_timeout": "300", "archive_command": f"'{command}'"}


def fetching(archive: Path) -> str:
    """The command that brings a piece back."""
    return f'gzip -dc "{archive}/log/%f.gz" > "%p"'


def name_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_NAME)


def bases(archive: Path) -> list[tuple[datetime, Path]]:
    """The copies that are whole, each with its moment, the newest first."""
    found = [path for path in (archive / "base").glob("*Z") if (path / "backup_manifest").is_file()]
    dated = [(datetime.strptime(path.name, _NAME).replace(tzinfo=UTC), path) for path in found]
    return sorted(dated, reverse=True)


def base_before(archive: Path, moment: datetime) -> Path:
    """The newest copy that was whole at a moment. Raises CannotStart where there is none."""
    known = bases(archive)
    for at, path in known:
        if at <= moment:
            return path
    oldest = f"The oldest is of {known[-1][0].isoformat()}." if known else "There is none at all."
    raise CannotStart(f"The archive has no copy from before that moment. {oldest}", "choose a later moment.")


def pieces(archive: Path) -> list[str]:
    """Names of the pieces of the log, in order."""
    return sorted(path.name[:24] for path in (archive / "log").glob("*.gz") if len(path.name) == 27)


def prune(archive: Path) -> None:
    """Delete the copies but the newest ones, and the log from before the oldest that is left."""
    for _at, path in bases(archive)[KEPT:]:
        shutil.rmtree(path)
    first = _first_piece(bases(archive)[-1][1])
    for path in (archive / "log").iterdir():
        named = _PIECE.fullmatch(path.name)
        if named and named[1][8:] < first:
            path.unlink()


def _first_piece(base: Path) -> str:
    """The last 16 digits of the piece at which a copy begins; the 8 before are the timeline."""
    begins = json.loads((base / "backup_manifest").read_text())["WAL-Ranges"][0]["Start-LSN"]
    high, low = (int(part, 16) for part in begins.split("/"))
    return f"{high:08X}{low >> 24:08X}"
