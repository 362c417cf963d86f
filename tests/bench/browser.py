"""The map's frames in Chromium while a dense centre is dragged and zoomed, its heap, and how soon it is recoloured."""

import math
import os
import tempfile
from pathlib import Path

from django.db import connection

from gis.models import Building, CellVersion
from tests.bench.chromium import chromium
from tests.bench.city import city
from tests.bench.moving import Moved, move_in_chromium, p95
from tests.bench.report import Report
from tests.serving import a_server

_FRAME_LIMIT, _HEAP_LIMIT, _RECOLOUR_LIMIT, _SCRIPT_LIMIT = 34, 100, 200, 150


def measure(quick: bool) -> Report:
    report = Report(["what", "measured", "beside"])
    program = chromium()
    if not program:
        report.notes.append("No Chromium on this machine: nothing was measured.")
        return report
    with city(quick):
        report.notes.append(f"{Building.objects.count():,} buildings, {CellVersion.objects.count():,} cells.")
        name, own = connection.settings_dict["NAME"], {"DATABASE_RUNTIME_URL": ""}
        with tempfile.TemporaryDirectory() as folder, a_server(name, Path(folder) / "log", **own) as server:
            moved = move_in_chromium(server.url, program, _densest(), _whole(), rounds=1 if quick else 4)
    _tell(report, moved)
    return report


def _densest() -> tuple[float, float]:
    """Latitude and longitude of the 500 m or so that hold the most buildings."""
    sql = (
        "SELECT avg(ST_Y(p)), avg(ST_X(p)) FROM (SELECT ST_Centroid(geometry) AS p FROM grid_building) b"
        " GROUP BY round(ST_Y(p) * 200), round(ST_X(p) * 200) ORDER BY count(*) DESC LIMIT 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def _whole() -> int:
    """The zoom at which all cells are on one screen, or the smallest that still draws cells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_XMax(e) - ST_XMin(e), ST_YMax(e) - ST_YMin(e) FROM (SELECT ST_Extent(geometry) AS e"
                       " FROM grid_cellversion) x")  # fmt: skip
        width, height = cursor.fetchone()
    widest = max(width / 1000, height / 800 * 1.3)
    return max(11, min(16, math.floor(math.log2(360 / 256 / widest))))


def _tell(report: Report, moved: Moved) -> None:
    both, own = p95(moved.dragged + moved.zoomed), p95(moved.still)
    recoloured = sorted(moved.recoloured_ms)[len(moved.recoloured_ms) // 2]
    took, requests, script, whole = moved.first
    report.rows += [
        ["first visit to a whole picture, ms", took, f"{requests:.0f} requests besides tiles"],
        ["script of a first visit, kB", script, f"limit {_SCRIPT_LIMIT}; of {whole:,.0f} kB in all"],
        ["frame while dragged, p95 ms", p95(moved.dragged), f"longest {max(moved.dragged):.0f}"],
        ["frame while zoomed, p95 ms", p95(moved.zoomed), f"longest {max(moved.zoomed):.0f}"],
        ["frame while either, p95 ms", both, f"limit {_FRAME_LIMIT}"],
        ["frame while nothing moves, p95 ms", own, "the machine's own"],
        ["tasks over 50 ms", len(moved.long), f"longest {max(moved.long, default=0):.0f} ms"],
        ["heap at its largest, MB", moved.heap_mb, f"limit {_HEAP_LIMIT}"],
        ["heap after collecting, MB", moved.kept_mb, ""],
        ["recoloured, median ms", recoloured, f"limit {_RECOLOUR_LIMIT}; longest {max(moved.recoloured_ms):.0f}"],
    ]
    report.named += [
        ("browser.frame_p95_ms", both, "ms"),
        ("browser.heap_mb", moved.heap_mb, "MB"),
        ("browser.recolour_ms", recoloured, "ms"),
    ]
    load, cores = os.getloadavg()[0], os.cpu_count()
    report.notes.append(
        f"{len(moved.dragged) + len(moved.zoomed)} frames; at the end a load of {load:.1f} on {cores} cores."
    )
