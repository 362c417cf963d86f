"""Progress on the terminal: what is being done, and how long each part took."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BEGAN = time.monotonic()
#: Seconds of each part of this start, in order.
PARTS: dict[str, float] = {}


def step(text: str) -> None:
    """One line with the seconds since the command began. On standard error: output of commands stays clean."""
    print(f"{time.monotonic() - _BEGAN:6.1f} s  {text}", file=sys.stderr, flush=True)


def count(text: str, done: int, total: int) -> None:
    """A line that counts in place on a terminal, and stays silent in a log file."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(f"\r{time.monotonic() - _BEGAN:6.1f} s  {text} {done} of {total}", end=end, file=sys.stderr, flush=True)


@contextmanager
def part(name: str) -> Iterator[None]:
    """Add the seconds of a block to the part `name`."""
    began = time.monotonic()
    try:
        yield
    finally:
        PARTS[name] = PARTS.get(name, 0.0) + time.monotonic() - began


def write_parts(path: Path, first: bool) -> None:
    """Leave the seconds of each part for `manage.py bench start|first`."""
    seconds = {name: round(value, 3) for name, value in PARTS.items()}
    total = round(time.monotonic() - _BEGAN, 3)
    path.write_text(json.dumps({"first": first, "seconds": total, "parts": seconds}, indent=1) + "\n")
