"""The keys that sign what we tell other systems of who has signed in: RSA, in the keys folder of the data folder, never
in the database. The newest signs. One that was replaced is published until the last token it signed is over.
"""

import os
import time
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from jwcrypto.jwk import JWK

#: Seconds for which a signed token holds; a replaced key is published as long.
TOKEN_SECONDS = 3600
_BITS = 3072


def sign_on_keys() -> list[JWK]:
    """The keys that others may check signatures by, the one that signs first. The first is made where there is none."""
    files = _files()
    if not files:
        _write(0)
        files = _files()
    until = [float("inf"), *(_made(newer) + TOKEN_SECONDS for newer in files)]
    return [_read(file) for file, end in zip(files, until, strict=False) if end > time.time()]


def kept_names() -> list[str]:
    """The `kid` of every key that is kept here, the newest first; none is made."""
    return [_read(file).thumbprint() for file in _files()]


def signing_key() -> JWK:
    """The key that signs now."""
    return sign_on_keys()[0]


def key_named(name: str | None) -> JWK | None:
    """The published key of that `kid`."""
    return next((key for key in sign_on_keys() if key.thumbprint() == name), None)


def rotate_sign_on_key() -> str:
    """Sign with a new key from now on, and delete what no token can be signed by any more; returns the new `kid`."""
    kept = len(sign_on_keys())
    for file in _files()[kept:]:
        file.unlink()
    _write(time.time_ns())
    return signing_key().thumbprint()


def _folder() -> Path:
    return Path(settings.DATA) / "keys" / "sign_on"


def _files() -> list[Path]:
    """The newest first. Their names are the nanoseconds at which they were made; 0 is the first of an installation."""
    return sorted(_folder().glob("*.pem"), reverse=True)


def _made(file: Path) -> float:
    return int(file.stem) / 1e9


@lru_cache(maxsize=16)
def _read(file: Path) -> JWK:
    return JWK.from_pem(file.read_bytes())


def _write(moment: int) -> None:
    """Whole or not at all, and never over another that was faster."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = JWK.generate(kty="RSA", size=_BITS).export_to_pem(private_key=True, password=None)
    with NamedTemporaryFile(dir=folder, suffix=".new") as draft:
        draft.write(key)
        draft.flush()
        try:
            os.link(draft.name, folder / f"{moment:020}.pem")
        except FileExistsError:
            return
