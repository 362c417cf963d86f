"""Commit to picture on fifty open maps at twenty changes a second: none lost, none twice, beside asking every 2 s."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import numpy as np
from django.db import connection

from gis.accounts.scope import Scope
from gis.models import Category, CellVersion, Posting
from tests.bench.chromium import a_page, chromium, sign_in
from tests.bench.listening import Listeners, Poller, a_session
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.serving import a_server

#: So many changes earlier an incident was reported that is moved on: two changes of one incident that follow each other
#: within milliseconds are told as what it is after both.
_BEFORE = 31
_MAPS, _A_SECOND, _LIMIT_S = 50, 20, 1.0
#: Who has the maps open: half of them in one street, where most happens.
_READERS = ("li", "sun", "li", "zhou", "li", "wang", "chen", "he")


def measure(quick: bool) -> Report:
    """A minute of changes in the small town; ten seconds when `quick`."""
    program = chromium()
    with scratch_database("small"), tempfile.TemporaryDirectory() as folder:
        name = connection.settings_dict["NAME"]
        # No second login: there may be none here, and the one login leaves the owner's rights behind.
        with a_server(name, Path(folder) / "log", live=True, DATABASE_RUNTIME_URL="") as server:
            return _measure(server, program, 10 if quick else 60)


def _measure(server, program: str | None, seconds: int) -> Report:
    readers = [_READERS[i % len(_READERS)] for i in range(_MAPS - 1)]
    sessions = {name: a_session(name) for name in set(readers)}
    listeners = Listeners(server.feed_url, [(name, sessions[name]) for name in readers])
    poller = Poller(server.url, sessions["sun"])
    writer = Writer(seconds)
    with listeners, poller:
        written, painted = _with_a_map(server, program, writer)
        listeners.wait_for(len(written), 10)
        time.sleep(2.5)  # the poller's last turn; whatever is told twice would be told by now
    return _report(written, painted, listeners, poller, seconds)


def _with_a_map(server, program: str | None, writer: "Writer") -> tuple[dict, dict]:
    """What was written, (number, state) → time before its commit; and when a real map had painted it."""
    if not program:
        return writer.write(lambda: None), {}
    with a_page(program) as page:
        sign_in(page, server.url)
        page.goto(server + "/")
        _until(page, "Boolean(window.wangge && wangge.ready() && window.wanggeLive && wanggeLive.state() === 'live')")
        written = writer.write(lambda: page.wait_for_timeout(50))
        _until(page, f"wanggeLive.painted().length >= {len(written)}")
        page.wait_for_timeout(500)
        told = page.evaluate("wanggeLive.painted()")
    painted: dict[tuple, list[float]] = {}
    for number, state, at in told:
        painted.setdefault((number, state), []).append(at / 1000)
    return written, painted


class Writer:
    """Changes at an even pace, each its own transaction: two of three are new, the third moves an older one on.

    `written` is (number, state) → time before its commit, and where. Made before a browser is open: Playwright's loop
    would keep Django from asking.
    """

    def __init__(self, seconds: int) -> None:
        self._number = seconds * _A_SECOND
        self._places = [(cell.code, cell.geometry.point_on_surface) for cell in CellVersion.objects.order_by("code")]
        self._category = Category.objects.first().pk
        self.written: dict[tuple[str, str], tuple[float, str]] = {}
        self._done = Event()

    def write(self, meanwhile: Callable[[], None]) -> dict[tuple[str, str], tuple[float, str]]:
        Thread(target=self._run, daemon=True).start()
        while not self._done.wait(0.001):
            meanwhile()
        return self.written

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                started = time.perf_counter()
                for n in range(self._number):
                    time.sleep(max(0.0, started + n / _A_SECOND - time.perf_counter()))
                    if n % 3 == 2 and n > _BEFORE:
                        self._move_on(cursor, n - _BEFORE)
                    else:
                        self._report(cursor, n)
        finally:
            connection.close()
            self._done.set()

    def _report(self, cursor, n: int) -> None:
        area, point = self._places[n * 7 % len(self._places)]
        self.written[f"N{n:06d}", "reported"] = time.time(), area
        cursor.execute(
            "INSERT INTO grid_incident (uuid, number, category_id, description, reported_at, position, place, area,"
            " state, origin, doubt, source, source_code) VALUES (gen_random_uuid(), %s, %s, '', now(),"
            " ST_SetSRID(ST_MakePoint(%s, %s), 4326), '', %s, 'reported', 'worker', '', '', '')",
            [f"N{n:06d}", self._category, point.x, point.y, area],
        )

    def _move_on(self, cursor, n: int) -> None:
        number = f"N{n:06d}"
        self.written[number, "dispatched"] = time.time(), self.written[number, "reported"][1]
        cursor.execute("UPDATE grid_incident SET state = 'dispatched' WHERE number = %s", [number])


def _until(page, condition: str) -> None:
    deadline = time.monotonic() + 30
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            return  # what is missing is counted as lost
        page.wait_for_timeout(20)


def _report(written: dict, painted: dict, listeners: Listeners, poller: Poller, seconds: int) -> Report:
    report = Report(["commit to", "p50 ms", "p95 ms", "slowest ms", "lost", "twice", "beside"])
    scopes = {name: _scope_of(name) for name in _READERS}
    heard = [(listener.told, _expected(written, scopes[listener.name])) for listener in listeners.all]
    maps = [(painted, _expected(written, scopes["sun"]))] if painted else []
    rows = {f"{len(heard)} listeners, told": heard, "a map in Chromium, painted": maps}
    lost = twice = strange = 0
    for name, one in rows.items():
        if not one:
            report.notes.append("No Chromium on this machine: times are those of the listeners.")
            continue
        gone = sum(len(expected - told.keys()) for told, expected in one)
        double = sum(len(times) - 1 for told, _ in one for times in told.values())
        strange += sum(len(told.keys() - expected) for told, expected in one)
        waits = _waits(written, [told for told, _ in one])
        report.rows.append([name, *_spread(waits), gone, double, f"limit {1000 * _LIMIT_S:,.0f}"])
        lost, twice, picture = lost + gone, twice + double, waits
    asked = _waits(written, [poller.told])
    report.rows.append(["an answer, asking every 2 s", *_spread(asked), "", "", f"{poller.kilobytes:,.0f} kB a turn"])
    report.named += [
        ("live.p95_s", float(np.percentile(picture, 95)), "s"),
        ("live.lost", lost, "changes"),
        ("live.twice", twice, "changes"),
        ("live.out_of_scope", strange, "changes"),
        ("live.poll_p95_s", float(np.percentile(asked, 95)), "s"),
    ]
    report.notes.append(
        f"{len(written):,} changes in {seconds} s, each a transaction; {listeners.reconnections} times a listener left"
        " in between and caught up."
    )
    return report


def _scope_of(name: str) -> Scope:
    return Scope.of(Posting.objects.filter(user__username=name).values_list("area", flat=True))


def _expected(written: dict, scope: Scope) -> set:
    return {key for key, (_, area) in written.items() if scope.covers(area)}


def _waits(written: dict, everyone: list[dict]) -> np.ndarray:
    """Seconds from before the commit to the first time each was told of it."""
    return np.array([times[0] - written[key][0] for told in everyone for key, times in told.items() if key in written])


def _spread(waits: np.ndarray) -> list[float]:
    return [1000 * float(np.percentile(waits, share)) for share in (50, 95, 100)]
