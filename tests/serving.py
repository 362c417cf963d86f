"""The product's own server, as it runs in earnest: granian, WSGI, the runtime login, a process of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import address_of
from web.start.serve import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    url: str
    log: Path

    def __str__(self) -> str:
        return self.url

    def __add__(self, path: str) -> str:
        return self.url + path


@contextmanager
def a_server(database: str, log: Path, **settings: str) -> Iterator[Server]:
    """Serve a database on a free port; `settings` are further environment variables."""
    port = free_port("127.0.0.1")
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "web.wsgi:application",
    ]  # fmt: skip
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=_environment(database) | settings, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", log)
            _wait_for(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def _environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address_of(database),
        "DATABASE_RUNTIME_URL": address_of(database, "wangge_app"),
        "WANGGE_SERVING": "1",
        "WANGGE_THREADS": "4",
        "PYTHONPATH": str(ROOT),
    }


def _wait_for(server: Server, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(server + "/healthz", timeout=5)  # noqa: S310 - our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not answer:\n{server.log.read_text()[-2000:]}")
