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


class Process:
    """A granian of ours in a process group of its own, which a test may kill and start again."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, health: str) -> None:
        self._command, self._environment, self._log, self._health = command, environment, log, health
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns when it answers."""
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._wait_for_answer()

    def kill(self) -> None:
        """As when the machine takes it: the whole group, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    def stop(self) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        self.kill()

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + 180  # beside a large database on a busy machine
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(self._health, timeout=5)  # noqa: S310 - our own address
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"The server did not answer:\n{self._log.read_text()[-2000:]}")


@dataclass(frozen=True)
class Server:
    url: str
    log: Path
    feed: Process | None = None
    database: str = ""
    feed_url: str = ""
    pages: Process | None = None

    def __str__(self) -> str:
        return self.url

    def __add__(self, path: str) -> str:
        return self.url + path


@contextmanager
def a_server(database: str, log: Path, live: bool = False, processes: int = 1, **settings: str) -> Iterator[Server]:
    """Serve a database on a free port; with `live` its feed on another. `settings` are more environment variables."""
    port, feed_port = free_port("127.0.0.1"), free_port("127.0.0.1") if live else 0
    settings = {"PORT": str(port), "LIVE_PORT": str(feed_port or "")} | settings
    command = [*_granian("wsgi", port, processes), "--blocking-threads", "4", "web.wsgi:application"]
    pages = Process(command, environment(database) | settings, log, f"http://127.0.0.1:{port}/healthz")
    with ExitStack() as stack:
        feed = stack.enter_context(a_feed(database, log.with_suffix(".feed"), feed_port, **settings)) if live else None
        stack.callback(pages.stop)
        pages.start()
        yield Server(f"http://127.0.0.1:{port}", log, feed and feed.feed, database, feed.url if feed else "", pages)


def do_jobs(database: str, *options: str) -> None:
    """Let a real worker, in a process of its own, do all the jobs that wait and that its options let it do."""
    worker = start_worker(database, *options)
    said, _nothing = worker.communicate(timeout=120)
    assert worker.returncode == 0, said


def start_worker(database: str, *options: str) -> subprocess.Popen:
    """A real worker that ends when nothing is left for it to do."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--one-shot", *options]
    names = {"DJANGO_SETTINGS_MODULE": "web.settings"}
    return subprocess.Popen(
        command,
        env=environment(database) | names,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def a_feed(database: str, log: Path, port: int | None = None, **settings: str) -> Iterator[Server]:
    """The live feed of a database alone."""
    port = port or free_port("127.0.0.1")
    command = [*_granian("asgi", port), "--workers-kill-timeout", "1", "web.live.feed:application"]
    feed = Process(command, environment(database) | settings, log, f"http://127.0.0.1:{port}/live/health")
    try:
        feed.start()
        yield Server(f"http://127.0.0.1:{port}", log, feed, database, f"http://127.0.0.1:{port}")
    finally:
        feed.stop()


def _granian(interface: str, port: int, processes: int = 1) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(processes), "--log-level", "warning",
    ]  # fmt: skip


def environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address_of(database),
        "DATABASE_RUNTIME_URL": address_of(database, "wangge_app"),
        "WANGGE_SERVING": "1",
        "WANGGE_THREADS": "4",
        "PYTHONPATH": str(ROOT),
    }
