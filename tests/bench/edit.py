"""Painting in the plan workspace, in a real Chromium: from letting go of the pointer to the new figures on the screen.

Grounds: streets of the demonstration's generator as one community, about 3,000 and 20,000 tiles, in cells of eight
tiles. A tile at a border goes to the neighbouring cell by a click, and comes back by Ctrl+Z; both with the whole plan
on the screen and close by. The time runs from the event to the frame in which tile, table and figures are there: those
of the server, for none are guessed.

`coverage.fault_m2`: the most m² of gap, overlap and lost ground after any of some random acts on small grounds, and in
the plans that were painted here. `manage.py bench coverage` looks at more of them. It must be 0.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from django.db import connection
from playwright.sync_api import Page

from fixtures.town.lattice import CENTRE
from gis import crs
from gis.areas.plans.coverage import coverage_faults
from gis.areas.plans.drawing import Drawing, PlanCell, Things
from gis.areas.plans.ground import survey
from gis.areas.plans.tiles import cut
from gis.models import Plan, User
from gis.planning.ground_of import LOADS
from gis.planning.keeping import drawing_of, keep, store
from tests.bench.chromium import a_page, chromium, sign_in, until
from tests.bench.partition import Given, _town
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.cast import COMMUNITY
from tests.gis.areas.plans.acts import worst_fault_m2
from tests.serving import a_server

#: Streets of the generator, and the limit for a paint and for an undo, ms.
_SIZES = {"3,000 tiles": (3, 100), "20,000 tiles": (17, 300)}
_A_CELL = 8
_ROUNDS = 24
#: Resolves with ms from an event to the frame in which all of it is seen.
_WATCH = """(kind) => { window.took = new Promise((done, failed) => {
  const before = wangge.revision();
  setTimeout(() => failed(new Error(`no step after ${kind}`)), 20000);
  addEventListener(kind, (event) => {
    const look = () => {
      if (wangge.revision() === before || !wangge.idle()) return void requestAnimationFrame(look);
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(performance.now() - event.timeStamp);
      requestAnimationFrame(() => painted.port2.postMessage(null));
    };
    look();
  }, { once: true, capture: true });
}); }"""
#: The first tile at a border, from the k-th on, that no tool lies over.
_BORDER = """(k) => {
  const free = ({ x, y }) => document.querySelector("#map").contains(document.elementFromPoint(x, y));
  for (let skip = k; ; skip++) {
    const border = wangge.border(skip);
    if (!border || free(wangge.spot(border.id))) return border ?? wangge.border();
  }
}"""


@dataclass(frozen=True)
class Edited:
    tiles: int
    opened_s: float
    paint_ms: list[float]
    undo_ms: list[float]
    fault_m2: float = 0.0


def measure(quick: bool) -> Report:
    report = Report(["ground", "tiles", "open s", "paint ms", "p95", "undo ms", "p95 ", "limit"])
    program = chromium()
    if not program:
        report.notes.append("No Chromium on this machine: nothing was measured.")
        return report
    worst = worst_fault_m2(20 if quick else 150, 10)
    for name, edited in _edited(program, quick):
        worst = max(worst, edited.fault_m2)
        limit = _SIZES[name][1]
        paint, undo = edited.paint_ms, edited.undo_ms
        median, late = (
            (float(np.median(paint)), float(np.median(undo))),
            [np.percentile(one, 95) for one in (paint, undo)],
        )
        report.rows.append(
            [name, edited.tiles, edited.opened_s, median[0], float(late[0]), median[1], float(late[1]), limit]
        )
        if limit == 100:
            report.named += [("edit.paint_ms", median[0], "ms"), ("edit.undo_ms", median[1], "ms")]
        else:
            report.named += [("edit.paint_large_ms", median[0], "ms"), ("edit.undo_large_ms", median[1], "ms")]
    report.named.append(("coverage.fault_m2", worst, "m2"))
    report.notes.append(f"Medians of {2 * _ROUNDS} each; a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    return report


def _edited(program: str, quick: bool) -> Iterator[tuple[str, Edited]]:
    with scratch_database("small"), tempfile.TemporaryDirectory() as folder:
        for name in list(_SIZES)[: 1 if quick else 2]:
            given = _town(name, _SIZES[name][0])
            plan = _plan(given)
            database, own = connection.settings_dict["NAME"], {"DATABASE_RUNTIME_URL": ""}
            with a_server(database, Path(folder) / "log", **own) as server, a_page(program) as page:
                sign_in(page, server.url, "zhao")
                edited = _edit(page, f"{server.url}/plans/{plan.uuid}/", _ROUNDS)
            plan.refresh_from_db()
            yield name, replace(edited, fault_m2=coverage_faults(drawing_of(plan), given.outline).total_m2)


def _plan(given: Given) -> Plan:
    """A plan over a ground, its cells blocks of a lattice."""
    tiles = cut(given.outline, given.lines, given.footprints)
    ground = survey(tiles, given.lines, given.kinds)
    cell = _blocks(ground.middle, max(1, len(tiles) // _A_CELL))
    cells = {number: PlanCell(number, f"第{number}网格", COMMUNITY) for number in np.unique(cell).tolist()}
    nothing = np.zeros(len(given.homes))
    loads = {
        name: given.homes.astype(float) if name in ("households", "people", "dwellings") else nothing for name in LOADS
    }
    middles = shapely.get_coordinates(shapely.point_on_surface(given.footprints))
    things = Things(np.arange(1, len(given.homes) + 1), middles, loads)
    here = np.full(len(tiles), COMMUNITY, dtype=object)
    compound = np.zeros(len(tiles), dtype=np.int64)
    drawing = Drawing(
        np.arange(len(tiles)), tiles.shapes, here, compound, cell, ground, cells, things, tiles.of_building
    )
    owner = User.objects.get(username="zhao")
    plan = Plan(area=COMMUNITY, name="测量", owner=owner, crs=crs.metric(*CENTRE), target=60)
    plan.next_tile, plan.next_cell = len(drawing), max(cells) + 1
    plan.save()
    store(plan, drawing, always=True)
    keep(plan, drawing)
    return plan


def _blocks(middle: np.ndarray, count: int) -> np.ndarray:
    """Numbers from 1 of about `count` blocks: strips from west to east, each cut from south to north."""
    strips = max(1, round(count**0.5))
    strip = (np.argsort(np.argsort(middle[:, 0])) * strips) // len(middle)
    cell = np.zeros(len(middle), dtype=np.int64)
    for number in range(strips):
        rows = np.flatnonzero(strip == number)
        cell[rows] = number * strips + (np.argsort(np.argsort(middle[rows, 1])) * strips) // len(rows)
    return cell + 1


def _edit(page: Page, address: str, rounds: int) -> Edited:
    page.goto(address)
    until(page, "Boolean(window.wangge && wangge.ready())")
    opened = page.evaluate("performance.now()") / 1000
    paint, undo = [], []
    for close in (False, True):
        for number in range(rounds):
            border = page.evaluate(_BORDER, 11 * number)
            if close:
                page.evaluate("(id) => wangge.show(id, 17)", border["id"])
                until(page, "wangge.ready()")
            page.evaluate("(cell) => wangge.choose(cell, 'click')", border["to"])
            spot = page.evaluate("(id) => wangge.spot(id)", border["id"])
            page.mouse.move(spot["x"], spot["y"])
            paint.append(_timed(page, "pointerup", lambda spot=spot: page.mouse.click(spot["x"], spot["y"])))
            undo.append(_timed(page, "keydown", lambda: page.keyboard.press("Control+z")))
    return Edited(page.evaluate("wangge.tiles()"), opened, paint, undo)


def _timed(page: Page, kind: str, act) -> float:
    until(page, "wangge.idle()")
    page.evaluate(_WATCH, kind)
    act()
    return page.evaluate("took")
