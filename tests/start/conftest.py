"""Real clusters in folders of their own. Nothing here touches the databases of this checkout."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.start.cluster import Cluster, ensure_running, stop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that PostgreSQL's own user can reach, which pytest's tmp_path is not."""
    yield from _folder()


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    yield from _folder()


def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="wangge-test-")).resolve()
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def made(shared_folder: Path) -> Iterator[Cluster]:
    """A running cluster that the tests of one file may kill, stop and start."""
    cluster = Cluster(shared_folder / "database")
    ensure_running(cluster)
    yield cluster
    stop(cluster)


@pytest.fixture
def running(made: Cluster) -> Cluster:
    ensure_running(made)
    return made


class Clone:
    """A copy of this checkout's files with this checkout's environment, as somebody else on the machine has it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / ".wangge"

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def environment(self, **more: str) -> dict[str, str]:
        ours = ("DATABASE_URL", "DATABASE_RUNTIME_URL", "WANGGE_DATA", "WANGGE_BEGAN", "WANGGE_SERVING", "PORT")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | more


def copy_checkout(target: Path, *, environment: bool = True) -> Clone:
    """Copy the source files, link `.venv`, leave the browser side out: these tests are about the rest."""
    leave = shutil.ignore_patterns(".venv", ".wangge", ".git", ".env", "frontend", "__pycache__", "tests", ".*_cache")
    shutil.copytree(ROOT, target, ignore=leave)
    if environment:
        (target / ".venv").symlink_to(ROOT / ".venv")
    return Clone(target)


@pytest.fixture
def clone(folder: Path) -> Iterator[Clone]:
    yield from _clone(folder)


@pytest.fixture(scope="module")
def shared_clone(shared_folder: Path) -> Iterator[Clone]:
    yield from _clone(shared_folder)


def _clone(folder: Path) -> Iterator[Clone]:
    made = copy_checkout(folder / "checkout")
    yield made
    made.manage("down")
