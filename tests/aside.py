"""Work that needs a thread of its own: once a browser test has run, Playwright's loop runs in the main one for good."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """What `work` returns, done in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def run_aside(coroutine: Coroutine[object, object, T]) -> T:
    """What a coroutine returns, in an event loop of its own."""
    return aside(lambda: asyncio.run(coroutine))
