"""Tiles of the city through the whole server, signed in and in scope, beside the bare SQL of the same tile and tipg.

Cold: every tile is asked for once after its layer's geometry has a new version, so that nothing kept is right any more.
Bare: the statement of the same tile without its scope, on as many connections, the answers thrown away.
The ratio is that of the time for all of them, as a map asks for them; of a small tile alone, whose statement takes less
than a millisecond, the server's own work is the larger part, which the rows above it show.
Warm: the same tiles again, as a working morning looks. tipg draws the same buildings with the same attributes.
"""

import gzip
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psycopg
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.models import Building, User
from layers.tiles import MAX_ZOOM, MIN_ZOOM, PARTS, Frame, tile
from tests.bench.asking import Answer, Line, Run, at_a_time
from tests.bench.city import city
from tests.bench.peers import tipg, tipg_path
from tests.bench.report import Report
from tests.bench.tile_samples import FILLED_BY, Address, fullest, sampled
from tests.databases import address_of
from tests.serving import a_server

_READER = "sun"  # watches the whole city
_AT_A_TIME = 4
_PROCESSES = 2
#: How many tiles of each zoom a round asks for, as a map asks that is looked around in: name, set, zooms.
_ASKED = {
    "cells": ("cells", {10: 2, 11: 4, 12: 8, 13: 12, 14: 12}),
    "blocks": ("buildings", {12: 6, 13: 12}),
    "buildings": ("buildings", {14: 16, 15: 24, 16: 24}),
}
_STACK_LIMIT, _TIPG_LIMIT, _WARM_LIMIT, _WARM_MS, _LARGEST_KB = 1.5, 3, 10, 1.5, 500


def measure(quick: bool) -> Report:
    """A fiftieth of the city and fewer tiles when `quick`."""
    report = Report(["what", "ours", "beside", "ours / beside", "limit"])
    with city(quick), ExitStack() as stack:
        servers = Servers(stack, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        _measure_speed(report, servers, rounds=3 if quick else 7, share=0.5 if quick else 1)
        _measure_waiting(report, servers)
        _measure_changing(report, servers)
        _measure_sizes(report, each=1 if quick else 3)
    report.notes.append(f"{_AT_A_TIME} at a time, {_PROCESSES} processes a server; medians of the rounds.")
    return report


class Servers:
    """Ours and tipg with as many processes each, and as many connections to them and to the database."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        name = connection.settings_dict["NAME"]
        ours = stack.enter_context(a_server(name, folder / "ours.log", processes=_PROCESSES, DATABASE_RUNTIME_URL=""))
        theirs = stack.enter_context(tipg(_PROCESSES, folder / "tipg.log"))
        cookie = {"Cookie": f"sessionid={session_of(_READER)}"}
        self.ours = [Line(ours.url, cookie) for _ in range(_AT_A_TIME)]
        self.theirs = [Line(theirs, {}) for _ in range(_AT_A_TIME)]
        self.bare = [psycopg.connect(address_of(name), autocommit=True) for _ in range(_AT_A_TIME)]
        for each in (*self.ours, *self.theirs, *self.bare):
            stack.callback(each.close)
        for line in self.ours:  # a server that has just started reads figures and incidents into memory
            for path in ("/map/values/", "/incidents/"):
                _expect(line.get(path), 200)

    def ask(self, name: str, tiles: Sequence[Address]) -> Run:
        return at_a_time([_asker(line, lambda at: path_of(name, at)) for line in self.ours], tiles)

    def ask_tipg(self, tiles: Sequence[Address]) -> Run:
        return at_a_time([_asker(line, lambda at: tipg_path(*at)) for line in self.theirs], tiles)

    def ask_bare(self, name: str, tiles: Sequence[Address]) -> Run:
        statements = {at: list(PARTS[name](Frame.of(*at), at.z, Everywhere())) for at in tiles}
        return at_a_time([_runner(connection, statements) for connection in self.bare], tiles)


class Everywhere(Scope):
    """The scope of the bare statement: none."""

    def __init__(self) -> None:
        super().__init__(())

    def sql(self, column: str = "area") -> tuple[str, list[str]]:
        return "TRUE", []


def _asker(line: Line, path: Callable[[Address], str]) -> Callable[[Address], object]:
    def ask(at: Address) -> None:
        answer = line.get(path(at))
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path(at)} was answered with {answer.status}.")

    return ask


def _runner(connection: psycopg.Connection, statements: dict) -> Callable[[Address], object]:
    def run(at: Address) -> None:
        for statement, params in statements[at]:
            connection.execute(statement, params).fetchone()

    return run


def path_of(name: str, at: Address) -> str:
    return f"/tiles/{name}/{at.z}/{at.x}/{at.y}.mvt"


def session_of(username: str) -> str:
    """The key of a session in which someone is signed in."""
    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "web.sign_in.PostingsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _outdate(name: str) -> None:
    """Give a set a new version, so that no kept tile of it is used again."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO grid_change (layer) VALUES (%s)", [name])


