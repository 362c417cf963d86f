"""Every act of a planner on the ground of a plan, without a browser: how long it takes, and whether a gap is left.

Grounds: two streets of the demonstration's generator in one outline (about 2,500 tiles), and as many as make 20,000
unless `quick`; cells of about 100 households. Acts, undo and redo are drawn at random at random places, as in the test
of `tests/gis/areas/plans/test_coverage.py`.

`coverage.fault_m2`: the most m² of gap, overlap and lost ground, here after all acts, and after every single one on
small grounds with a hole, an island, a river, two communities, one building or none. It must be 0.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from gis.areas.plans.coverage import coverage_faults
from gis.areas.plans.drawing import Drawing, PlanCell
from gis.areas.plans.problems import problems
from gis.areas.plans.proposal import propose
from gis.areas.plans.wish import Wish
from tests.bench.clock import seconds
from tests.bench.partition import _town
from tests.bench.report import Report
from tests.gis.areas.plans.acts import NAMES, Session, worst_fault_m2
from tests.gis.areas.plans.planned import WEIGHTS, plan

_WISH = Wish(target=100.0, effort=20, runs=1)
_ACTS = 250
#: Undo is not an act of its own kind: what it takes depends on what it takes back.
_LISTED = ("paint", "draw", "carve", "split", "divide", "cut", "barrier", "drag", "merge", "fill", "gather", "undo")


class _InTown(Session):
    """Places are on tiles, and lines no longer than 300 m."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        middle = self.drawing.ground.middle
        at = middle[int(x * len(middle)) % len(middle)] + (np.array([y, y * 37 % 1]) - 0.5) * 30
        return float(at[0]), float(at[1])

    def far_place(self, x: float, y: float, u: float, v: float) -> tuple[float, float]:
        east, north = self.place(x, y)
        return east + 300 * v * float(np.cos(6.3 * u)), north + 300 * v * float(np.sin(6.3 * u))


def measure(quick: bool) -> Report:
    report = Report(["ground", "tiles", "act", "times", "median ms", "p95 ms"])
    worst = worst_fault_m2(40 if quick else 300, 10)
    for name, drawing in _grounds(quick):
        session = _InTown(drawing)
        taken = _worked(session)
        worst = max(worst, coverage_faults(session.drawing, session.outline).total_m2)
        taken["problems"] = [seconds(lambda s=session: problems(s.drawing, WEIGHTS, 100, 0.1)) for _ in range(5)]
        for act in (*_LISTED, "problems"):
            if taken[act]:
                middle, late = np.percentile(taken[act], [50, 95]) * 1000
                report.rows.append([name, len(session.drawing), act, len(taken[act]), float(middle), float(late)])
        for act in ("draw", "drag", "problems"):
            report.named.append((f"coverage.{act}_{name}_ms", float(np.median(taken[act])) * 1000, "ms"))
    report.named.append(("coverage.fault_m2", worst, "m2"))
    return report


def _worked(session: Session) -> dict[str, list[float]]:
    """Seconds of every act that was not refused, by name."""
    draw, taken = np.random.default_rng(1), defaultdict(list)
    for _ in range(_ACTS):
        act, at = str(draw.choice(NAMES)), tuple(draw.random(4).tolist())
        start = perf_counter()
        if session.act(act, at):
            taken[act].append(perf_counter() - start)
    return taken


def _grounds(quick: bool) -> Iterator[tuple[str, Drawing]]:
    yield "small", _celled(2)
    if not quick:
        yield "large", _celled(17)


def _celled(streets: int) -> Drawing:
    town = _town("", streets)
    drawing = plan(town.outline, town.lines, town.kinds, town.footprints, town.homes)
    cell = propose(drawing.ground, drawing.load(WEIGHTS), _WISH).cell + 1
    code = str(drawing.community[0])
    return replace(
        drawing, cell=cell, cells={number: PlanCell(number, str(number), code) for number in set(cell.tolist())}
    )
