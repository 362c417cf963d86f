"""Settings and secrets as they must be where others than oneself reach the server."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from jwcrypto.jwk import JWK

from web.operation.doctor.finding import Finding

_OURSELVES = {"localhost", "127.0.0.1", "[::1]"}


def settings_of_production(_full: bool) -> Iterator[Finding]:
    hosts = set(settings.ALLOWED_HOSTS)
    if settings.DEBUG:
        yield Finding("settings", "DEBUG shows tracebacks in the browser.", "remove DEBUG from .env.")
    if "*" in hosts:
        yield Finding("settings", "ALLOWED_HOSTS admits any name.", "name the server: ALLOWED_HOSTS=grid.example.cn")
    if hosts - _OURSELVES and not settings.HTTPS:
        yield Finding("settings", "Others reach the server without HTTPS.", "an HTTPS proxy in front, and HTTPS=1.")
    if settings.HTTPS and not settings.CSRF_TRUSTED_ORIGINS:
        yield Finding(
            "settings", "The proxy's origin is not named.", "set CSRF_TRUSTED_ORIGINS=https://…, its address."
        )
    if settings.SYNTHETIC_IDS and hosts - _OURSELVES:
        yield Finding("settings", "Invented identity numbers are accepted.", "remove SYNTHETIC_IDS.")


def _folder_of_keys(path: Path) -> Iterator[Finding]:
    if path.stat().st_mode & 0o022:
        yield Finding("secrets", f"Others may write in {path}.", f"chmod 700 {path}")


def _key(path: Path) -> Iterator[Finding]:
    if path.stat().st_mode & 0o077:
        yield Finding("secrets", f"Others may read {path}.", f"chmod 600 {path}")
    if path.suffix == ".pem":
        try:
            JWK.from_pem(path.read_bytes())
        except ValueError:
            yield Finding("secrets", f"The key in {path} is damaged.", "delete it, then: rotate_sign_on_key.")
    elif len(path.read_text("ascii", "replace").strip()) < 32:
        yield Finding("secrets", f"The key in {path} is short.", "make a new one: for people_key by rotate_keys.")


def secrets(_full: bool) -> Iterator[Finding]:
    folder = Path(settings.DATA) / "keys"
    for path in sorted(folder.rglob("*")):
        yield from _folder_of_keys(path) if path.is_dir() else _key(path)
    if folder.is_dir():
        yield from _folder_of_keys(folder)
    for name in ("SECRET_KEY", "PEOPLE_KEY"):
        value = getattr(settings, name)
        if isinstance(value, str) and len(set(value)) < 8:
            yield Finding("secrets", f"{name} is easily guessed.", f"set a long random {name}.")