def _measure_speed(report: Report, servers: Servers, rounds: int, share: float) -> None:
    found: dict[str, list[dict[str, Run]]] = {}
    for title, (name, zooms) in _ASKED.items():
        tiles = sampled({z: max(1, round(count * share)) for z, count in zooms.items()})
        found[title] = [_round(servers, title, name, tiles) for _ in range(rounds + 1)][1:]
        _row(report, f"{title}, cold, requests/s, beside bare SQL", found[title], "cold", "bare", "–")
    _row(report, "buildings, cold, requests/s, beside tipg", found["buildings"], "cold", "tipg", f"≥ {_TIPG_LIMIT}")
    _row(report, "buildings, warm, requests/s, beside tipg", found["buildings"], "warm", "tipg", f"≥ {_WARM_LIMIT}")
    spent = [
        [sum(one[kind].seconds for one in turn) for kind in ("cold", "bare")]
        for turn in zip(*found.values(), strict=True)
    ]
    ratio = median(cold / bare for cold, bare in spent)
    report.rows.append(
        [
            "all of them, cold, seconds a round, beside bare SQL",
            *map(median, zip(*spent, strict=True)),
            ratio,
            f"≤ {_STACK_LIMIT}",
        ]
    )
    report.named += [
        ("tiles.stack_ratio", ratio, "x"),
        ("tiles.tipg_gain", _gain(found["buildings"], "cold", "tipg"), "x"),
        ("tiles.warm_gain", _gain(found["buildings"], "warm", "tipg"), "x"),
    ]


def _round(servers: Servers, title: str, name: str, tiles: list[Address]) -> dict[str, Run]:
    _outdate(name)
    found = {"cold": servers.ask(name, tiles), "bare": servers.ask_bare(name, tiles)}
    if title == "buildings":
        found["tipg"] = servers.ask_tipg(tiles)
        servers.ask(name, tiles[::-1])  # so that either process has kept them
        found["warm"] = servers.ask(name, tiles * 8)
    return found


def _gain(found: list[dict[str, Run]], ours: str, beside: str) -> float:
    """How many times the requests a second, in the middle of the rounds."""
    return median(one[ours].rate / one[beside].rate for one in found)


def _row(report: Report, title: str, found: list[dict[str, Run]], ours: str, beside: str, limit: str) -> None:
    rates = [median(one[name].rate for one in found) for name in (ours, beside)]
    report.rows.append([title, *rates, _gain(found, ours, beside), limit])


def _measure_waiting(report: Report, servers: Servers) -> None:
    """One reader alone: how long a kept tile and an unchanged one take."""
    name, zooms = _ASKED["buildings"]
    tiles, line = sampled(zooms), servers.ours[0]
    for _ in range(3):
        run = at_a_time([_asker(line, lambda at: path_of(name, at))], tiles)
    marks = {at: line.get(path_of(name, at)).header("etag") for at in tiles}
    same = at_a_time([lambda at: _expect(line.get(path_of(name, at), If_None_Match=marks[at]), 304)], tiles)
    report.rows.append(["a kept tile, ms, one reader", 1000 * median(run.each), "–", "–", f"≤ {_WARM_MS}"])
    report.rows.append(["an unchanged tile (304), ms", 1000 * median(same.each), "–", "–", f"≤ {_WARM_MS}"])
    report.named.append(("tiles.warm_ms", 1000 * median(run.each), "ms"))


def _expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"The server answered with {answer.status} instead of {status}.")
    return answer


def _measure_changing(report: Report, servers: Servers) -> None:
    """A house is moved: the next answer on every connection shows it, as a house and in its block, and back again."""
    house = Building.objects.order_by("code").first()
    places = [_tile_at(*house.drawing.centroid.coords, z) for z in (13, 16)]
    before = _everywhere(servers, places)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE grid_building SET geometry = ST_Translate(geometry, 0.0004, 0.0004) WHERE id = %s", [house.pk]
            )
        moved = _everywhere(servers, places)
    finally:
        Building.objects.filter(pk=house.pk).update(geometry=house.geometry)
    back = _everywhere(servers, places)
    late = sum(new == old for new, old in zip(moved, before, strict=True))
    late += sum(new == old for new, old in zip(back, moved, strict=True))
    report.rows.append([f"late among {2 * len(before)} answers after a house was moved", late, "–", "–", "0"])


def _tile_at(x: float, y: float, z: int) -> Address:
    """The tile that holds a place of the drawing CRS."""
    size = 2 * crs.DRAW_HALF / 2**z
    return Address(z, int((x + crs.DRAW_HALF) / size), int((crs.DRAW_HALF - y) / size))


def _everywhere(servers: Servers, places: list[Address]) -> list[bytes]:
    """The answers of all connections to all questions, in order."""
    return [_expect(line.get(path_of("buildings", at)), 200).body for at in places for line in servers.ours]


def _measure_sizes(report: Report, each: int) -> None:
    """The fullest tiles of every set at every zoom, as they are and as they travel."""
    scope = User.objects.get(username=_READER).access.which("area.read")
    largest: tuple[float, float, str] = (0, 0, "")
    for name in FILLED_BY:
        for z in range(MIN_ZOOM[name], MAX_ZOOM + 1):
            for at in fullest(name, z, each):
                content = tile(name, *at, scope)
                found = (len(content) / 1000, len(gzip.compress(content, 1)) / 1000, f"{name} {z}/{at.x}/{at.y}")
                largest = max(largest, found)
    report.rows.append([f"the largest tile, kB ({largest[2]})", largest[0], largest[1], "–", f"≤ {_LARGEST_KB}"])
    report.notes.append("The largest tile: as it is, and beside it in gzip.")
    report.named.append(("tiles.max_kb", largest[0], "kB"))
