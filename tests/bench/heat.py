"""The heat map of two years of incidents: seconds to the first picture and milliseconds a frame in Chromium, with the
server's share beside the same cube counted in SQL."""

import tempfile
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db import connection
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.exchange.copying import copy_columns
from gis.incidents.finding import Wanted, this_second
from gis.models import Area, Category, CellVersion, Incident
from layers.bins import Grid, grid_over
from layers.heat import cube_of, packed
from layers.heat_times import Times, times_of
from layers.incident_copy import forget, incidents_now
from layers.incident_selection import Selection, selected
from tests.bench.chromium import chromium
from tests.bench.clock import in_turn, seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.bench.sliding import slide_in_chromium
from tests.serving import a_server

_DISTRICT = "110113"
_DAYS = 730
_FIRST_LIMIT, _FRAME_LIMIT = 1.0, 20.0


def measure(quick: bool) -> Report:
    """A million incidents over the small town, so that all of them are in the window; 100,000 when `quick`."""
    with scratch_database("small"):
        written = seconds(lambda: write_incidents(100_000 if quick else 1_000_000))
        report = Report(["what", "ms", "beside"])
        count = Incident.objects.count()
        report.notes.append(f"{count:,} incidents, written in {written:.1f} s; all of them in the window.")
        _measure_server(report, rounds=3 if quick else 7)
        _measure_browser(report)
    return report


def write_incidents(number: int) -> None:
    """Incidents of two years: half around forty places, half anywhere, more by day than by night."""
    random = np.random.default_rng(20261124)
    west, south, east, north = Area.objects.filter(code__startswith=_DISTRICT).aggregate(box=Extent("geometry"))["box"]
    centres = random.uniform([west, south], [east, north], (40, 2))
    anywhere = random.uniform([west, south], [east, north], (number, 2))
    around = centres[random.integers(40, size=number)] + random.normal(0, 0.0015, (number, 2))
    xy = np.clip(np.where(random.random(number)[:, None] < 0.5, around, anywhere), [west, south], [east, north])
    now = np.datetime64(timezone.now().replace(tzinfo=None), "s")
    hours = random.triangular(0, 14, 24, number) * 3600
    at = now - (random.integers(0, _DAYS - 1, number) * 86400 + hours).astype("timedelta64[s]")
    cells = np.array(CellVersion.objects.values_list("code", flat=True), dtype=object)
    categories = np.array(Category.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        # What figures cost is measured elsewhere; here a million rows only have to be there.
        cursor.execute("ALTER TABLE grid_incident DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX incident_drawing")
    copy_columns(
        Incident,
        {
            "number": [f"B{n:09d}" for n in range(number)],
            "category": categories[random.integers(len(categories), size=number)],
            "reported_at": at,
            "position": shapely.points(xy),
            "area": cells[random.integers(len(cells), size=number)],
            "state": np.array(["closed", "reported", "in_progress"], dtype=object)[random.integers(3, size=number)],
        },
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE grid_incident")


def _measure_server(report: Report, rounds: int) -> None:
    forget()
    loaded = seconds(incidents_now)
    grid, times = _window()
    zone = ZoneInfo(settings.TIME_ZONE)
    cube = cube_of(_chosen(), grid, times, zone)
    assert cube.sum() == _sql_total(grid, times)  # the yardstick counts the same
    spent = in_turn(
        {
            "ask what changed": incidents_now,
            "count": lambda: cube_of(_chosen(), grid, times, zone),
            "pack": lambda: packed(cube, grid, times),
            "the same cube in SQL": lambda: _sql_cube(grid, times),
        },
        rounds,
    )
    report.rows.append(["read all into memory, once a process", 1000 * loaded, ""])
    report.rows += [[name, 1000 * took, ""] for name, took in spent.items()]
    report.named.append(("heat.count_ms", 1000 * spent["count"], "ms"))
    report.named.append(("heat.sql_gain", spent["the same cube in SQL"] / spent["count"], "x"))
    size = len(packed(cube, grid, times)) / 1000
    report.notes.append(f"{grid.columns} × {grid.rows} × {len(times)} bins, {size:,.0f} kB.")


def _chosen() -> Selection:
    return selected(incidents_now(), Wanted(), Scope.of([_DISTRICT]), this_second())


def _window() -> tuple[Grid, Times]:
    box = Area.objects.filter(code__startswith=_DISTRICT).aggregate(box=Extent("geometry"))["box"]
    last = timezone.localdate()
    return grid_over(box, 18), times_of(last - timedelta(_DAYS - 1), last, "week", ZoneInfo(settings.TIME_ZONE))


def _sql_cube(grid: Grid, times: Times) -> list:
    west, north = grid.corner
    sql = (
        "SELECT width_bucket(extract(epoch FROM reported_at), %s::numeric[]) AS t,"
        " floor((%s - ST_Y(drawing)) / %s)::int AS y, floor((ST_X(drawing) - %s) / %s)::int AS x, count(*)"
        " FROM grid_incident WHERE area >= %s AND area < %s AND reported_at >= to_timestamp(%s)"
        " AND reported_at < to_timestamp(%s) GROUP BY 1, 2, 3"
    )
    edges = [int(edge) for edge in times.edges]
    with connection.cursor() as cursor:
        size = grid.size
        cursor.execute(sql, [edges, north, size, west, size, _DISTRICT, _DISTRICT + ":", edges[0], edges[-1]])
        return cursor.fetchall()


def _sql_total(grid: Grid, times: Times) -> int:
    return sum(row[3] for row in _sql_cube(grid, times) if 0 <= row[1] < grid.rows and 0 <= row[2] < grid.columns)


def _measure_browser(report: Report) -> None:
    program = chromium()
    if not program:
        report.notes.append("No Chromium on this machine: heat.first_s and heat.frame_p95_ms were not measured.")
        return
    name, first = connection.settings_dict["NAME"], timezone.localdate() - timedelta(_DAYS - 1)
    # No second login: there may be none here, and the one login leaves the owner's rights behind.
    own = {"DATABASE_RUNTIME_URL": ""}
    with tempfile.TemporaryDirectory() as folder, a_server(name, Path(folder) / "log", **own) as server:
        slid = slide_in_chromium(server.url, program, first)
    report.rows += [
        ["first picture, the server's first request", 1000 * slid.cold_s, ""],
        ["first picture", 1000 * slid.first_s, f"limit {1000 * _FIRST_LIMIT:,.0f}"],
        ["frame while sliding, p95", slid.frame_p95_ms, f"limit {_FRAME_LIMIT:.0f}"],
        ["frame while nothing moves, p95", slid.still_p95_ms, "the machine's own"],
        ["of a frame sum, smooth and colour, median", slid.drawn_ms, ""],
    ]
    report.named += [("heat.first_s", slid.first_s, "s"), ("heat.frame_p95_ms", slid.frame_p95_ms, "ms")]
    report.notes.append(
        f"In Chromium: {slid.bins:,} place bins × {slid.steps} weeks, {slid.total:,} incidents, {slid.frames} frames."
    )
