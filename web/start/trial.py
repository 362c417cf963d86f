"""`manage.py test`: all tests on a cluster of their own, browser tests included where there is a browser."""

import os
import shutil
import subprocess

from web.start import debian
from web.start.assets import ensure_assets
from web.start.checkout import Checkout, this_checkout
from web.start.cluster import addresses, ensure_running, tests_cluster
from web.start.environment import ensure_environment
from web.start.problems import CannotStart
from web.start.say import step
from web.start.up import ensure_machine

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def test(arguments: list[str]) -> int:
    """Run pytest with these arguments and return its exit code. The product's database is never touched."""
    checkout = this_checkout()
    own_server = os.environ.get("TEST_DATABASE_URL")
    ensure_machine(checkout, private_database=not own_server)
    ensure_environment(checkout)
    for name in ("DATABASE_URL", "DATABASE_RUNTIME_URL"):
        os.environ.pop(name, None)
    os.environ.update({"DATABASE_URL": own_server} if own_server else _own_cluster(checkout))
    ensure_assets(checkout)
    os.environ["CHROMIUM"] = find_browser() if not wants_browser(arguments) else ensure_browser()
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    return subprocess.run([str(checkout.python), "-m", "pytest", *arguments], cwd=checkout.root, check=False).returncode


def _own_cluster(checkout: Checkout) -> dict[str, str]:
    cluster = tests_cluster(checkout)
    ensure_running(cluster)
    return addresses(cluster)


def wants_browser(arguments: list[str]) -> bool:
    """False when the arguments name tests and none of them is a browser test."""
    named = [argument for argument in arguments if not argument.startswith("-") and "tests" in argument]
    return not named or any("browser" in name or name.rstrip("/") == "tests" for name in named)


def find_browser() -> str:
    """Path of a Chromium, "" when there is none."""
    return next(filter(None, map(shutil.which, _BROWSERS)), "") or ""


def ensure_browser() -> str:
    """Path of a Chromium, installed where root may. "" means that browser tests are skipped, and it has been said."""
    if find_browser():
        return find_browser()
    try:
        debian.install(["chromium", "fonts-noto-cjk"], "Chromium")
    except CannotStart as problem:
        step(f"browser tests are skipped: {problem.message} To run them: {problem.fix}")
    return find_browser()
