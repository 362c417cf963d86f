"""What can go wrong before Django is there, each as one plain sentence and its fix."""

import errno
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
    if any(sign in text for sign in _TEXTS_OF_FULL):
        return disk_full(place)
    if _TEXT_OF_READ_ONLY in text:
        return disk_read_only(place)
    return None
