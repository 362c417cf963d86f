"""What can go wrong before Django is there, each as one plain sentence and its fix."""

import errno
import os
from pathlib import Path


class CannotStart(Exception):
    """The start cannot go on. `message` says why, `fix` what to do about it."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message}\nFix: {self.fix}" if self.fix else self.message


_FULL = (errno.ENOSPC, errno.EDQUOT)
_TEXTS_OF_FULL = ("No space left on device", "Disk quota exceeded")
_LEAST_FREE = 4 * 1024 * 1024
_TEXT_OF_READ_ONLY = "Read-only file system"


def disk_full(place: Path | str) -> CannotStart:
    return CannotStart(
        f"The disk that holds {place} is full.",
        "free some space (a first start needs about 2 GB), then run the same command again; nothing is lost.",
    )


def disk_read_only(place: Path | str) -> CannotStart:
    return CannotStart(
        f"Wangge cannot write in {place}: the disk is read-only.",
        "put the checkout on a writable disk, or mount this one writable.",
    )


def not_allowed(place: Path | str) -> CannotStart:
    return CannotStart(
        f"You have no right to write in {place}.",
        "run as the user who owns that folder (the one who ran the first `up`), or give it to yourself with chown.",
    )


def explain(error: OSError) -> CannotStart:
    """The plain sentence for an error of the operating system."""
    place = error.filename or "the data folder"
    if error.errno in _FULL:
        return disk_full(place)
    if error.errno == errno.EROFS:
        return disk_read_only(place)
    if error.errno in (errno.EACCES, errno.EPERM):
        return not_allowed(place)
    return CannotStart(f"{error.strerror or error} ({place}).", "correct that, then run the same command again.")


def explain_output(text: str, place: Path | str) -> CannotStart | None:
    """The plain sentence for what another program complained about, where it is one of the known troubles."""
    if _TEXT_OF_READ_ONLY in text:
        return disk_read_only(place)
    if any(sign in text for sign in _TEXTS_OF_FULL) or _free_bytes(Path(place)) < _LEAST_FREE:
        return disk_full(place)
    return None


def _free_bytes(place: Path) -> float:
    """Room on the disk of a path or of its nearest folder that exists. PostgreSQL does not always name this cause."""
    while not place.exists() and place != place.parent:
        place = place.parent
    facts = os.statvfs(place)
    return facts.f_bavail * facts.f_frsize


def explain_django(error: Exception) -> CannotStart | None:
    """The plain sentence for an error that Django or our own domain raised. By name: this file imports neither."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "WanggeError" in kinds:
        return CannotStart(str(error.args[0]), str(getattr(error, "fix", "")))
    if "CommandError" in kinds:
        return CannotStart(str(error))
    if "ImproperlyConfigured" in kinds:
        return CannotStart(str(error), "correct that setting in the environment or in .env, then run this again.")
    if "OperationalError" in kinds:
        reason = next(iter(str(error).strip().splitlines()), "no reason given")
        return CannotStart(f"The database does not answer: {reason}", _database_fix())
    return explain_output(str(error), ".") if "DatabaseError" in kinds else None


def _database_fix() -> str:
    return "see that the server named by DATABASE_URL runs and lets you in, or unset DATABASE_URL to use your own."
