"""The rules of the house, checked on the files themselves: layers, lint, lengths, names, locks, documented commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    "gis",
    "layers",
    "web",
    "fixtures",
    "tests",
    "manage.py",
    "pyproject.toml",
    "README.md",
    "requirements.lock",
}
SAYS_NOTHING = re.compile(r"(^|/)(utils|helpers|common|services|misc|managers)(\.py|\.ts|/)")
#: Addresses of places to download from have no business in a file: the client in use knows its own.
HOSTS = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|debian\.org|registry)", re.IGNORECASE)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the files of the project cannot be told from others")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_imports_downwards_only():
    done = run(str(Path(sys.executable).with_name("lint-imports")))
    assert done.returncode == 0, done.stdout


def test_it_passes_the_linter():
    done = run(sys.executable, "-m", "ruff", "check", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout


def test_it_keeps_the_agreed_top_level():
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL | {
        name for name in {path.split("/")[0] for path in tracked()} if name.startswith(".")
    }


def test_it_names_files_after_their_subject():
    assert [name for name in tracked() if SAYS_NOTHING.search(name)] == []


def test_it_keeps_files_short():
    sources = [
        name for name in tracked() if name.endswith((".py", ".ts", ".css", ".html")) and "/migrations/" not in name
    ]
    long = {name: lines for name in sources if (lines := (ROOT / name).read_text("utf-8").count("\n")) > 420}
    assert long == {}


def test_it_names_no_place_to_download_from():
    texts = [name for name in tracked() if not name.endswith((".png", ".webp", ".ico", ".woff2"))]
    assert [name for name in texts if HOSTS.search((ROOT / name).read_text("utf-8", errors="replace"))] == []


def test_it_commits_nothing_built():
    assert [name for name in tracked() if re.search(r"node_modules/|/dist/|/built/|\.min\.(js|css)$|\.mo$", name)] == []


def test_it_documents_every_command():
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = {
        Path(name).stem for name in tracked() if "/management/commands/" in name and not name.endswith("__init__.py")
    }
    assert {name for name in commands if name not in readme} == set()


def test_its_readme_shows_every_picture_and_each_is_described():
    shown = dict(re.findall(r"!\[([^\]]*)\]\((\S+)\)", (ROOT / "README.md").read_text("utf-8")))
    assert sorted(shown.values()) == sorted(name for name in tracked() if name.startswith("fixtures/pictures/"))
    assert all(len(words) > 20 for words in shown)
