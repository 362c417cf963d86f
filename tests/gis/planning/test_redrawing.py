"""Steps that redraw a plan of the small town: in degrees, recorded, undone; and bad input."""

import numpy as np
import pytest
import shapely

from gis import crs
from gis.areas.plans.coverage import coverage_faults
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.handles import handles
from gis.errors import WanggeError
from gis.planning import stepping
from gis.planning.keeping import drawing_of, forget
from gis.planning.plan import Plan
from tests.gis.areas.plans.planned import assert_same, assert_sound, outline_of
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db


def degrees(plan: Plan, xy) -> list[list[float]]:
    return crs.move(np.asarray(xy, dtype=float), plan.crs, crs.STORE).tolist()


def free_handle(drawing: Drawing) -> np.ndarray:
    """The place of a handle that is not fixed."""
    found = handles(drawing)
    return found.xy[np.flatnonzero(~found.fixed)[0]]


def across(drawing: Drawing, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The ends of a line through the middle of a cell, beyond it on both sides."""
    west, south, east, north = shapely.total_bounds(drawing.shapes[drawing.cell == number])
    return np.array([west - 9, (south + north) / 2]), np.array([east + 9, (south + north) / 2 + 3])


def test_acts_that_redraw_are_steps_that_can_be_undone_and_read_again(cast):
    plan = a_plan(cast)
    start = drawing_of(plan)
    whole = outline_of(start)
    numbers = list(start.cells)
    x, y = start.ground.middle[start.cell == numbers[0]][0]
    square = degrees(plan, [(x - 30, y - 30), (x + 30, y - 30), (x + 30, y + 30), (x - 30, y + 30)])
    line = degrees(plan, across(start, numbers[1]))
    held = free_handle(start)
    for kind, args in (
        ("drag", {"at": degrees(plan, [held]), "to": degrees(plan, [held + 5])}),
        ("draw", {"ring": square}),
        ("split", {"cell": numbers[1], "line": line}),
        ("cut", {"line": line, "between": 2}),
        ("passage", {"place": [np.mean(line, axis=0).tolist()]}),
        ("merge", {"cells": [numbers[1], max(numbers) + 2]}),
        ("divide", {"cell": numbers[1], "count": 3}),
        ("delete", {"cell": max(numbers) + 1}),
        ("fill", {}),
    ):
        plan = step(cast, plan, kind, **args)
        assert_sound(drawing_of(plan), whole)
    kept = drawing_of(plan)
    forget(plan)
    assert drawing_of(plan).ids.tolist() == kept.ids.tolist()
    assert drawing_of(plan).ground.between.tolist() == kept.ground.between.tolist()
    while plan.done:
        plan = stepping.undo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=plan.revision)
    assert_same(drawing_of(plan), start)
    assert coverage_faults(drawing_of(plan), whole).total_m2 == 0


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("draw", {}),
        ("draw", {"ring": [[0, 0], [1, 1]]}),
        ("draw", {"ring": [[0, 0], [0, 0], [0, 0]]}),
        ("draw", {"ring": [[181, 0], [1, 1], [2, 2]]}),
        ("draw", {"ring": "abc"}),
        ("carve", {"ring": [[116, 40], [116.1, 40], [116, 40.1]], "cell": 99}),
        ("split", {"cell": 1, "line": [[0, 0], [1, 1]]}),
        ("split", {"cell": 1, "line": [[0, 0], [0, 0]]}),
        ("cut", {"line": [[116, 40], [116, 41]], "between": 9}),
        ("barrier", {"line": [[90, -90], [-90, 90]], "between": 1}),
        ("passage", {"place": [[-170, -80]]}),
        ("passage", {"place": None}),
        ("merge", {"cells": [1]}),
        ("divide", {"cell": 1, "count": 1}),
        ("divide", {"cell": 1, "count": 1_000_000}),
        ("merge", {"cells": [1, 99]}),
        ("delete", {"cell": "1"}),
        ("drag", {"at": [[0, 0]], "to": [[0, 1]]}),
        ("drag", {"at": [], "to": [[0, 1]]}),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(cast, kind, args):
    plan = a_plan(cast)
    with pytest.raises(WanggeError) as refusal:
        step(cast, plan, kind, **args)
    assert refusal.value.message
    assert refusal.value.fix
