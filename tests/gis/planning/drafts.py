"""A plan of the small town's first community, opened by its planner, and what one does in it."""

import numpy as np

from gis.accounts.scope import applied
from gis.areas.plans.drawing import Drawing
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start, open_plan
from gis.planning.plan import Plan
from tests.cast import COMMUNITY


def a_plan(cast, area: str = COMMUNITY, start: Start | None = None, **wish) -> Plan:
    """As Zhao opens it: what counts is read in her scope."""
    with applied(cast.zhao.access.which("people.count")):
        return open_plan(area, "春季调整", user=cast.zhao, access=cast.zhao.access, start=start, **wish)


def step(cast, plan: Plan, kind: str, seen: int | None = None, name: str = "zhao", **args) -> Plan:
    user = cast[name]
    return stepping.step(plan.uuid, kind, args, user=user, access=user.access, seen=seen)


def beside(drawing: Drawing) -> tuple[int, int]:
    """A tile, and another cell of the same community that it borders on."""
    ground = drawing.ground
    apart = drawing.cell[ground.first] != drawing.cell[ground.second]
    same = drawing.community[ground.first] == drawing.community[ground.second]
    row = np.flatnonzero(apart & same & (drawing.cell[ground.second] > 0))[0]
    return int(drawing.ids[ground.first[row]]), int(drawing.cell[ground.second[row]])


def cell_of_tile(plan: Plan, tile: int) -> int:
    drawing = drawing_of(plan)
    return int(drawing.cell[drawing.rows(np.array([tile]))[0]])
