"""Readers of the environment that refuse nonsense, and the list of every setting read, for the documentation."""

import os
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


#: Filled as the settings are read; `tests/web/test_settings.py` holds it against the README's table.
READ: dict[str, Setting] = {}


def load_dotenv(path: Path) -> None:
    """Take `NAME=value` lines of a file where the environment has no such name."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path.name} line {number} is not NAME=value. Correct or remove it.")
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def _raw(name: str, default: object, meaning: str) -> str | None:
    READ[name] = Setting(name, str(default), meaning)
    value = os.environ.get(name)
    return value if value else None


def env_str(name: str, default: str, meaning: str) -> str:
    return _raw(name, default, meaning) or default


def env_choice(name: str, default: str, choices: list[str], meaning: str) -> str:
    value = env_str(name, default, meaning)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(choices)}. Set it to one of them.")
    return value


def env_zone(name: str, default: str, meaning: str) -> str:
    value = env_str(name, default, meaning)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ImproperlyConfigured(f"{name}={value!r} is no time zone. Set one like Asia/Shanghai.") from None
    return value


def env_bool(name: str, default: bool, meaning: str) -> bool:
    value = _raw(name, default, meaning)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no. Set it to 1 or 0.")


def env_int(name: str, default: int, meaning: str) -> int:
    value = _raw(name, default, meaning)
    try:
        return default if value is None else int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def env_list(name: str, default: list[str], meaning: str) -> list[str]:
    value = _raw(name, ",".join(default), meaning)
    return default if value is None else [part.strip() for part in value.split(",") if part.strip()]


def env_networks(name: str, meaning: str, default: tuple[str, ...] = ()) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(part) for part in env_list(name, list(default), meaning)]
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no list of networks. Set it like 10.20.0.0/16,fd00:20::/32.") from None


def env_token(name: str, meaning: str) -> str:
    """A secret that opens something only where it is set; one that can be guessed is refused."""
    value = env_str(name, "", meaning)
    if value and len(value) < 20:
        raise ImproperlyConfigured(f"{name} is shorter than 20 characters. Set a long random value.")
    return value


def env_secret(name: str, folder: Path, meaning: str) -> str:
    """A secret from the environment, else from a file of the data folder, made on first use and readable by us only."""
    value = env_key(name, folder, meaning)
    return value if isinstance(value, str) else value.read_text(encoding="ascii").strip()


def env_key(name: str, folder: Path, meaning: str) -> str | Path:
    """The same secret, or the file that holds it: a key that may change while we run."""
    value = _raw(name, "made on first start, in the data folder", meaning)
    if value is not None:
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} is shorter than 32 characters. Set a long random value.")
        return value
    path = folder / "keys" / name.lower()
    if not path.exists():
        _write_secret(path)
    return path


def _write_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
