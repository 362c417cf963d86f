"""What a step can be: a kind, and the function that makes its change of what was sent.

Arguments come as JSON from a browser, so each reader here checks what it takes; `Given` does it with a plain refusal.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from gis.areas.plans import editing
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.editing import Edit
from gis.errors import Refused
from gis.planning.plan import Plan
from gis.written import read_line

#: Tiles one step may name: more than a street has.
_MOST_TILES = 200_000
_LONGEST_NAME = 40


class Given:
    """The arguments of a step, read one by one. Raises Refused for what is not of its kind."""

    def __init__(self, args: dict[str, Any]) -> None:
        self.args = args if isinstance(args, dict) else {}

    def number(self, name: str) -> int:
        value = self.args.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise _unreadable(name)
        return value

    def numbers(self, name: str) -> list[int]:
        values = self.args.get(name, [])
        if not isinstance(values, list) or len(values) > _MOST_TILES:
            raise _unreadable(name)
        if any(isinstance(one, bool) or not isinstance(one, int) or not 0 <= one < 2**31 for one in values):
            raise _unreadable(name)
        return values

    def flag(self, name: str) -> bool:
        value = self.args.get(name)
        if not isinstance(value, bool):
            raise _unreadable(name)
        return value

    def text(self, name: str, most: int = _LONGEST_NAME, *, needed: bool = True) -> str:
        value = self.args.get(name, "")
        if not isinstance(value, str):
            raise _unreadable(name)
        return read_line(value, name, most, needed=needed)

    def xy(self, name: str, least: int) -> np.ndarray:
        """Places [[longitude, latitude], …] in degrees (k × 2), at least so many."""
        try:
            found = np.array(self.args.get(name), dtype=float).reshape(-1, 2)
        except (TypeError, ValueError):
            raise _unreadable(name) from None
        if len(found) < least or len(found) > 10_000 or not (np.abs(found) <= [180, 90]).all():
            raise _unreadable(name)
        return found


def _unreadable(name: str) -> Refused:
    return Refused(_("读不懂“%(name)s”。") % {"name": name}, fix=_("请刷新页面再试。"), fields={name: name})


Operation = Callable[[Drawing, Given, Plan], Edit]


def _paint(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.paint(drawing, np.array(given.numbers("tiles"), dtype=np.int64), given.number("cell"))


def _erase(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    return editing.paint(drawing, np.array(given.numbers("tiles"), dtype=np.int64), NO_CELL)


def _add(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    name = given.text("name", needed=False) or _("新网格%(number)s") % {"number": plan.next_cell}
    return editing.add_cell(drawing, plan.next_cell, name)


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
}
