"""Two logins on one database: the owner migrates and imports, the runtime login serves requests.

Row-level security binds neither a superuser nor an owner, so the server must not be one.
"""

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from web.pooling import PooledConnection, ReplicaConnection
from web.settings.environment import env_int, env_str
from web.start.cluster import Cluster, addresses
from web.start.sockets import socket_folder


def read_address(name: str, address: str) -> dict:
    """Django's settings of the database at an address; `name` is the setting that holds it.

    Raises ImproperlyConfigured for what is no such address.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql", "postgis") or not parts.path.strip("/") or not _has_port(parts):
        # Not repeated: it may hold a password.
        raise ImproperlyConfigured(f"{name} is not an address like postgresql://user:password@host:5432/database.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "OPTIONS": options,
    }


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is a number, or absent."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def databases(data: Path, time_zone: str) -> dict[str, dict]:
    """The `default` database: as runtime login in a serving process, as owner in every command; and for the pages the
    `replica`, where there is one."""
    owner = env_str("DATABASE_URL", "", "the owner's login; empty: a private cluster in the data folder")
    runtime = env_str("DATABASE_RUNTIME_URL", "", "the server's login, neither owner nor superuser")
    pooler = env_str("DATABASE_POOLER_URL", "", "that login by a PgBouncer that pools transactions, for the pages")
    replica = env_str("REPLICA_URL", "", "a streaming replica that answers the pages what reads no person")
    threads = env_int("WANGGE_THREADS", 8, "requests answered at a time by each worker process")
    serving = os.environ.get("WANGGE_SERVING") == "1"
    # The feed listens, and jobs hold locks of a session: only the pages can do without a connection of their own.
    pages = os.environ.get("WANGGE_PAGES") == "1"
    if pages and pooler:
        default = _pooled(_plain(read_address("DATABASE_POOLER_URL", pooler)), threads) | _PASSED_ON
    elif serving:
        name, address = ("DATABASE_RUNTIME_URL", runtime) if runtime else ("DATABASE_URL", owner or _private(data))
        default = _without_rights(_pooled(read_address(name, address), threads))
    else:
        default = read_address("DATABASE_URL", owner or _private(data)) | {"CONN_MAX_AGE": 60}
    chosen = {"default": default}
    if pages and replica:
        chosen["replica"] = _without_rights(_pooled(read_address("REPLICA_URL", replica), threads))
        chosen["replica"]["OPTIONS"]["pool"] |= {"timeout": 2, "connection_class": ReplicaConnection}
    # `current_date` in SQL must turn at midnight here, not at eight in the morning.
    return {name: one | {"CONN_HEALTH_CHECKS": True, "TIME_ZONE": time_zone} for name, one in chosen.items()}


def _pooled(place: dict, threads: int) -> dict:
    pool = {"min_size": 1, "max_size": threads, "timeout": 10, "connection_class": PooledConnection}
    return place | {"ENGINE": "web.pooling", "OPTIONS": place["OPTIONS"] | {"pool": pool}}


def _plain(place: dict) -> dict:
    """A pooler's address. Raises ImproperlyConfigured for settings of a session: its sessions are everybody's."""
    if "options" in place["OPTIONS"]:
        raise ImproperlyConfigured("DATABASE_POOLER_URL cannot have `options`: PgBouncer's connections are shared.")
    return place


def _without_rights(place: dict) -> dict:
    """Whoever signs in, a superuser by mistake too, leaves further rights behind as soon as the connection stands.

    (Not by Django's `assume_role`: with a pool it waits for a connection to make the first connection with.)
    """
    own = place["OPTIONS"].get("options", "")
    # Statements that ask for it (`gis.changes.version`) are prepared; Django's own cursors never do.
    return place | {
        "OPTIONS": place["OPTIONS"] | {"prepare_threshold": 5, "options": f"{own} -c role=wangge_app".strip()}
    }


#: Behind a pooler that gives each transaction another connection a cursor outlives its own only on our side, nothing is
#: prepared (Django's default), and no right is laid down at the start: `web.pooling` looks whether there is none.
_PASSED_ON = {"DISABLE_SERVER_SIDE_CURSORS": True}


def _private(data: Path) -> str:
    """The private cluster where it runs; otherwise a placeholder, for commands that need no database."""
    cluster = Cluster(data / "database")
    if cluster.home.is_dir() and socket_folder(cluster.place):
        return addresses(cluster)["DATABASE_URL"]
    return f"postgresql://wangge@/wangge?host={data}"
