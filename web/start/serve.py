"""The web server of a checkout: is it running, start it, stop it."""

import errno
import json
import os
import shutil
import socket
import sys

from web.start import processes
from web.start.checkout import Checkout
from web.start.keeping import Kept, keep
from web.start.problems import CannotStart

#: Every process of a server carries this variable, workers included: so a server killed halfway is found again.
_MARK = "WANGGE_SERVER"
#: Two workers. One does whatever comes, one thing at a time, since a report or an import takes memory. What must not
#: wait behind these has a worker that does nothing else, two at once: a mail server that hangs holds up no limit.
ANY_JOB = ("--concurrency", "1")
PROMPT_JOBS = ("--queues", "prompt", "--concurrency", "2")


def marked(checkout: Checkout) -> dict[str, str]:
    """What a process of this checkout's server has in its environment."""
    return {_MARK: str(checkout.data)}


def running_servers(checkout: Checkout) -> list[int]:
    """Process numbers of this checkout's server, in the order of their start."""
    line = f"{_MARK}={checkout.data}"
    return [
        pid for pid in sorted(processes.all_pids()) if processes.has_variable(pid, line) and processes.is_alive(pid)
    ]


def address_of_running(checkout: Checkout) -> str | None:
    """Address of the server that answers now, None when there is none or only a killed one's remains."""
    try:
        facts = json.loads((checkout.data / "server.json").read_text())
    except (OSError, ValueError):
        return None
    return facts["address"] if facts["pid"] in running_servers(checkout) else None


def stop_server(checkout: Checkout) -> bool:
    """Stop this checkout's server and whatever is left of it. False when there was nothing."""
    pids = [pid for pid in running_servers(checkout) if pid != os.getpid()]
    if not pids:
        return False
    # The first one tells its workers and waits for requests that are being answered.
    processes.stop_processes(pids[:1])
    processes.stop_processes(pids[1:])
    return True


def require_free_port(host: str, port: int) -> None:
    """Fail before anything long when the port is taken.

    Raises:
        CannotStart: taken, reserved for root, or no such address.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except (OSError, OverflowError) as error:
        raise _port_refused(error, host, port) from None


def _port_refused(error: Exception, host: str, port: int) -> CannotStart:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return CannotStart(
            f"Port {port} is taken by another program.",
            f"choose another: python3 manage.py up --port {free_port(host)}",
        )
    if number == errno.EACCES:
        return CannotStart(f"Only root may listen on port {port}.", "choose one above 1023 with --port.")
    return CannotStart(f"Nothing can listen on {host} port {port}.", "name an address of this machine with --host.")


def free_port(host: str) -> int:
    """A port that is free at this moment."""
    with socket.socket() as trial:
        trial.bind((host if host.count(".") == 3 else "127.0.0.1", 0))
        return trial.getsockname()[1]


def address(host: str, port: int) -> str:
    """What to type into the browser."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def feed_port(host: str, port: int) -> int:
    """The port of the live feed: LIVE_PORT, or a thousand above the pages', or any free one where that is taken.

    Raises:
        CannotStart: LIVE_PORT is no port, or taken.
    """
    text = os.environ.get("LIVE_PORT", "")
    if text:
        if not text.isdigit() or not 0 < int(text) < 65536 or int(text) == port:
            raise CannotStart(f"LIVE_PORT={text!r} is no port of its own.", "set another one, or leave it out.")
        require_free_port(host, int(text))
        return int(text)
    try:
        require_free_port(host, port + 1000)
        return port + 1000
    except CannotStart:
        return free_port(host)


def become_server(checkout: Checkout, host: str, port: int) -> None:
    """Turn this process into the server: Ctrl-C and SIGTERM then reach it directly. Does not return."""
    live = feed_port(host, port)
    facts = {"pid": os.getpid(), "address": address(host, port), "feed": live}
    (checkout.data / "server.json").write_text(json.dumps(facts) + "\n")
    threads = os.environ.get("WANGGE_THREADS") or str(min(2 * _cores() + 1, 8))
    marks = marked(checkout) | {"WANGGE_SERVING": "1", "WANGGE_THREADS": threads}
    ports = {"PORT": str(port), "LIVE_PORT": str(live)}
    counts = fresh_counts(checkout)
    os.chdir(checkout.root)
    names = {"PYTHONPATH": str(checkout.root), "DJANGO_SETTINGS_MODULE": "web.settings"}
    command = [str(checkout.python), "-m", "web.start.serve", host]
    os.execve(command[0], command, os.environ | marks | ports | names | counts)


def fresh_counts(checkout: Checkout) -> dict[str, str]:
    """An empty folder into which every process of this server counts for `/metrics`."""
    folder = checkout.data / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _serve(host: str) -> int:
    """Pages and live feed, each in processes of its own: neither takes the other down."""
    # A worker that is told to stop while it is still starting may not hear it: it is given these seconds, no more.
    pages = [
        "--interface", "wsgi", "--port", os.environ["PORT"], "--workers", str(min(_cores(), 4)),
        "--blocking-threads", os.environ["WANGGE_THREADS"], "--log-level", "warning",
        "--workers-kill-timeout", "10", "web.wsgi:application",
    ]  # fmt: skip
    # Its requests never end by themselves, so a feed that is told to stop waits for none of them.
    feed = [
        "--interface", "asgi", "--port", os.environ["LIVE_PORT"], "--workers", "1", "--backpressure", "10000",
        "--log-level", "critical", "--workers-kill-timeout", "1", "web.live.feed:application",
    ]  # fmt: skip
    # Not bin/granian: its first line breaks when a checkout is moved.
    program = [sys.executable, "-m", "granian", "--host", host]
    worker = [sys.executable, "-m", "django", "procrastinate", "worker", "--delete-jobs", "successful"]
    others = [
        Kept("the live feed", program + feed),
        Kept("the maker of reports", [*worker, *ANY_JOB]),
        Kept("the sender of reminders", [*worker, *PROMPT_JOBS]),
    ]
    return keep(Kept("the pages", program + pages), others)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1]))
