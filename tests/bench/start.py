"""Seconds of the second `up --no-serve`: what someone waits for every morning."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.bench.clock import seconds
from tests.bench.report import Report

_LIMIT = 4.0
_ROOT = Path(__file__).resolve().parent.parent.parent


def measure(quick: bool) -> Report:
    """This checkout's own `up --no-serve`, several times after one that is not counted."""
    rounds = 3 if quick else 7
    up()
    times = sorted(seconds(up) for _ in range(rounds))
    report = Report(["run", "seconds", "limit"])
    report.rows = [["fastest", times[0], _LIMIT], ["median", median(times), _LIMIT], ["slowest", times[-1], _LIMIT]]
    report.named.append(("start.seconds", median(times), "s"))
    return report


def up(root: Path = _ROOT) -> None:
    """`manage.py up --no-serve` as a user calls it, outside our environment. Raises when it fails."""
    python = getattr(sys, "_base_executable", sys.executable)
    own = {"VIRTUAL_ENV", "DATABASE_URL", "DATABASE_RUNTIME_URL", "DJANGO_SETTINGS_MODULE", "WANGGE_DATA"}
    plain = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        [python, "manage.py", "up", "--no-serve"], cwd=root, env=plain, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"up failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
