"""The browser's own modules, tested under Node, and their types."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "web" / "frontend"
_PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def _npm(*arguments: str) -> subprocess.CompletedProcess:
    npm = shutil.which("npm") or shutil.which("npm", path=_PATH)
    if npm is None or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("no npm, or the browser packages are not installed")
    return subprocess.run(
        [npm, "run", "--silent", *arguments], cwd=FRONTEND, capture_output=True, text=True, timeout=240, check=False,
        env=os.environ | {"PATH": f"{Path(npm).parent}{os.pathsep}{_PATH}"},
    )  # fmt: skip


@pytest.mark.parametrize("script", ["test", "check"])
def test_it_passes_its_own(script):
    done = _npm(script)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_it_names_no_host_in_the_lock():
    lock = (FRONTEND / "package-lock.json").read_text()
    assert "://" not in lock
    assert lock.count('"integrity"') > 10


def test_it_keeps_the_map_within_its_budget():
    import gzip
    import json

    built = FRONTEND.parent / "static" / "built"
    manifest = json.loads((built / "manifest.json").read_text())
    sizes = [len(gzip.compress((built / manifest[name]).read_bytes())) for name in ("site.js", "map.js", "worker.js")]
    assert sum(sizes) < 150_000
