"""Every act of a planner at places and in cells drawn at random, with undo and redo; and what must hold after each.

`worst_fault_m2` is for measurements: `manage.py bench coverage` calls it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.areas.plans.barriers import cut_ground, open_passage, set_barrier
from gis.areas.plans.carving import carve, draw_cell
from gis.areas.plans.cells import delete, merge
from gis.areas.plans.coverage import coverage_faults
from gis.areas.plans.dragging import drag
from gis.areas.plans.drawing import Change, Drawing, PlanCell, apply
from gis.areas.plans.editing import Edit, add_cell, lock, paint, rename
from gis.areas.plans.ground import Between
from gis.areas.plans.handles import handles
from gis.areas.plans.mending import fix_strays, fix_unassigned
from gis.areas.plans.packing import pack_change, unpack_change
from gis.areas.plans.splitting import split_by_line, split_evenly
from gis.areas.plans.wish import Wish
from gis.errors import WanggeError
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import WEIGHTS, assert_same, assert_sound, celled, outline_of, plan

EAST, WEST = "110101001001", "110101001002"
_RIVER = np.array([shapely.LineString([(70, -9), (64, 40), (78, 70), (70, 130)])])
_BLOCK = shapely.Polygon([(0, 0), (130, 4), (140, 90), (66, 118), (3, 101)])
_HOLE = shapely.Polygon([(30, 30), (52, 28), (50, 52), (31, 55)])
_ISLAND = shapely.Point(165, 40).buffer(18, quad_segs=4)


def grounds() -> dict[str, Drawing]:
    """A block with a hole, an island and a river; two communities; one building; none."""
    whole = shapely.union_all([_BLOCK.difference(_HOLE), _ISLAND])
    given, major = houses(9, 6), np.array([Between.MAJOR])
    parts = {EAST: shapely.box(-9, -9, 85, 130), WEST: shapely.box(85, -9, 190, 130)}
    homes = np.arange(len(given)) % 7 * 3.0
    made = {
        "river": plan(whole, _RIVER, major, given, homes),
        "communities": plan(whole, _RIVER, major, given, homes, parts),
        "one": plan(_BLOCK, [], np.empty(0, int), given[:1], [5.0]),
        "none": plan(whole, _RIVER, major, given[:0], []),
    }
    return {
        name: celled(drawing, lambda x, y: int(x // 45) * (y < 80))
        if name != "communities"
        else celled(drawing, lambda x, y: 1 + (x > 85) + 2 * (y > 50))
        for name, drawing in made.items()
    }


@dataclass
class Session:
    """A drawing being worked on, as the stored part does it: ids and numbers are never used again."""

    drawing: Drawing
    first_id: int = 0
    first_number: int = 0
    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outline = outline_of(self.drawing)
        self.first_id = int(self.drawing.ids.max()) + 1
        self.first_number = max(self.drawing.cells, default=0) + 1

    def act(self, name: str, at: tuple[float, float, float, float]) -> bool:
        """Do one act; False where it was refused."""
        if name in ("undo", "redo"):
            return self._again(name)
        try:
            edit = ACTS[name](self, *at)
        except WanggeError:
            return False
        self._take(edit.change)
        self.done.append(edit.change)
        self.undone = []
        return True

    def _again(self, name: str) -> bool:
        source, other = (self.done, self.undone) if name == "undo" else (self.undone, self.done)
        if not source:
            return False
        change = source.pop()
        other.append(change)
        self.drawing = apply(self.drawing, change.inverse() if name == "undo" else change)
        return True

    def _take(self, change: Change) -> None:
        self.drawing = apply(self.drawing, change)
        if change.come is not None:
            self.first_id = max(self.first_id, int(change.come.ids.max()) + 1)
        self.first_number = max([self.first_number, *(number + 1 for number in change.cells_after)])

    def place(self, x: float, y: float) -> tuple[float, float]:
        west, south, east, north = shapely.bounds(self.outline)
        return west - 8 + x * (east - west + 16), south - 8 + y * (north - south + 16)

    def far_place(self, x: float, y: float, u: float, v: float) -> tuple[float, float]:
        """Where a line from a place ends."""
        return self.place(u, v)

    def cell(self, x: float) -> int:
        """The number of a cell, or 0."""
        numbers = [0, *self.drawing.cells]
        return numbers[int(x * len(numbers)) % len(numbers)]


def checked_act(session: Session, name: str, at: tuple[float, float, float, float]) -> None:
    """Do an act and hold it to everything that must be true."""
    before, first_id, first_number = session.drawing, session.first_id, session.first_number
    done = len(session.done)
    acted = session.act(name, at)
    after = session.drawing
    assert_sound(after, session.outline)
    if not acted:
        assert after is before
        return
    if name in ("undo", "redo"):
        return
    assert len(session.done) == done + 1
    change = session.done[-1]
    assert_same(apply(after, change.inverse()), before)
    assert_same(apply(before, unpack_change(pack_change(change))), after)
    assert set(after.cells) - set(before.cells) <= set(range(first_number, session.first_number))
    assert set(after.ids[~np.isin(after.ids, before.ids)]) <= set(range(first_id, session.first_id))
    _assert_locked_stay(before, after)


def _assert_locked_stay(before: Drawing, after: Drawing) -> None:
    for number, cell in before.cells.items():
        if not cell.locked or not (before.cell == number).any():
            continue
        ground = [shapely.coverage_union_all(one.shapes[one.cell == number]) for one in (before, after)]
        apart = shapely.symmetric_difference(*ground, grid_size=0.001)
        assert shapely.area(apart) <= 0.005 * shapely.length(ground[0])


def worst_fault_m2(sequences: int, length: int, seed: int = 1) -> float:
    """The most m² of gap, overlap and loss after any of so many acts in so many sessions."""
    draw, worst = np.random.default_rng(seed), 0.0
    made = list(grounds().values())
    for number in range(sequences):
        session = Session(made[number % len(made)])
        for _ in range(length):
            session.act(str(draw.choice(NAMES)), tuple(draw.random(4)))
            worst = max(worst, coverage_faults(session.drawing, session.outline).total_m2)
    return worst


def _near(session: Session, x: float, y: float, far: float) -> np.ndarray:
    """Ids of tiles near a place."""
    away = np.hypot(*(session.drawing.ground.middle - session.place(x, y)).T)
    return session.drawing.ids[away < 5 + 40 * far]


def _paint(session: Session, x, y, u, v) -> Edit:
    return paint(session.drawing, _near(session, x, y, u), session.cell(v))


def _ring(session: Session, x, y, u, v) -> shapely.Polygon:
    """A crooked polygon round a place; some cross themselves."""
    angle = np.linspace(0, 2 * np.pi, 8)[:-1] + v * 3
    far = 4 + 40 * u * (1 + np.sin(angle * (2 + int(v * 4)))) * (0.3 + v)
    return shapely.Polygon(np.array(session.place(x, y)) + np.column_stack([far * np.cos(angle), far * np.sin(angle)]))


def _line(session: Session, x, y, u, v) -> shapely.LineString:
    one, other = np.array(session.place(x, y)), np.array(session.far_place(x, y, u, v))
    bend = (one + other) / 2 + (other - one)[::-1] * (0.1, -0.1)
    return shapely.LineString([one, bend, other])


def _draw(session: Session, x, y, u, v) -> Edit:
    return draw_cell(session.drawing, _ring(session, x, y, u, v), PlanCell(session.first_number), session.first_id)


def _carve(session: Session, x, y, u, v) -> Edit:
    return carve(session.drawing, _ring(session, x, y, u, v), session.cell(v * 7 % 1), session.first_id)


def _split(session: Session, x, y, u, v) -> Edit:
    number, line = session.cell(u * 11 % 1), _line(session, x, y, u, v)
    return split_by_line(session.drawing, number, line, WEIGHTS, session.first_id, session.first_number)


def _divide(session: Session, x, y, u, v) -> Edit:
    wish = Wish(effort=20, runs=1)
    return split_evenly(session.drawing, session.cell(x), 2 + int(y * 2), wish, WEIGHTS, session.first_number)


def _cut(session: Session, x, y, u, v) -> Edit:
    return cut_ground(session.drawing, _line(session, x, y, u, v), int(3 * (x * 5 % 1)), session.first_id)


def _barrier(session: Session, x, y, u, v) -> Edit:
    drawing = session.drawing
    row = int(x * len(drawing)) % len(drawing)
    return set_barrier(drawing, shapely.boundary(drawing.shapes[row]), int(3 * y))


def _drag(session: Session, x, y, u, v) -> Edit:
    found = handles(session.drawing, [session.cell(v * 13 % 1)] if len(session.drawing) > 1000 else None)
    if not len(found.arcs):
        raise WanggeError("no border")
    arc = found.arcs[int(x * len(found.arcs)) % len(found.arcs)]
    at = arc.xy[0] if y < 0.7 else arc.xy.mean(axis=0)
    return drag(session.drawing, tuple(at), tuple(at + (np.array([u, v]) - 0.5) * 40 * y), session.first_id)


#: What a planner can do, each with four numbers from 0 to 1.
ACTS: dict[str, Callable[..., Edit]] = {
    "paint": _paint,
    "add": lambda session, x, y, u, v: add_cell(session.drawing, session.first_number, "新"),
    "rename": lambda session, x, y, u, v: rename(session.drawing, session.cell(x), f"网格{y:.2f}"),
    "lock": lambda session, x, y, u, v: lock(session.drawing, [session.cell(x)], y < 0.6),
    "delete": lambda session, x, y, u, v: delete(session.drawing, session.cell(x)),
    "merge": lambda session, x, y, u, v: merge(session.drawing, [session.cell(x), session.cell(y)], WEIGHTS),
    "draw": _draw,
    "carve": _carve,
    "split": _split,
    "divide": _divide,
    "cut": _cut,
    "barrier": _barrier,
    "passage": lambda session, x, y, u, v: open_passage(session.drawing, *session.place(x, y)),
    "drag": _drag,
    "fill": lambda session, x, y, u, v: fix_unassigned(session.drawing, WEIGHTS),
    "gather": lambda session, x, y, u, v: fix_strays(session.drawing, WEIGHTS),
}
NAMES = [*ACTS, "draw", "carve", "split", "cut", "drag", "drag", "undo", "undo", "redo"]
