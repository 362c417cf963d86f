"""Processes kept side by side: they …"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.start.conftest import ROOT
from web.start.processes import is_alive, wait_until

_KEEP = """
import sys
from web.start.keeping import Kept, keep
main, other = ([sys.executable, "-c", text] for text in sys.argv[1:3])
sys.exit(keep(Kept("main", main), [Kept("other", other)]))
"""
#: Leaves its process number, and a child's, where the test finds them.
_LIVES = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
open({file!r} + ".new", "w").write(f"{{os.getpid()}} {{child.pid}}")
os.rename({file!r} + ".new", {file!r})
time.sleep(600)
"""


class Pair:
    def __init__(self, folder: Path) -> None:
        self.files = {name: folder / name for name in ("main", "other")}
        programs = [_LIVES.format(file=str(file)) for file in self.files.values()]
        command = [sys.executable, "-c", _KEEP, *programs]
        self.keeper = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def pids(self, name: str, beside: list[int] | None = None) -> list[int]:
        """The two processes of a name; others than those `beside`."""
        file = self.files[name]
        assert wait_until(lambda: file.exists() and [int(pid) for pid in file.read_text().split()] != beside, 30)
        return [int(pid) for pid in file.read_text().split()]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.keeper.terminate()
    made.keeper.communicate(timeout=30)


def ended(pids: list[int]) -> bool:
    return wait_until(lambda: not any(map(is_alive, pids)), 20)


def test_they_are_started_again_with_nothing_left_of_the_one_that_died(pair):
    main, first = pair.pids("main"), pair.pids("other")
    os.kill(first[0], signal.SIGKILL)
    second = pair.pids("other", beside=first)
    assert ended(first)
    assert is_alive(second[0])
    assert pair.pids("main") == main


def test_they_end_when_they_are_told(pair):
    pids = pair.pids("main") + pair.pids("other")
    pair.keeper.terminate()
    assert pair.keeper.wait(30) == 0
    assert ended(pids)


def test_they_end_with_the_main_one(pair):
    main, other = pair.pids("main"), pair.pids("other")
    os.kill(main[0], signal.SIGKILL)
    assert pair.keeper.wait(30) == 1
    assert ended(main + other)
