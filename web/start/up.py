"""`manage.py up`: everything, in order, and then the server. `manage.py down`: all of it stopped."""

import argparse
import json
import os
import subprocess

from web.start import debian, postgres
from web.start.assets import ensure_assets
from web.start.beside import compile_search, tell_stories
from web.start.checkout import Checkout, locked, require_writable, this_checkout
from web.start.cluster import addresses, ensure_running, product_cluster, stop, stop_unused, tests_cluster
from web.start.environment import ensure_environment, is_current, missing_venv_package
from web.start.fonts import wish_for_font
from web.start.problems import CannotStart
from web.start.say import part, pass_clock, read_parts, step, table_of_parts, write_parts
from web.start.serve import address, address_of_running, become_server, require_free_port, stop_server


def up(arguments: list[str]) -> int:
    """Start everything and serve. Returns only with `--no-serve`, or when the server runs already."""
    checkout = this_checkout()
    options = _read_options(arguments)
    if not options.no_serve and _already_there(checkout, options):
        return 0
    first = not is_current(checkout)
    with locked(_lock(checkout), "`manage.py up`"):
        ensure_machine(checkout)
        if first:
            wish_for_font()
        ensure_environment(checkout)
        use_database(checkout)
        ensure_assets(checkout)
        found = _prepare(checkout, options.empty)
    write_parts(checkout.data / "last-start.json", first=first)
    step(f"ready ({table_of_parts()})")
    _announce(options, found["accounts"])
    if found["untold"]:
        tell_stories(checkout, wait=options.no_serve)
    compile_search(checkout, wait=options.no_serve)
    if not options.no_serve:
        become_server(checkout, options.host, options.port)
    return 0


def down(arguments: list[str]) -> int:
    """Stop the server and the private databases of this checkout; that of the tests goes on while tests run.

    Never touches a server named by DATABASE_URL.
    """
    argparse.ArgumentParser(prog="manage.py down", description=down.__doc__).parse_args(arguments)
    checkout = this_checkout()
    stopped = ["the web server"] if stop_server(checkout) else []
    for name, cluster, ending in (
        ("the database", product_cluster(checkout), stop),
        ("the test database", tests_cluster(checkout), stop_unused),
    ):
        if cluster.home.is_dir() and ending(cluster):
            stopped.append(name)
    print(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def ensure_machine(checkout: Checkout, *, private_database: bool | None = None) -> None:
    """What the system itself must have, in one go, so that a user without root's rights gets one line to run.

    Raises:
        CannotStart: something is missing and we are not root.
    """
    require_writable(checkout)
    missing: dict[str, list[str]] = {}
    venv = None if is_current(checkout) else missing_venv_package()
    if venv:
        missing["Python's venv module"] = [venv]
    private = needs_cluster() if private_database is None else private_database
    if private and not postgres.find_postgres():
        missing[postgres.name()] = postgres.missing_packages()
    if missing:
        with part("system packages"):
            debian.install([name for names in missing.values() for name in names], " and ".join(missing))


def needs_cluster() -> bool:
    return not os.environ.get("DATABASE_URL")


def use_database(checkout: Checkout) -> None:
    """Start the private cluster and tell the environment where it is, unless DATABASE_URL names a server."""
    if needs_cluster():
        cluster = product_cluster(checkout)
        ensure_running(cluster)
        os.environ.update(addresses(cluster))


def _read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start everything and serve.")
    parser.add_argument("--port", type=int, default=_port_setting(), help="port of the web server (8000)")
    parser.add_argument(
        "--host", default=os.environ.get("WANGGE_HOST") or "127.0.0.1", help="address to listen on (127.0.0.1)"
    )
    parser.add_argument("--no-serve", action="store_true", help="prepare everything, then return")
    parser.add_argument("--empty", action="store_true", help="leave out the demonstration town")
    return parser.parse_args(arguments)


def _port_setting() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT={text!r} is not a port.", "set PORT to a number from 1 to 65535, or leave it out.")
    return int(text)


def _already_there(checkout: Checkout, options: argparse.Namespace) -> bool:
    there = address_of_running(checkout)
    if there:
        print(f"Wangge is already running at {there} (`python3 manage.py down` stops it).")
        return True
    if stop_server(checkout):
        step("ended what was left of a killed server")
    require_free_port(options.host, options.port)
    return False


def _lock(checkout: Checkout):
    require_writable(checkout)
    return checkout.data / "up.lock"


def _prepare(checkout: Checkout, empty: bool) -> dict:
    """Migrations, code tables, messages and the town, in one process of the environment. Returns the demo accounts, and
    whether the stories of the town are still to be told."""
    report = checkout.data / "prepare.json"
    report.unlink(missing_ok=True)
    command = [str(checkout.python), "-m", "web.start.prepare", str(report), *(["--empty"] if empty else [])]
    with part("prepare"):
        done = subprocess.run(command, cwd=checkout.root, env=os.environ | pass_clock(), check=False)
    if done.returncode or not report.exists():
        raise SystemExit(1)  # that process has said why
    read_parts(report)
    return json.loads(report.read_text())


def _announce(options: argparse.Namespace, accounts: list[list[str]]) -> None:
    if not options.no_serve:
        print(f"\nWangge is at {address(options.host, options.port)}   (Ctrl-C stops it)")
    if accounts:
        print("Demonstration accounts:")
    for name, password, person in accounts:
        print(f"  {name:8} {password}   {person}")
    print(flush=True)
