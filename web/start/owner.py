"""Under which user the private cluster runs, and where its files may lie.

PostgreSQL refuses to run as root. Where root starts Wangge, the server runs as `postgres`; everybody else runs it as
themselves.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from functools import cache
from pathlib import Path

from web.start.problems import CannotStart

_HOMES = Path("/var/lib/wangge")


def server_user() -> str:
    """Name of the user the server runs as.

    Raises:
        CannotStart: this process's user has no name, which PostgreSQL needs.
    """
    if os.geteuid() == 0:
        return _postgres_user()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotStart(
            f"The user with number {os.geteuid()} has no name on this machine, and PostgreSQL needs one.",
            "add it to /etc/passwd, or set DATABASE_URL to a server that runs elsewhere.",
        ) from None


def _postgres_user() -> str:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", "postgres"], check=True)
        return "postgres"


def as_server() -> dict:
    """Arguments for subprocess that drop root's rights for the server's programs."""
    return {"user": server_user(), "group": _group(), "extra_groups": []} if os.geteuid() == 0 else {}


def _group() -> int:
    return pwd.getpwnam(server_user()).pw_gid


def give_to_server(path: Path) -> None:
    """Make the server's user the owner of a file or folder that root made."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(server_user())
        os.chown(path, account.pw_uid, account.pw_gid)


def reachable(folder: Path) -> bool:
    """True when the server's user can pass through to a folder. Asked by trying: access lists count too."""
    if os.geteuid() != 0:
        return True
    return subprocess.run(["test", "-x", str(folder)], cwd="/", check=False, **as_server()).returncode == 0


@cache
def place_for(home: Path) -> Path:
    """The folder in which the cluster of `home` keeps its data: `home` itself, or one under /var/lib.

    The second is for a checkout that the server's user cannot reach, such as one in root's own home. A pointer in
    `home` names it, with the place it was made for: a checkout that was copied must not share the original's data.
    """
    home.mkdir(parents=True, exist_ok=True)
    pointer = home / "elsewhere"
    if pointer.exists():
        place, _, made_for = pointer.read_text().strip().partition("\n")
        if made_for == str(home) or not (Path(made_for) / "elsewhere").exists():
            pointer.write_text(f"{place}\n{home}\n")
            return Path(place)
    elif reachable(home):
        return home
    place = str(_HOMES / secrets.token_hex(8))
    Path(place).mkdir(parents=True, mode=0o755)
    pointer.write_text(f"{place}\n{home}\n")
    return Path(place)


def forget_place(home: Path) -> None:
    """Remove the folder under /var/lib that belongs to `home`, if there is one."""
    pointer = home / "elsewhere"
    if pointer.exists():
        shutil.rmtree(pointer.read_text().partition("\n")[0], ignore_errors=True)
        pointer.unlink()
