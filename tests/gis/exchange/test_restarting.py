"""An import that is killed in the middle and run again ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time

import pytest
import shapely

from gis.models import Area, Building, Incident
from tests.databases import address_of

ROWS = 6_000
COMMUNITY = "990101001001"


@pytest.fixture
def island(own_town) -> str:
    """A community far from the town, in a database where a test may commit."""
    from gis.exchange.parents import to_geos

    Area.objects.create(
        code=COMMUNITY,
        level="community",
        name="岛",
        geometry=to_geos(shapely.multipolygons([shapely.box(10, 10, 11, 11)])),
    )
    return own_town


def start(database: str, subject: str, path, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "django", f"import_{subject}", str(path), "--yes", *arguments]
    # The copy of the test database is named by address; nothing of the parent's connection is shared.
    environment = {**os.environ, "DATABASE_URL": address_of(database)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=os.getcwd()
    )


def kill_in_the_middle(process: subprocess.Popen, model) -> int:
    """Kill -9 once some rows are there; how many were."""
    patience = time.monotonic() + 240
    while not model.objects.filter(source="many").exists():
        if process.poll() is not None or time.monotonic() > patience:
            pytest.fail(f"nothing came in: {process.communicate(timeout=5)[0]}")
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    return model.objects.filter(source="many").count()


def finish(database: str, subject: str, path, *arguments: str) -> str:
    process = start(database, subject, path, *arguments)
    said, _ = process.communicate(timeout=400)
    assert process.returncode == 0, said
    return said


def grid() -> list:
    return [
        shapely.box(10 + x / 1000, 10 + y / 1000, 10 + x / 1000 + 0.0005, 10 + y / 1000 + 0.0005)
        for y in range(60)
        for x in range(100)
    ]


def test_it_ends_with_the_same_buildings_and_codes_after_a_kill(island, write):
    path = write("many.parquet", {"id": range(ROWS)}, grid())
    here = kill_in_the_middle(start(island, "buildings", path, "--batch", "50"), Building)
    assert 0 < here < ROWS
    said = finish(island, "buildings", path)
    assert f"{ROWS - here:,} new, 0 updated, {here:,} unchanged, 0 refused" in said
    codes = dict(Building.objects.filter(source="many").values_list("source_code", "code"))
    assert codes == {str(number): f"{COMMUNITY}{number + 1:05d}" for number in range(ROWS)}


def test_it_ends_with_every_incident_once_after_a_kill(island, write):
    path = write(
        "many.csv",
        {"time": ["2026-01-01 12:00"] * ROWS, "lon": [10 + n / ROWS for n in range(ROWS)], "lat": [10.5] * ROWS},
    )
    here = kill_in_the_middle(start(island, "incidents", path, "--batch", "50"), Incident)
    assert 0 < here < ROWS
    assert f"{ROWS - here:,} new, 0 updated, {here:,} unchanged" in finish(island, "incidents", path)
    assert Incident.objects.filter(source="many").count() == ROWS


def test_it_lets_two_imports_of_one_file_take_turns(island, write):
    path = write("many.parquet", {"id": range(ROWS)}, grid())
    both = [start(island, "buildings", path) for _ in range(2)]
    said = "".join(process.communicate(timeout=400)[0] for process in both)
    assert [process.returncode for process in both] == [0, 0], said
    assert "6,000 new" in said
    assert "6,000 unchanged" in said
