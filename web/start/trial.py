"""`manage.py test`: all tests on a cluster of their own, browser tests included where there is a browser."""

import os
import shutil
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from subprocess import STDOUT, Popen
from tempfile import TemporaryFile

from web.start import debian
from web.start.assets import ensure_assets
from web.start.checkout import this_checkout
from web.start.cluster import addresses, in_use, sweep, tests_cluster
from web.start.environment import ensure_environment
from web.start.problems import CannotStart
from web.start.say import step
from web.start.up import ensure_machine

#: The suite in two parts that take about as long. Side by side where nobody names tests, each on a database of its own.
_FIRST = ["tests/browser", "tests/start", "tests/fixtures", "tests/layers", "tests/gis/exchange"]
_PARTS = (_FIRST, ["tests", *(f"--ignore={folder}" for folder in _FIRST)])
_NO_TESTS = 5  # pytest's exit code where nothing was collected

_BROWSERS = ("chromium", "google-chrome-stable", "google-chrome", "chrome")


def test(arguments: list[str]) -> int:
    """Run pytest with these arguments and return its exit code. The product's database is never touched."""
    checkout = this_checkout()
    own_server = os.environ.get("TEST_DATABASE_URL")
    ensure_machine(checkout, private_database=not own_server)
    ensure_environment(checkout)
    ensure_assets(checkout)
    os.environ["CHROMIUM"] = ensure_browser() if wants_browser(arguments) else find_browser()
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    for name in ("DATABASE_URL", "DATABASE_RUNTIME_URL"):
        os.environ.pop(name, None)
    if own_server:
        os.environ["DATABASE_URL"] = own_server
    parts = [[*part, *arguments] for part in _PARTS] if is_whole(arguments) else [arguments]
    cluster = tests_cluster(checkout)
    with nullcontext() if own_server else in_use(cluster):
        if not own_server:
            sweep(cluster)
            os.environ.update(addresses(cluster))
        return run_parts([[str(checkout.python), "-m", "pytest", *part] for part in parts], checkout.root)


def is_whole(arguments: list[str]) -> bool:
    """Whether the arguments choose no tests and write no file: they say only how much is told, or when to stop."""
    return all(argument in {"-q", "-v", "-x"} or argument.startswith("--durations=") for argument in arguments)


def run_parts(commands: list[list[str]], folder: Path) -> int:
    """Run the commands side by side, the first seen as it goes on, the others when they have ended; the exit code.

    Whatever ends this function ends the commands too.
    """
    with ExitStack() as stack:
        told = [None, *(stack.enter_context(TemporaryFile()) for _ in commands[1:])]
        running = []
        for command, out in zip(commands, told, strict=True):
            running.append(Popen(command, cwd=folder, stdout=out, stderr=out and STDOUT))
            stack.callback(_end, running[-1])
        codes = [part.wait() for part in running]
        for out in filter(None, told):
            out.seek(0)
            sys.stdout.write(out.read().decode(errors="replace"))
    return next((code for code in codes if code not in {0, _NO_TESTS}), min(codes))


def _end(part: Popen) -> None:
    part.terminate()
    part.wait()


def wants_browser(arguments: list[str]) -> bool:
    """False when the arguments name tests and none of them is a browser test."""
    named = [argument for argument in arguments if not argument.startswith("-") and "tests" in argument]
    return not named or any("browser" in name or name.rstrip("/") == "tests" for name in named)


def find_browser() -> str:
    """Path of a Chromium, "" when there is none. One inside a snap is closed off from the tests' folders."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    found = filter(None, map(shutil.which, _BROWSERS))
    return next((path for path in found if not Path(path).is_relative_to("/snap")), "")


def ensure_browser() -> str:
    """Path of a Chromium, installed where root may. "" means that browser tests are skipped, and it has been said."""
    if find_browser():
        return find_browser()
    try:
        _install_browser()
    except CannotStart as problem:
        step(f"browser tests are skipped: {problem.message}\n          To run them: {problem.fix}")
    return find_browser()


def _install_browser() -> None:
    if debian.may_install():
        debian.update_lists()
    if "chromium" not in debian.offered("chromium.*") and debian.may_install():
        raise CannotStart(
            "this system offers Chromium only as a snap, which tests cannot drive.",
            "set CHROMIUM to the path of a Chromium or Chrome.",
        )
    debian.install(["chromium", "fonts-noto-cjk"], "Chromium")
