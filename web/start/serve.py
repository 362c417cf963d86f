"""The web server of a checkout: is it running, start it, stop it."""

import errno
import json
import os
import socket

from web.start import processes
from web.start.checkout import Checkout
from web.start.problems import CannotStart

#: Every process of a server carries this variable, workers included: so a server killed halfway is found again.
_MARK = "WANGGE_SERVER"


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


def become_server(checkout: Checkout, host: str, port: int) -> None:
    """Turn this process into the server: Ctrl-C and SIGTERM then reach it directly. Does not return."""
    threads = os.environ.get("WANGGE_THREADS") or str(min(2 * _cores() + 1, 8))
    marks = {_MARK: str(checkout.data), "WANGGE_SERVING": "1", "WANGGE_THREADS": threads, "PORT": str(port)}
    facts = {"pid": os.getpid(), "address": address(host, port)}
    (checkout.data / "server.json").write_text(json.dumps(facts) + "\n")
    os.chdir(checkout.root)
    program = str(checkout.python)  # not bin/granian: its first line breaks when a checkout is moved
    # A worker that is told to stop while it is still starting may not hear it: it is given these seconds, no more.
    command = [
        program, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(min(_cores(), 4)), "--blocking-threads", threads, "--log-level", "warning",
        "--workers-kill-timeout", "10",
        "web.wsgi:application",
    ]  # fmt: skip
    os.execve(program, command, os.environ | marks | {"PYTHONPATH": str(checkout.root)})


def _cores() -> int:
    return len(os.sched_getaffinity(0))
