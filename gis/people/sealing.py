"""Identity numbers and phones at rest: sealed to be read with a key, indexed to be matched without reading.

Sealed = one byte key number + 12-byte nonce + AES-256-GCM ciphertext. The index is HMAC-SHA-256 over the normalised
text, truncated to 16 bytes, under a key of its own: equal numbers have equal indexes, and nobody without the key can
compute one. Both derive from a key of the setting PEOPLE_KEY (`keyring.py`) by HKDF-SHA-256 (RFC 5869), so a dump alone
opens nothing.

While keys are changed two are known. What is written is sealed and indexed by the one that seals; what is looked up is
looked up by both (`blind_indexes`); `index_before` is what keeps a number unique among rows of either key.
"""

import hmac
import os
import re
from collections.abc import Iterable
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gis.errors import WanggeError
from gis.people.keyring import Key, Keyring, keyring

_NONCE = 12
#: What `str.isalnum` is not true of, as a pattern: many times as fast as asking sign by sign.
_NEITHER = re.compile(r"[\W_]+")


class SealBroken(WanggeError):
    """The sealed value was made with another PEOPLE_KEY, or was altered."""


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"wangge {purpose}".encode()).derive(secret.encode())


def normalised(text: str) -> str:
    """One spelling for matching: no spaces or hyphens, capital letters."""
    capitals = text.upper()
    return capitals if capitals.isascii() and capitals.isalnum() else _NEITHER.sub("", capitals)


@cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derived(secret, "seal"))


def seal(text: str) -> bytes:
    """The text as ciphertext; a new nonce each time, so equal texts differ at rest."""
    key = keyring().seals
    return _sealed(text, _cipher(key.secret), key)


def open_seal(sealed: bytes) -> str:
    return _opened(bytes(sealed), keyring())


def open_all(sealed: Iterable[bytes | None]) -> list[str]:
    """`open_seal` for a column; "" where there is nothing."""
    ring = keyring()
    return ["" if one is None else _opened(bytes(one), ring) for one in sealed]


def _opened(sealed: bytes, ring: Keyring) -> str:
    key = ring.numbered(sealed[0]) if sealed else None
    if key is None:
        raise SealBroken("A sealed value does not open.", fix="Set the PEOPLE_KEY it was made with.")
    try:
        cipher = _cipher(key.secret)
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None).decode()
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SealBroken("A sealed value does not open.", fix="Set the PEOPLE_KEY it was made with.") from None


def sealed_by(sealed: bytes) -> int:
    """The number of the key that opens it."""
    return bytes(sealed[:1])[0]


def blind_index(text: str) -> bytes:
    """16 bytes that are equal exactly when the normalised texts are: as written now."""
    return index_by(keyring().seals, text)


def blind_indexes(text: str) -> list[bytes]:
    """The index under every key that is known: by these a value is looked up, whichever it was written with."""
    return [index_by(key, text) for key in keyring().keys]


def is_of(index: bytes | None, text: str) -> bool:
    """Whether an index, by whichever key, is that of a text."""
    return index is not None and bytes(index) in blind_indexes(text)


def are_alike(one: tuple[bytes | None, bytes | None], other: tuple[bytes | None, bytes | None]) -> bool:
    """Whether two sealed values, each with its index, are of the same text. They may be by different keys."""
    (sealed, index), (sealed_too, index_too) = one, other
    if not sealed or not sealed_too or sealed_by(sealed) == sealed_by(sealed_too):
        return (index is None) == (index_too is None) and (index is None or bytes(index) == bytes(index_too))
    try:
        return normalised(open_seal(sealed)) == normalised(open_seal(sealed_too))
    except SealBroken:
        return False


def index_before(text: str) -> bytes | None:
    """The index under the key that is being replaced; None while none is."""
    key = keyring().before
    return index_by(key, text) if key else None


def index_by(key: Key, text: str) -> bytes:
    """The index under one of the keys."""
    return index_of_spelt(key, normalised(text))


def index_of_spelt(key: Key, text: str) -> bytes:
    """The index under one of the keys of a text that is normalised already."""
    return hmac.digest(_derived(key.secret, "index"), text.encode(), "sha256")[:16]


def seal_all(texts: Iterable[str | None]) -> list[bytes | None]:
    """`seal` for a column; empty stays None."""
    key = keyring().seals
    cipher = _cipher(key.secret)
    return [_sealed(text, cipher, key) if text else None for text in texts]


def _sealed(text: str, cipher: AESGCM, key: Key) -> bytes:
    nonce = os.urandom(_NONCE)
    return bytes([key.number]) + nonce + cipher.encrypt(nonce, text.encode(), None)


def index_all(texts: Iterable[str | None]) -> list[bytes | None]:
    """`blind_index` for a column; empty stays None."""
    key = keyring().seals
    return [index_by(key, text) if text else None for text in texts]


def indexes_all(texts: Iterable[str | None]) -> list[list[bytes | None]]:
    """The column of indexes under every key that is known, the one that seals first."""
    column = list(texts)
    return [[index_by(key, text) if text else None for text in column] for key in keyring().keys]


def before_all(texts: Iterable[str | None]) -> list[bytes | None]:
    """`index_before` for a column; empty stays None."""
    key = keyring().before
    return [index_by(key, text) if text and key else None for text in texts]
