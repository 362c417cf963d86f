"""`manage.py test`: all tests on a cluster of their own, browser tests included where there is a browser."""

import os
import shutil
import sys
import time
from contextlib import ExitStack, nullcontext
from pathlib import Path
from subprocess import STDOUT, Popen
from tempfile import TemporaryFile
from typing import BinaryIO

from web.start import debian
from web.start.assets import ensure_assets
from web.start.checkout import this_checkout
from web.start.cluster import addresses, in_use, sweep, tests_cluster
from web.start.environment import ensure_environment
from web.start.problems import CannotStart
from web.start.say import step
from web.start.up import ensure_machine

#: The suite in parts, each the tests of its folders less those that are another part's, on a database of its own.
#: Where nobody names tests, as many run at a time as there are lanes: whatever the machine, they end about together.
#: The second needs no town, while the first makes it.
_PARTS = (
    ["tests/browser"],
    ["tests/gis/areas/plans", "tests/start"],
    ["tests"],
    ["tests/web/pages", "tests/web/planning"],
    ["tests/web"],
    ["tests/gis/exchange", "tests/fixtures", "tests/layers"],
)
_LANES = 2
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
    parts = [[*part, *arguments] for part in whole()] if is_whole(arguments) else [arguments]
    cluster = tests_cluster(checkout)
    with nullcontext() if own_server else in_use(cluster):
        if not own_server:
            sweep(cluster)
            os.environ.update(addresses(cluster))
        return run_parts([[str(checkout.python), "-m", "pytest", *part] for part in parts], checkout.root)


def is_whole(arguments: list[str]) -> bool:
    """Whether the arguments choose no tests and write no file: they say only how much is told, or when to stop."""
    return all(argument in {"-q", "-v", "-x"} or argument.startswith("--durations=") for argument in arguments)


def whole() -> list[list[str]]:
    """What chooses each part of the suite: every test is in exactly one."""
    folders = [folder for part in _PARTS for folder in part]
    return [
        [*part, *(f"--ignore={other}" for other in folders for mine in part if other.startswith(f"{mine}/"))]
        for part in _PARTS
    ]


def run_parts(commands: list[list[str]], folder: Path) -> int:
    """Run the commands, a few side by side, and return the exit code. The first is seen as it goes on, another when it
    has ended.

    Whatever ends this function ends the commands too.
    """
    running: list[tuple[Popen, BinaryIO | None]] = []
    codes = []
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            if len(running) == _LANES:
                codes.append(_first_to_end(running))
            out = stack.enter_context(TemporaryFile()) if number else None
            running.append((Popen(command, cwd=folder, stdout=out, stderr=out and STDOUT), out))
            stack.callback(_end, running[-1][0])
        while running:
            codes.append(_first_to_end(running))
    return next((code for code in codes if code not in {0, _NO_TESTS}), min(codes))


def _first_to_end(running: list[tuple[Popen, BinaryIO | None]]) -> int:
    """Wait until one of them has ended, tell what it said and take it away; its exit code."""
    while not (ended := [one for one in running if one[0].poll() is not None]):
        time.sleep(0.1)
    part, out = ended[0]
    running.remove(ended[0])
    if out:
        out.seek(0)
        sys.stdout.write(out.read().decode(errors="replace"))
        sys.stdout.flush()
    return part.returncode


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
