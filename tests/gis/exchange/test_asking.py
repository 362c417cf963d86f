"""What is asked on a terminal before anything is written."""

import os
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis.models import Incident

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture
def answer(monkeypatch) -> Iterator:
    """Type lines on a real terminal."""
    master, slave = os.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(slave))
    yield lambda *lines: os.write(master, "".join(f"{line}\n" for line in lines).encode())
    os.close(master)


@pytest.fixture
def path(write):
    return write(
        "a.csv", {"time": ["2026-03-05"], "lon": [116.651], "lat": [40.121], "extra": ["x"], "where": ["府前街"]}
    )


def ask(path) -> str:
    out = StringIO()
    call_command("import_incidents", str(path), stdout=out)
    return out.getvalue()


def test_it_shows_the_guess_and_goes_on_at_a_yes(answer, path):
    answer("y")
    said = ask(path)
    assert "longitude      ← lon" in said
    assert "not imported: " in said
    assert Incident.objects.count() == 1


def test_it_imports_nothing_at_a_no(answer, path):
    answer("n")
    with pytest.raises(CommandError, match="Nothing was imported"):
        ask(path)
    assert not Incident.objects.exists()


def test_it_takes_a_correction_and_asks_again(answer, path):
    answer("place=wher", "place=where", "yes")
    assert "是不是：where" in ask(path)
    assert Incident.objects.get().place == "府前街"
