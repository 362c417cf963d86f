"""The file of a backup: age encryption around a stream, never plain text on the disk.

A backup for a recipient is a plain age file, which any age program opens. One with a passphrase begins with a line and
a key of its own, sealed by the passphrase: age seals only texts in memory by a passphrase, and a backup is larger.
Every backup is sealed to a key of the moment as well, by which the process that made it verifies it; nobody keeps it.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import passphrase, x25519

from gis.errors import BadFile, WanggeError

_PASSPHRASE = b"wangge-backup passphrase "
DAMAGED = "The backup is damaged or was cut short."
_ANOTHER = "Nothing was changed. Take another copy of it, or an older backup."


@dataclass(frozen=True)
class Lock:
    """Whom a backup is sealed to: recipients' public keys, or a passphrase; and the key of the moment."""

    recipients: tuple[str, ...]
    passphrase: str
    moment: x25519.Identity


def new_lock(recipients: tuple[str, ...], secret: str = "") -> Lock:
    """Raises WanggeError for what is no public key, or where nobody could open the backup."""
    for recipient in recipients:
        try:
            x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError:
            raise WanggeError(
                "A recipient is no public key of age.", fix="Give one like age1…: `backup --new-key FILE` makes a pair."
            ) from None
    if not recipients and len(secret) < 12:
        raise WanggeError("The passphrase is too short.", fix="Give 12 characters or more.")
    return Lock(recipients, secret, x25519.Identity.generate())


def seal(path: Path, pieces: Iterator[bytes], lock: Lock) -> None:
    """Write a backup: under a partial name until the last byte is on the disk. What fails leaves no file.

    Raises WanggeError for a name that is taken, OSError for what the disk refuses, and whatever `pieces` raises.
    """
    if path.exists():
        raise WanggeError(f"{path} is there already.", fix="Choose another name: a backup is never written over.")
    partial = path.with_name(f"{path.name}.part")
    with open(os.open(partial, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        _take(file)
        try:
            file.truncate()
            _write(file, pieces, lock)
            partial.rename(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    _sync(path.parent)


def _take(file: BinaryIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WanggeError("Another backup writes this file.", fix="Wait for it, or choose another name.") from None


def _write(file: BinaryIO, pieces: Iterator[bytes], lock: Lock) -> None:
    if lock.passphrase:
        sealed = passphrase.encrypt(str(lock.moment).encode(), lock.passphrase)
        file.write(_PASSPHRASE + str(len(sealed)).encode() + b"\n" + sealed)
    source, sink = _Source(pieces), _Sink(file.write)
    known = [x25519.Recipient.from_str(one) for one in lock.recipients]
    try:
        pyrage.encrypt_io(source, sink, [*known, lock.moment.to_public()])
    except Exception as error:  # noqa: BLE001 - age wraps what its source and sink raise
        raise source.error or sink.error or error from None
    file.flush()
    os.fsync(file.fileno())


class _Source:
    """What age reads from. It keeps the error that it was stopped by: age would tell it in words of its own."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest, self.error = pieces, memoryview(b""), None

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            try:
                self._rest = memoryview(next(self._pieces))
            except StopIteration:
                return b""
            except BaseException as error:
                self.error = error
                raise
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


class _Sink:
    """What age writes to."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write, self.error, self.began = write, None, False

    def write(self, content: bytes) -> int:
        self.began = True
        try:
            self._write(content)
        except BaseException as error:
            self.error = error
            raise
        return len(content)

    def flush(self) -> None:
        """Nothing is held back here."""


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_seal(path: Path, identity: x25519.Identity | None, secret: str, write: Callable[[bytes], object]) -> None:
    """Decrypt a backup piece by piece into `write`, whose errors pass through.

    Raises BadFile for a wrong key and for a file that is damaged, cut short or no backup.
    """
    with path.open("rb") as file:
        key = identity or _by_passphrase(file, secret)
        if identity:
            _skip(file)
        sink = _Sink(write)
        try:
            pyrage.decrypt_io(file, sink, [key])
        except Exception as error:  # noqa: BLE001 - age has no word of its own for what is damaged
            if sink.error:
                raise sink.error from None
            raise _refused(error) from None


def _refused(error: Exception) -> BadFile:
    if "No matching keys" in str(error):
        return BadFile(
            "The key does not open this backup.", fix="Give the identity file, or passphrase, it was made for."
        )
    return BadFile(DAMAGED, fix=_ANOTHER)


def needs_passphrase(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PASSPHRASE)) == _PASSPHRASE


def _key_in(file: BinaryIO) -> bytes:
    """The sealed key at the head of the file, the file then standing behind it; empty where there is none."""
    line = file.readline(80)
    if not line.startswith(_PASSPHRASE):
        file.seek(0)
        return b""
    length = line[len(_PASSPHRASE) :].strip()
    if not length.isdigit() or len(length) > 4:
        raise BadFile(DAMAGED, fix=_ANOTHER)
    return file.read(int(length))


def _skip(file: BinaryIO) -> None:
    _key_in(file)


def _by_passphrase(file: BinaryIO, secret: str) -> x25519.Identity:
    sealed = _key_in(file)
    if not sealed:
        raise BadFile("This backup was made for a recipient's key.", fix="Give its file: --identity FILE.")
    try:
        return x25519.Identity.from_str(passphrase.decrypt(sealed, secret).decode())
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise BadFile(
            "The passphrase does not open this backup, or its beginning is damaged.",
            fix="Give the one it was made with.",
        ) from None


def read_identity(path: Path) -> x25519.Identity:
    """The secret key in a file as age writes it. Raises BadFile."""
    with suppress(OSError, UnicodeDecodeError):
        lines = [line.strip() for line in path.read_text("ascii").splitlines()]
        with suppress(pyrage.IdentityError):
            return x25519.Identity.from_str(next((line for line in lines if line.startswith("AGE-")), ""))
    raise BadFile(f"{path} holds no secret key of age.", fix="Give the file that `backup --new-key` made.")


def write_identity(path: Path) -> str:
    """A new key pair: the secret key into a file that only its owner reads; returns the public one."""
    identity = x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WanggeError(
            f"{path} is there already.", fix="Choose another name: a key is never written over."
        ) from None
    with open(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())
