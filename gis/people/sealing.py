"""Identity numbers and phones at rest: sealed to be read with a key, indexed to be matched without reading.

Sealed = one byte key number + 12-byte nonce + AES-256-GCM ciphertext. The index is HMAC-SHA-256 over the normalised
text, truncated to 16 bytes, under a key of its own: equal numbers have equal indexes, and nobody without the key can
compute one. Both keys derive from the setting PEOPLE_KEY by HKDF-SHA-256 (RFC 5869), so a dump alone opens nothing.
"""

import hmac
import os
from collections.abc import Iterable
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gis.errors import WanggeError

KEY_NUMBER = 1
_NONCE = 12


class SealBroken(WanggeError):
    """The sealed value was made with another PEOPLE_KEY, or was altered."""


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"wangge {purpose}".encode()).derive(secret.encode())


def normalised(text: str) -> str:
    """One spelling for matching: no spaces or hyphens, capital letters."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def seal(text: str) -> bytes:
    """The text as ciphertext; a new nonce each time, so equal texts differ at rest."""
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(_derived(settings.PEOPLE_KEY, "seal"))
    return bytes([KEY_NUMBER]) + nonce + cipher.encrypt(nonce, text.encode(), None)


def open_seal(sealed: bytes) -> str:
    sealed = bytes(sealed)
    cipher = AESGCM(_derived(settings.PEOPLE_KEY, "seal"))
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None).decode()
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SealBroken("A sealed value does not open.", fix="Set the PEOPLE_KEY it was made with.") from None


def blind_index(text: str) -> bytes:
    """16 bytes that are equal exactly when the normalised texts are."""
    return hmac.digest(_derived(settings.PEOPLE_KEY, "index"), normalised(text).encode(), "sha256")[:16]


def seal_all(texts: Iterable[str | None]) -> list[bytes | None]:
    """`seal` for a column; empty stays None."""
    cipher, number = AESGCM(_derived(settings.PEOPLE_KEY, "seal")), bytes([KEY_NUMBER])
    sealed = []
    for text in texts:
        nonce = os.urandom(_NONCE)
        sealed.append(number + nonce + cipher.encrypt(nonce, text.encode(), None) if text else None)
    return sealed


def index_all(texts: Iterable[str | None]) -> list[bytes | None]:
    """`blind_index` for a column; empty stays None."""
    return [blind_index(text) if text else None for text in texts]
