"""A place in the stream, as a browser holds it: sealed, because a snapshot counts what happens elsewhere too."""

import base64
import hashlib
import os
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

#: Older than this nobody catches up: a page that slept over a day reads everything again.
LONGEST_AWAY_S = 24 * 3600
_NONCE = 12


@dataclass(frozen=True)
class Position:
    """Everything visible in `snapshot` (text of a pg_snapshot) has been told. `database` is its oid."""

    snapshot: str
    database: int


def seal(position: Position) -> str:
    """The position as text that tells its reader nothing and that nobody else can write."""
    nonce = os.urandom(_NONCE)
    text = f"{int(time.time())} {position.database} {position.snapshot}"
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode().rstrip("=")


def unseal(text: str) -> Position | None:
    """The position, None where the text is not ours or too old."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
    except (ValueError, InvalidTag):
        return None
    at, database, snapshot = plain.split(" ")
    return Position(snapshot, int(database)) if time.time() - int(at) < LONGEST_AWAY_S else None


def _cipher() -> AESGCM:
    return AESGCM(hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"wangge live").digest())
