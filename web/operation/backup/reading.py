"""Reading a backup from its beginning to its end, in one go, without plain text on the disk."""

import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from pyrage import x25519

from gis.errors import BadFile
from web.operation.backup.sealing import DAMAGED, open_seal

_FIX = "Nothing was changed. Take another copy of it, or an older backup."
FORMAT = 1


@dataclass(frozen=True)
class Opening:
    """A backup with what opens it: a secret key of age, or a passphrase."""

    path: Path
    identity: x25519.Identity | None = None
    passphrase: str = ""


@contextmanager
def members(opening: Opening) -> Iterator[Iterator[tuple[str, BinaryIO]]]:
    """The members of the stream, each with its name, in order; each must be read before the next is asked for.

    At the end of the block the seal has been checked to the last byte. Raises BadFile.
    """
    outlet, inlet = os.pipe()
    failed: list[BaseException] = []
    decrypting = Thread(target=_decrypt, args=(opening, inlet, failed), daemon=True)
    decrypting.start()
    with os.fdopen(outlet, "rb") as stream:
        try:
            yield _each(stream)
            while stream.read(1 << 16):  # to the seal of the last piece
                pass
        except (tarfile.TarError, EOFError):
            decrypting.join(10)
            raise _reason(failed) from None
    decrypting.join()
    if failed:
        raise _reason(failed)


def _reason(failed: list[BaseException]) -> BaseException:
    return failed[0] if failed else damaged()


def damaged() -> BadFile:
    return BadFile(DAMAGED, fix=_FIX)


def _decrypt(opening: Opening, inlet: int, failed: list[BaseException]) -> None:
    with suppress(BrokenPipeError), os.fdopen(inlet, "wb", buffering=0) as pipe:
        try:
            open_seal(opening.path, opening.identity, opening.passphrase, lambda content: _all(pipe, content))
        except BrokenPipeError:  # whoever read had enough
            pass
        except Exception as error:  # noqa: BLE001 - told by the thread that reads
            failed.append(error)


def _all(pipe, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[pipe.write(rest) :]


def _each(stream: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for info in tar:
            if (content := tar.extractfile(info)) is None:
                raise damaged()
            yield info.name, content


def read_about(name: str, content: BinaryIO) -> dict:
    """What a backup says of itself at its head. Raises BadFile for one of another kind."""
    if name != "about.json":
        raise damaged()
    about = json.loads(content.read())
    if about.get("format") != FORMAT:
        raise BadFile("The backup was made by a newer Wangge.", fix="Restore it with the version that made it.")
    return about
