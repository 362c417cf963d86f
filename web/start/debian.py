"""Debian and Ubuntu packages: installed where we are root, else named in one line to run."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from web.start.problems import CannotStart, explain_output
from web.start.say import step

_CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")
_LISTS = Path("/var/lib/apt/lists")
_INSTALL = [
    "apt-get", "install", "-y", "-q", "--no-install-recommends",
    "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold",
]  # fmt: skip


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def line_to_run(packages: list[str]) -> str:
    """The one command for somebody who is not root."""
    if shutil.which("apt-get"):
        return f"sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}'"
    return f"install what Debian calls {', '.join(packages)} with your system's package manager"


def install(packages: list[str], missing: str) -> None:
    """Install packages by apt, asking nothing.

    Raises:
        CannotStart: we are not root, there is no apt, or apt failed; with the fix.
    """
    if not may_install():
        raise CannotStart(f"{missing} is not on this machine, and only root may install it.", line_to_run(packages))
    update_lists()
    step(f"installing {', '.join(packages)}")
    with _no_system_cluster():
        _apt([*_INSTALL, *packages], packages)


def update_lists(age: float = 86400.0) -> None:
    """Refresh apt's lists when there are none or they are older than a day."""
    lists = list(_LISTS.glob("*_Packages*")) if _LISTS.is_dir() else []
    if lists and time.time() - max(_LISTS.stat().st_mtime, *(path.stat().st_mtime for path in lists)) < age:
        return
    step("refreshing the package lists (apt-get update)")
    _apt(["apt-get", "update", "-q", "-o", "DPkg::Lock::Timeout=300"], [])


def offered(pattern: str) -> list[str]:
    """Names of packages that apt knows and that match a regular expression as a whole."""
    if not shutil.which("apt-cache"):
        return []
    names = subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=False).stdout.split()
    return sorted(name for name in names if re.fullmatch(pattern, name))


def _apt(command: list[str], packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise explain_output(done.stdout, "the system's packages") or _apt_failed(done.stdout, packages)


def _apt_failed(output: str, packages: list[str]) -> CannotStart:
    complaints = [line for line in output.splitlines() if line.startswith(("E:", "Err:"))]
    reason = " ".join(complaints[:2]) or "no reason given"
    message = f"apt could not install {', '.join(packages) or 'packages'}: {reason}"
    if "dpkg was interrupted" in output:
        return CannotStart(message, "dpkg --configure -a")
    return CannotStart(
        message, "check the network and apt's sources, then: " + line_to_run(packages).removeprefix("sudo ")
    )


@contextmanager
def _no_system_cluster() -> Iterator[None]:
    """Keep Debian from starting a server of its own on port 5432; leave no trace of that wish behind."""
    if _CLUSTER_SETTINGS.exists():
        folder = _CLUSTER_SETTINGS.parent / "createcluster.d"
        wish = folder / "wangge.conf"
    else:
        wish = _CLUSTER_SETTINGS
    made_folder = not wish.parent.exists()
    wish.parent.mkdir(parents=True, exist_ok=True)
    wish.write_text("create_main_cluster = false\n")
    try:
        yield
    finally:
        _take_back(wish, made_folder)


def _take_back(wish: Path, made_folder: bool) -> None:
    if wish != _CLUSTER_SETTINGS:
        wish.unlink(missing_ok=True)
        if made_folder and not any(wish.parent.iterdir()):
            wish.parent.rmdir()
        return
    for suffix in ("ucf-dist", "dpkg-dist"):
        shipped = Path(f"{wish}.{suffix}")
        if shipped.exists():
            shipped.replace(wish)
