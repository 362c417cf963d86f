"""Processes that run side by side until one is told to stop: a main one, and others that are started again."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field

from web.start.say import step

#: Seconds before what died is started again, longer each time; a minute of life makes it start over.
_PAUSES = (0.1, 0.5, 1, 2, 5, 10, 30)
_STEADY_S = 60.0
_PATIENCE_S = 20.0


@dataclass
class Kept:
    """A program to keep running. It leads a process group, so that nothing of it outlives it."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    deaths: int = 0
    started_at: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, process_group=0)

    def pause(self) -> float:
        """Seconds to wait before the next start."""
        self.deaths = 1 if time.monotonic() - self.started_at > _STEADY_S else self.deaths + 1
        return _PAUSES[min(self.deaths, len(_PAUSES)) - 1]

    def signal(self, number: int) -> None:
        """To the whole group: a killed leader's workers still hold its port."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class _Told(Exception):
    pass


def keep(main: Kept, others: list[Kept]) -> int:
    """Run until SIGTERM or SIGINT, which end all of them, or until `main` ends by itself: its exit code."""
    everything = [main, *others]
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        for one in everything:
            one.start()
        return _watch(main, others)
    except _Told:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(everything)


def _stop(*_: object) -> None:
    raise _Told


def _watch(main: Kept, others: list[Kept]) -> int:
    by_pid = {one.process.pid: one for one in [main, *others] if one.process}
    while True:
        pid, status = os.wait()
        one = by_pid.pop(pid, None)
        if one is None:
            continue
        code = os.waitstatus_to_exitcode(status)
        one.signal(signal.SIGKILL)
        if one is main:
            return code if code > 0 else 1
        pause = one.pause()
        step(f"{one.name} ended ({code}) and is started again in {pause:g} s")
        time.sleep(pause)
        one.start()
        by_pid[one.process.pid] = one


def _end(everything: list[Kept]) -> None:
    for one in everything:
        one.signal(signal.SIGTERM)
    limit = time.monotonic() + _PATIENCE_S
    for one in everything:
        if one.process:
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0.1, limit - time.monotonic()))
            one.signal(signal.SIGKILL)
