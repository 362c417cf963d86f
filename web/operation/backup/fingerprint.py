"""Which key sealed what is known of people: told without telling the key."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gis.people.keyring import Key


def fingerprint(key: Key) -> str:
    """`1:0f3a…`: the number of the key and 8 bytes that no other key has."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"wangge fingerprint").derive(key.secret.encode())
    return f"{key.number}:{hashlib.sha256(derived).hexdigest()[:16]}"
