"""The folder of a cluster's Unix socket: short (a socket's path holds 107 bytes), closed to others, one per cluster."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

from web.start.owner import give_to_server, server_user

_LONGEST = 107 - len("/.s.PGSQL.5432")


def socket_folder(place: Path) -> Path | None:
    """The folder the cluster at `place` was last given, if it is still there and the server's."""
    try:
        folder, _, made_for = (place / "socket").read_text().strip().partition("\n")
    except OSError:
        return None
    # A copied checkout brings the original's pointer with it, which is not ours to use.
    return Path(folder) if made_for == str(place) and _is_ours(Path(folder)) else None


def make_socket_folder(place: Path) -> Path:
    """An empty folder, recorded at `place`: the one of before where it is still there, so that whoever used a server
    that was killed finds the next one; else a new one."""
    folder = socket_folder(place)
    if folder:
        for left in folder.iterdir():
            left.unlink()
        return folder
    parent = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="wangge-", dir=parent if len(parent.encode()) < _LONGEST - 20 else "/tmp")
    give_to_server(Path(folder))
    (place / "socket").write_text(f"{folder}\n{place}\n")
    return Path(folder)


def drop_socket_folder(place: Path) -> None:
    """Remove the folder of a cluster that no longer runs."""
    folder = socket_folder(place)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        (place / "socket").unlink(missing_ok=True)


def _is_ours(folder: Path) -> bool:
    """A folder in /tmp is trusted only when it is the server's, and closed to everybody else."""
    try:
        facts = os.lstat(folder)
    except OSError:
        return False
    return facts.st_uid == pwd.getpwnam(server_user()).pw_uid and facts.st_mode & 0o77777 == 0o40700
