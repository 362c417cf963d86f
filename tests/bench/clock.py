"""Timing two things in turn, so that a noisy machine slows both."""

import time
from collections.abc import Callable
from statistics import median


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def in_turn(acts: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each act over the rounds, after one round that is not counted."""
    for act in acts.values():
        act()
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            times[name].append(seconds(act))
    return {name: median(found) for name, found in times.items()}
