"""The product's own server, as it runs in earnest: granian, WSGI, the runtime login, a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.databases import address_of
from web.start.serve import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    url: str
    log: Path
    pid: int = 0

    def __str__(self) -> str:
        return self.url

    def __add__(self, path: str) -> str:
        return self.url + path


@contextmanager
def a_server(database: str, log: Path, live: bool = False, **settings: str) -> Iterator[Server]:
    """Serve a database on a free port; with `live` its feed on another. `settings` are more environment variables."""
    port = free_port("127.0.0.1")
    feed_port = free_port("127.0.0.1") if live else 0
    ports = {"PORT": str(port), "LIVE_PORT": str(feed_port or "")}
    with ExitStack() as stack:
        if live:
            stack.enter_context(a_feed(database, log.with_suffix(".feed"), feed_port, **ports | settings))
        command = [*_granian("wsgi", port), "--blocking-threads", "4", "web.wsgi:application"]
        stack.enter_context(_running(command, database, log, ports | settings, f"http://127.0.0.1:{port}/healthz"))
        yield Server(f"http://127.0.0.1:{port}", log)


@contextmanager
def a_feed(database: str, log: Path, port: int | None = None, **settings: str) -> Iterator[Server]:
    """The live feed of a database. Its process and its worker are the group of `pid`."""
    port = port or free_port("127.0.0.1")
    command = [*_granian("asgi", port), "--workers-kill-timeout", "1", "web.live.feed:application"]
    with _running(command, database, log, settings, f"http://127.0.0.1:{port}/live/health") as process:
        yield Server(f"http://127.0.0.1:{port}", log, process.pid)


def _granian(interface: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def _running(command: list[str], database: str, log: Path, settings: dict, health: str) -> Iterator[subprocess.Popen]:
    environment = _environment(database) | settings
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, process_group=0
        )
        try:
            _wait_for(health, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address_of(database),
        "DATABASE_RUNTIME_URL": address_of(database, "wangge_app"),
        "WANGGE_SERVING": "1",
        "WANGGE_THREADS": "4",
        "PYTHONPATH": str(ROOT),
    }


def _wait_for(health: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=5)  # noqa: S310 - our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not answer:\n{log.read_text()[-2000:]}")
