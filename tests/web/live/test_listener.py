"""What waits for one browser: it …"""

import asyncio

from tests.aside import run_aside
from web.live.listener import MOST_BYTES, MOST_WAITING, Listener


def taken(listener: Listener) -> bytes:
    return run_aside(asyncio.wait_for(listener.take(), 5))


def test_it_is_handed_out_in_order_and_once():
    listener = Listener("s")
    assert listener.put(b"a")
    assert listener.put(b"b")
    assert taken(listener) == b"ab"
    listener.put(b"c")
    assert taken(listener) == b"c"


def test_it_is_dropped_when_too_many_or_too_large_wait():
    slow = Listener("s")
    assert all(slow.put(b"x") for _ in range(MOST_WAITING))
    assert not slow.put(b"y")
    assert slow.put(b"anew")
    assert taken(slow) == b"anew"
    assert not Listener("s").put(b"x" * (MOST_BYTES + 1))


def test_it_ends_with_its_last_event():
    listener = Listener("s")
    listener.put(b"a secret no longer theirs")
    listener.end(b"closed")
    listener.put(b"later")
    assert taken(listener) == b"closed"
    assert taken(listener) == b""
