"""Other people's servers beside which ours are measured, in an environment of their own that no start installs.

Their packages stand in `peers.lock`, made from the group `bench` of pyproject.toml; the first measurement that needs
them installs it under `.wangge/peers`.
"""

import hashlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from web.start.say import step
from web.start.serve import free_port

_LOCK = Path(__file__).with_name("peers.lock")


def peers_python() -> Path:
    """The interpreter of the peers' environment, made or renewed where it is not what the lock file says.

    Raises CalledProcessError when a package cannot be installed.
    """
    folder = Path(settings.DATA) / "peers"
    stamp, wanted = folder / "wangge.stamp", hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        step("installing the peers of tests/bench/peers.lock")
        venv.create(folder, clear=True, with_pip=True)
        options = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "-q"]
        subprocess.run([python, "-m", "pip", "install", *options, "-r", _LOCK], check=True)
        stamp.write_text(wanted)
    return python


@contextmanager
def tipg(workers: int, log: Path) -> Iterator[str]:
    """Serve the buildings of the default connection's database with tipg; its address."""
    port = free_port("127.0.0.1")
    command = [
        str(peers_python()), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--log-level", "warning",
    ]  # fmt: skip
    place = {
        "DATABASE_URL": _address(),
        "TIPG_DB_TABLES": '["public.grid_building"]',
        "TIPG_DB_SPATIAL_EXTENT": "FALSE",
        "TIPG_DB_DATETIME_EXTENT": "FALSE",
        "TIPG_CATALOG_TTL": "86400",
        "TIPG_MAX_FEATURES_PER_TILE": "100000",
    }
    # In a folder without an .env of ours.
    with log.open("w") as output:
        server = subprocess.Popen(command, env=os.environ | place, cwd=log.parent, stdout=output, stderr=output)
        try:
            _wait_for(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _address() -> str:
    """The database as asyncpg reads it: a socket's folder stands, escaped, where the host does."""
    place = connection.settings_dict
    secret = f":{quote(place['PASSWORD'], safe='')}" if place["PASSWORD"] else ""
    port = f":{place['PORT']}" if place["PORT"] else ""
    return f"postgresql://{quote(place['USER'])}{secret}@{quote(place['HOST'], safe='')}{port}/{quote(place['NAME'])}"


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url + "/healthz", timeout=5)  # noqa: S310 - our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"tipg did not answer:\n{log.read_text()[-2000:]}")


def tipg_path(z: int, x: int, y: int) -> str:
    """The same attributes of the same buildings, from the stored drawing copy."""
    return (
        f"/collections/public.grid_building/tiles/WebMercatorQuad/{z}/{x}/{y}"
        "?geom-column=drawing&properties=id,kind,floors,number"
    )


if __name__ == "__main__":
    print(peers_python(), file=sys.stdout)
