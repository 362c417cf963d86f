"""What a step can be: a kind, and the function that makes its change of what was sent.

Arguments come as JSON from a browser, so each reader here checks what it takes; `Given` does it with a plain refusal.
"""

from collections.abc import Callable

import numpy as np

from gis.areas.plans import editing
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.editing import Edit
from gis.planning import redrawing
from gis.planning.borders.laying import lay_outlines
from gis.planning.given import Given
from gis.planning.plan import Plan

Operation = Callable[[Drawing, Given, Plan], Edit]


def _paint(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.paint(drawing, np.array(given.numbers("tiles"), dtype=np.int64), given.number("cell"))


def _erase(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.paint(drawing, np.array(given.numbers("tiles"), dtype=np.int64), NO_CELL)


def _add(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.add_cell(drawing, plan.next_cell, given.text("name", needed=False) or redrawing.new_name(plan))


def _rename(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.rename(drawing, given.number("cell"), given.text("name"))


def _lock(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.lock(drawing, given.numbers("cells"), given.flag("locked"))


#: Kind of a step → what it does. `said` of an edit is kept as the step's facts.
OPERATIONS: dict[str, Operation] = {
    "paint": _paint,
    "erase": _erase,
    "add": _add,
    "rename": _rename,
    "lock": _lock,
    "delete": redrawing.delete,
    "merge": redrawing.merge,
    "draw": redrawing.draw,
    "carve": redrawing.carve,
    "split": redrawing.split,
    "divide": redrawing.divide,
    "fill": redrawing.fill,
    "gather": redrawing.gather,
    "cut": redrawing.cut,
    "barrier": redrawing.barrier,
    "passage": redrawing.passage,
    "outlines": lay_outlines,
    "drag": redrawing.drag,
}
