"""A place in the stream, as a browser holds it."""

import pytest

from web.live import position
from web.live.position import LONGEST_AWAY_S, Position, seal, unseal

HERE = Position("731:740:731,735", 16384)


def test_it_comes_back_as_it_was_and_reads_differently_each_time():
    assert unseal(seal(HERE)) == HERE
    assert seal(HERE) != seal(HERE)
    assert "731" not in seal(HERE)


@pytest.mark.parametrize("i", [0, 10, 30, -2])
def test_nobody_else_writes_one(i):
    sealed = seal(HERE)
    letter = "A" if sealed[i] != "A" else "B"
    assert unseal(sealed[:i] + letter + sealed[i:][1:]) is None


def test_nobody_catches_up_after_more_than_a_day(monkeypatch):
    sealed = seal(HERE)
    now = position.time.time()
    monkeypatch.setattr(position.time, "time", lambda: now + LONGEST_AWAY_S)
    assert unseal(sealed) is None
