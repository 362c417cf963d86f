"""Seconds of a first start in a fresh clone, packages downloaded, with each part's share."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.bench.start import up

_ROOT = Path(__file__).resolve().parent.parent.parent


def measure(quick: bool) -> Report:
    """A clone in a temporary folder, started and stopped. `quick` lets pip take what it has downloaded before."""
    # Under the root folder's own temporary directory, because the database's user must be able to reach it.
    with tempfile.TemporaryDirectory(prefix="wangge-first-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the database's own user has to pass through
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(_ROOT), str(clone)], check=True)
        if not quick:
            os.environ["PIP_NO_CACHE_DIR"] = "1"
        whole = seconds(lambda: up(clone))
        parts = json.loads((clone / ".wangge" / "last-start.json").read_text())
        subprocess.run(["python3", "manage.py", "down"], cwd=clone, check=True, capture_output=True)
    return _report(parts["parts"], whole, quick)


def _report(parts: dict[str, float], whole: float, quick: bool) -> Report:
    report = Report(["part", "seconds", "share of the whole"])
    report.rows = [[name, spent, f"{100 * spent / whole:.0f} %"] for name, spent in parts.items()]
    report.rows.append(["whole", whole, "100 %"])
    report.named.append(("first.seconds", whole, "s"))
    report.notes.append("packages from pip's cache" if quick else "packages downloaded")
    return report
