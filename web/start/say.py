"""Progress on the terminal: what is being done, and how long each part took."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The monotonic clock is the whole machine's: a child process goes on counting from its parent's beginning.
_BEGAN = float(os.environ.get("WANGGE_BEGAN") or time.monotonic())
#: Seconds of each part of this start, in order.
PARTS: dict[str, float] = {}


def pass_clock() -> dict[str, str]:
    """The environment variable by which a child process counts from our beginning."""
    return {"WANGGE_BEGAN": str(_BEGAN)}


def step(text: str) -> None:
    """One line with the seconds since the command began. On standard error: output of commands stays clean."""
    print(f"{time.monotonic() - _BEGAN:6.1f} s  {text}", file=sys.stderr, flush=True)


def count(text: str, done: int, total: int) -> None:
    """A line that counts in place on a terminal, and stays silent in a log file."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(
            f"\r{time.monotonic() - _BEGAN:6.1f} s  {text} {done} of {total}",
            end=end,
            file=sys.stderr,
            flush=True,
        )


@contextmanager
def part(name: str) -> Iterator[None]:
    """Add the seconds of a block to the part `name`."""
    began = time.monotonic()
    try:
        yield
    finally:
        PARTS[name] = PARTS.get(name, 0.0) + time.monotonic() - began


def read_parts(path: Path) -> None:
    """Take in the parts a child process wrote."""
    for name, seconds in json.loads(path.read_text())["parts"].items():
        PARTS[name] = PARTS.get(name, 0.0) + seconds


def write_parts(path: Path, **facts: object) -> None:
    """Leave the seconds of each part, for `manage.py bench start|first` and for a parent process."""
    seconds = {name: round(value, 3) for name, value in PARTS.items()}
    total = round(time.monotonic() - _BEGAN, 3)
    path.write_text(json.dumps({"seconds": total, "parts": seconds, **facts}, indent=1, ensure_ascii=False) + "\n")


def table_of_parts() -> str:
    """One line: each part with its seconds."""
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in PARTS.items() if seconds >= 0.05)
