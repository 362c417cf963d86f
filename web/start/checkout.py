"""One checkout: where its code, its environment and its data lie, and its `.env`."""

import fcntl
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from web.start.problems import CannotStart
from web.start.say import step


@dataclass(frozen=True)
class Checkout:
    root: Path
    data: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    def make_folders(self) -> None:
        # 0711: when root runs Wangge, PostgreSQL's own user must be able to pass through to its folder below.
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o711)
        for folder in (self.logs, self.data / "static"):
            folder.mkdir(exist_ok=True)


def this_checkout() -> Checkout:
    """The checkout this file belongs to, after its `.env` has been read."""
    root = Path(__file__).resolve().parent.parent.parent
    read_dotenv(root / ".env")
    data = root / (os.environ.get("WANGGE_DATA") or ".wangge")
    if os.environ.get("WANGGE_DATA"):
        os.environ["WANGGE_DATA"] = str(data)  # Django must not read a relative path from another folder
    return Checkout(root, data)


def read_dotenv(path: Path) -> None:
    """Take `NAME=value` lines where the environment has no such name. Django's settings refuse nonsense, not we."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and name.strip().isidentifier():
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


@contextmanager
def locked(path: Path, waiting_for: str) -> Iterator[None]:
    """Hold a file lock; the kernel drops it when we are killed, so it can never be stale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"waiting for another start that is busy with {waiting_for}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def require_writable(checkout: Checkout) -> None:
    """Fail early and plainly when this checkout cannot be written to.

    Raises:
        CannotStart: the disk is read-only or full, or the folder belongs to somebody else.
        OSError: likewise, for `explain` to put into words.
    """
    _require_own(checkout.data)
    checkout.make_folders()
    if not os.access(checkout.root, os.W_OK) and not checkout.venv.is_dir():
        raise CannotStart(f"Wangge cannot write in {checkout.root}.", "put the checkout on a disk you may write to.")
    trial = checkout.data / f"write-trial-{os.getpid()}"
    try:
        trial.write_bytes(b"x" * 65536)
    except OSError as error:
        error.filename = str(checkout.data)
        raise
    finally:
        trial.unlink(missing_ok=True)


def _require_own(data: Path) -> None:
    """One user per data folder: what root leaves in it, its user could neither read nor replace."""
    if not data.exists() or data.stat().st_uid == os.geteuid():
        return
    try:
        name = pwd.getpwuid(data.stat().st_uid).pw_name
    except KeyError:
        name = f"#{data.stat().st_uid}"
    raise CannotStart(
        f"The data in {data} belongs to the user {name}, and you are another one.",
        f"run the same command as {name}: sudo -u '{name}' python3 manage.py ...",
    )
