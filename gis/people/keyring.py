"""The keys that seal what is known of people, from the setting PEOPLE_KEY: one, or while they are changed two.

`SECRET` alone is key 1. `2=SECRET,1=SECRET` are two: the first seals, the other still opens and is looked up by. Where
the setting is a file it is read again as soon as it changes, so that every process follows without a restart.
"""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from gis.errors import WanggeError

#: A sealed value names its key in one byte.
LAST_NUMBER = 255
_SHORTEST = 32
_NUMBERED = re.compile(r"([0-9]{1,3})=(\S+)", re.DOTALL)


class BadKeys(WanggeError):
    """The setting PEOPLE_KEY cannot be read as keys. The message never holds one."""


@dataclass(frozen=True)
class Key:
    number: int
    secret: str


@dataclass(frozen=True)
class Keyring:
    """The keys of one moment. The first seals; a second one is known beside it."""

    keys: tuple[Key, ...]

    @property
    def seals(self) -> Key:
        return self.keys[0]

    @property
    def before(self) -> Key | None:
        """The key from which the one that seals takes over, as long as something may still be sealed by it."""
        return next((key for key in self.keys[1:] if key.number < self.seals.number), None)

    def numbered(self, number: int) -> Key | None:
        return next((key for key in self.keys if key.number == number), None)

    def as_text(self) -> str:
        return ",".join(f"{key.number}={key.secret}" for key in self.keys)


def keyring() -> Keyring:
    """The keys as they are now."""
    given = settings.PEOPLE_KEY
    return read_ring(_content(given) if isinstance(given, Path) else given)


@cache
def read_ring(text: str) -> Keyring:
    """The keys that a text names. Raises BadKeys."""
    parts = re.split(r"[,\s]+(?=[0-9]{1,3}=)", text.strip())
    numbered = [_NUMBERED.fullmatch(part) for part in parts]
    if not all(numbered):
        return Keyring((Key(1, text.strip()),))
    keys = tuple(Key(int(found[1]), found[2]) for found in numbered if found)
    numbers = {key.number for key in keys}
    if len(numbers) != len(keys) or not numbers <= set(range(1, LAST_NUMBER + 1)) or len(keys) > 2:
        raise BadKeys("PEOPLE_KEY names keys twice, or too many.", fix="Keep one or two, as 2=SECRET,1=SECRET.")
    if any(len(key.secret) < _SHORTEST for key in keys):
        raise BadKeys("PEOPLE_KEY holds a key that is too short.", fix="Let each have 32 characters or more.")
    return Keyring(keys)


_READ: dict[Path, tuple[tuple, str]] = {}


def _content(path: Path) -> str:
    """What the file says, read anew when it is another one than before."""
    now = os.stat(path)
    sign = (now.st_mtime_ns, now.st_ino, now.st_size)
    known = _READ.get(path)
    if known is None or known[0] != sign:
        known = _READ[path] = (sign, path.read_text(encoding="ascii"))
    return known[1]


def write_ring(path: Path, ring: Keyring) -> None:
    """Put other keys in the place of a file's, whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(ring.as_text())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
