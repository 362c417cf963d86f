"""10,000 buildings as GeoJSON by `/ogc` through the whole server, signed in and in scope, beside tipg on the same
table and beside psql's bare ST_AsGeoJSON.

tipg gives features with the same outline and as many properties; both are asked for a page after another, as a client
that fetches everything does, by their own `next` links' means: a key here, an offset there. The wheels of GDAL at hand
have no PostgreSQL driver, so that `ogr2ogr` from PostGIS is stood in for by what is below it: the bare statement, whose
answer psql throws away.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from django.db import connection

from gis.models import Building
from tests.bench.asking import Line
from tests.bench.city import city
from tests.bench.peers import tipg
from tests.bench.report import Report
from tests.bench.tiles import session_of
from tests.databases import address_of
from tests.serving import a_server

_READER = "sun"  # watches the whole city
_MANY, _PAGE, _LIMIT = 10_000, 1_000, 3
_BARE = """COPY (SELECT json_build_object('type', 'Feature', 'id', code, 'geometry', ST_AsGeoJSON(geometry, 7)::json,
  'properties', json_build_object('code', code, 'kind', kind, 'number', number, 'name', name, 'road', road,
  'gate', gate, 'floors', floors, 'units', units, 'built_year', built_year, 'area_m2', area_m2, 'area', area))
  FROM grid_building ORDER BY code LIMIT {many}) TO STDOUT"""


def measure(quick: bool) -> Report:
    """A fiftieth of the city and fewer rounds when `quick`."""
    report = Report(["what", "ours", "beside", "ours / beside", "limit"])
    with city(quick), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        name, many = connection.settings_dict["NAME"], min(_MANY, Building.objects.count())
        ours = stack.enter_context(a_server(name, folder / "ours.log", DATABASE_RUNTIME_URL=""))
        theirs = stack.enter_context(tipg(1, folder / "tipg.log"))
        plain = {"Accept-Encoding": "identity"}
        line = Line(ours.url, plain | {"Cookie": f"sessionid={session_of(_READER)}"})
        other = Line(theirs, plain)
        runs = {
            "one page": (lambda: _ours(line, many, many), lambda: _tipg(other, many, many)),
            "pages of 1,000": (lambda: _ours(line, many, _PAGE), lambda: _tipg(other, many, _PAGE)),
        }
        rounds = 3 if quick else 7
        gains = [_row(report, title, *pair, many, rounds) for title, pair in runs.items()]
        bare = _rate(lambda: _psql(name, many), many, rounds)
        mine = _rate(runs["one page"][0], many, rounds)
        report.rows.append(["one page, features/s, beside psql's bare statement", mine, bare, mine / bare, "–"])
        report.named += [("ogc.tipg_gain", gains[0], "x"), ("ogc.paged_gain", gains[1], "x")]
        report.named += [("ogc.bare_share", mine / bare, "x"), ("ogc.features_s", mine, "1/s")]
    report.notes.append(f"{many} buildings, one client, one process a server; medians of {rounds} rounds by turns.")
    return report


def _row(report: Report, title: str, ours: Callable, theirs: Callable, many: int, rounds: int) -> float:
    """By turns, so that what else the machine does meets both."""
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds + 1)][1:]
    mine, other = (many / median(column) for column in zip(*pairs, strict=True))
    gain = median(beside / own for own, beside in pairs)
    report.rows.append([f"{title}, features/s, beside tipg", mine, other, gain, f"≥ {_LIMIT}"])
    return gain


def _rate(run: Callable, many: int, rounds: int) -> float:
    return many / median([_seconds(run) for _ in range(rounds + 1)][1:])


def _seconds(run: Callable) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _ours(line: Line, many: int, page: int) -> None:
    path, seen = f"/ogc/collections/buildings/items?limit={page}", 0
    while seen < many:
        answer = line.get(path)
        head = answer.body[: answer.body.index(b'"features":[')]
        told = json.loads(head + b'"features":[]}')
        seen += told["numberReturned"]
        following = [one["href"] for one in told["links"] if one["rel"] == "next"]
        if answer.status != 200 or not (following or seen >= many):
            raise RuntimeError(f"Ours answered with {answer.status} after {seen} features.")
        path = following[0].partition("/ogc")[1] + following[0].partition("/ogc")[2] if following else ""


def _tipg(line: Line, many: int, page: int) -> None:
    for start in range(0, many, page):
        wanted = min(page, many - start)
        path = f"/collections/public.grid_building/items?limit={wanted}&offset={start}&geom-column=geometry&f=geojson"
        answer = line.get(path)
        if answer.status != 200 or answer.body.count(b'"Feature"') < wanted:
            raise RuntimeError(f"tipg answered with {answer.status}: {answer.body[:300]!r}")


def _psql(name: str, many: int) -> None:
    command = ["psql", address_of(name), "-q", "-c", _BARE.format(many=many)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
