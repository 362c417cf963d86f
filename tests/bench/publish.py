"""A district's cells all redrawn at once: 20,000 buildings and 200,000 points told their cell, readers reading on.

Sixteen streets out of the generator without their people; then each building gets two dwellings with a household and a
resident each, and incidents are strewn about buildings until there are 200,000 points. Of three cells in a row
the first is split in two new ones and the second takes half of the third. Meanwhile two other processes read: a list
of buildings, the figures of all cells, and in one statement whether what they see is whole. The yardstick is the same
reading for as long without a publication.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone

from gis.exchange.copying import copy_columns, reserve_ids
from gis.models import Area, Building, Category, Dwelling, Household, Incident, Residence, Resident, User
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.impact import impact
from gis.planning.publishing.publishing import publish
from gis.planning.publishing.standing import standing
from gis.statistics.recounting import wrong_areas
from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.databases import address_of

_READERS = 2


def measure(quick: bool) -> Report:
    streets, points = (1, 10_000) if quick else (16, 200_000)
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        _lay(streets, points)
        communities = list(Area.objects.filter(level="community").values_list("code", flat=True))
        communities = [code for code in communities if Building.objects.filter(area__startswith=code).exists()]
        drafts = _redrawn(communities)
        told = seconds(lambda: impact(drafts, communities, timezone.localdate()))
        with _readers(Path(folder) / "reading") as reading:
            spent = seconds(lambda: publish(drafts, communities, timezone.localdate(), user=User.objects.first()))
        with _readers(Path(folder) / "alone") as alone:
            time.sleep(spent)
        return _report(spent, told, reading, alone)


def _lay(streets: int, points: int) -> None:
    from fixtures.town import write_town

    write_town("town", scale=streets, people=False)
    houses = list(Building.objects.exclude(cell=None).values_list("id", "area", "geometry"))
    areas = np.array([area for _, area, _ in houses], dtype=object)
    _fill(np.repeat([key for key, _, _ in houses], 2), np.repeat(areas, 2))
    middles = shapely.get_coordinates(shapely.centroid(shapely.from_wkb([bytes(g.wkb) for _, _, g in houses])))
    _strew(areas, middles, points - Incident.objects.count())
    connection.cursor().execute("VACUUM ANALYZE")


def _fill(building: np.ndarray, area: np.ndarray) -> None:
    """A dwelling with a household and a resident for each row."""
    count, today = len(building), timezone.localdate().isoformat()
    doors, people = reserve_ids(Dwelling, count), reserve_ids(Resident, count)
    room = [str(number % 2 + 1) for number in range(count)]
    copy_columns(Dwelling, {"id": doors, "building": building, "area": area, "room": room})
    copy_columns(Household, {"dwelling": doors, "area": area})
    copy_columns(Resident, {"id": people, "name": ["某"] * count, "area": area})
    living = {
        "resident": people,
        "dwelling": doors,
        "area": area,
        "kind": ["living"] * count,
        "starts": [today] * count,
    }
    copy_columns(Residence, living)


def _strew(areas: np.ndarray, middles: np.ndarray, count: int) -> None:
    chance = np.random.default_rng(20240101)
    at = chance.integers(0, len(areas), count)
    xy = middles[at] + chance.normal(0, 1e-5, (count, 2))
    copy_columns(
        Incident,
        {
            "number": [f"B{number:07d}" for number in range(count)],
            "category": [Category.objects.first().pk] * count,
            "reported_at": [timezone.now().isoformat()] * count,
            "position": shapely.points(xy),
            "area": areas[at],
        },
    )


def _redrawn(communities: list[str]) -> list[Draft]:
    """Drafts in which no cell is as it was."""
    old = standing(communities, timezone.localdate())
    parts: list[tuple[str, str, shapely.Geometry]] = []
    for community in communities:
        mine = [place for place, code in enumerate(old.codes) if code.startswith(community)]
        for turn in range(0, len(mine), 3):
            parts += [
                (community, *part) for part in _redraw([(old.codes[p], old.shapes[p]) for p in mine[turn : turn + 3]])
            ]
    return [Draft(number, "", "service", place, code, shape) for number, (place, code, shape) in enumerate(parts, 1)]


def _redraw(cells: list[tuple[str, shapely.Geometry]]) -> list[tuple[str, shapely.Geometry]]:
    """Of three cells the first is split in two new ones; of the last two, one takes half of the other."""
    parts = []
    if len(cells) == 3:
        parts += [("", half) for half in _halves(cells[0][1])]
    if len(cells) > 1:
        half, rest = _halves(cells[-1][1])
        parts += [(cells[-2][0], shapely.union(cells[-2][1], half)), (cells[-1][0], rest)]
    return parts or cells


def _halves(shape: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    parts = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    return tuple(shapely.intersection(shape, part) for part in parts)


@contextmanager
def _readers(log: Path):
    """Other processes that read all the while; what each saw is in the list once they have stopped."""
    # A day begins for them when it does for those who publish: PGTZ is what libpq asks a server for.
    env = os.environ | {"READ_FROM": address_of(connection.settings_dict["NAME"]), "PGTZ": connection.timezone_name}
    program = [sys.executable, str(Path(__file__).with_name("publish_reading.py"))]
    running = [
        subprocess.Popen([*program, f"{log}{number}"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for number in range(_READERS)
    ]
    for one in running:
        one.stdout.readline()  # it has read once
    seen: list[dict] = []
    yield seen
    for one in running:
        one.communicate(b"stop\n")
    seen += [json.loads(Path(f"{log}{number}").read_text()) for number in range(_READERS)]


def _report(spent: float, told: float, reading: list[dict], alone: list[dict]) -> Report:
    report = Report(["what", "publishing", "alone"])
    torn = sum(one["torn"] for one in reading)
    for name in ("reads", "median_ms", "longest_ms"):
        both = [[one[name] for one in side] for side in (reading, alone)]
        report.rows.append([name, *(float(sum(one) if name == "reads" else max(one)) for one in both)])
    report.notes += [f"wrong figures after it: {len(wrong_areas())}", f"impact report: {told:.2f} s"]
    counts = f"{Building.objects.count():,} buildings, {Incident.objects.count():,} points, "
    counts += f"{Dwelling.objects.count():,} dwellings, {Residence.objects.count():,} stays"
    report.notes.append(counts)
    report.named = [
        ("publish.s", spent, "s"),
        ("publish.torn_reads", torn, ""),
        ("publish.reads", sum(one["reads"] for one in reading), ""),
        ("publish.longest_read_ms", max(one["longest_ms"] for one in reading), "ms"),
        ("publish.longest_read_alone_ms", max(one["longest_ms"] for one in alone), "ms"),
        ("publish.impact_s", told, "s"),
    ]
    return report
