"""Facts about running processes, read from /proc."""

import os
import signal
import time
from pathlib import Path

_PROC = Path("/proc")


def is_alive(pid: int) -> bool:
    """True for a process that still runs. A zombie is dead: where pid 1 does not reap, killed servers stay as such."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in ("Z", "X")


def works_in(pid: int, folder: Path) -> bool:
    """True when a live process has `folder` as its working directory."""
    try:
        return is_alive(pid) and os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def program_of(pid: int) -> str:
    """Base name of a process's program, "" when it cannot be known."""
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")).removesuffix(" (deleted)")
    except OSError:
        return ""


def all_pids() -> list[int]:
    return [int(name) for name in os.listdir(_PROC) if name.isdigit()]


def has_variable(pid: int, line: str) -> bool:
    """True when a process was started with this `NAME=value` in its environment."""
    try:
        return line.encode() in (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def stop_processes(pids: list[int], patience: float = 10.0) -> None:
    """End processes: first asked, after `patience` seconds killed."""
    for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        for pid in filter(is_alive, pids):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if wait_until(lambda: not any(map(is_alive, pids)), wait):
            return


def wait_until(done, seconds: float) -> bool:
    """Ask `done()` every twentieth of a second for at most `seconds`."""
    limit = time.monotonic() + seconds
    while not done():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
