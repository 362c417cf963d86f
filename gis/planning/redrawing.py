"""Steps that redraw: their arguments in degrees become metres of the plan's plane."""

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.plans import barriers, carving, cells, dragging, mending, splitting
from gis.areas.plans.drawing import Drawing, PlanCell
from gis.areas.plans.editing import Edit
from gis.areas.plans.tangles import refuse_tangle
from gis.areas.plans.wish import Wish
from gis.planning.given import Given, unreadable
from gis.planning.plan import Plan


def delete(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """cell"""
    return cells.delete(drawing, given.number("cell"))


def merge(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """cells"""
    return cells.merge(drawing, given.numbers("cells"), plan.measure)


def draw(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """ring, name: a new cell"""
    cell = PlanCell(plan.next_cell, given.text("name", needed=False) or new_name(plan))
    return carving.draw_cell(drawing, _ring(drawing, given, plan), cell, plan.next_tile)


def carve(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """ring, cell"""
    return carving.carve(drawing, _ring(drawing, given, plan), given.number("cell"), plan.next_tile)


def split(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """cell, line"""
    number, line = given.number("cell"), _line(drawing, given, plan)
    return splitting.split_by_line(drawing, number, line, plan.measure, plan.next_tile, plan.next_cell)


def divide(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """cell, count: cells of about the same load"""
    number, count = given.number("cell"), given.number("count")
    wish = Wish(target=plan.target, tolerance=plan.tolerance)
    return splitting.split_evenly(drawing, number, count, wish, plan.measure, plan.next_cell)


def fill(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """Nothing: ground of no cell goes to neighbours."""
    return mending.fix_unassigned(drawing, plan.measure)


def gather(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """Nothing: stray parts go to neighbours."""
    return mending.fix_strays(drawing, plan.measure)


def cut(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """line, between: cuts tiles"""
    return barriers.cut_ground(drawing, _line(drawing, given, plan), given.number("between"), plan.next_tile)


def barrier(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """line, between: along borders that are there"""
    return barriers.set_barrier(drawing, _line(drawing, given, plan), given.number("between"))


def passage(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """place: one position"""
    x, y = _metres(given, plan, "place", 1)[0]
    return barriers.open_passage(drawing, x, y)


def new_name(plan: Plan) -> str:
    words = {Plan.Kind.COMMUNITIES: _("新社区%(number)s"), Plan.Kind.STREETS: _("新街道%(number)s")}
    return words.get(plan.kind, _("新网格%(number)s")) % {"number": plan.next_cell}


def drag(drawing: Drawing, given: Given, plan: Plan) -> Edit:
    """at, to: one position each; a handle, or a place on a border between cells"""
    at, to = (tuple(_metres(given, plan, name, 1)[0].tolist()) for name in ("at", "to"))
    return dragging.drag(drawing, at, to, plan.next_tile)


def _metres(given: Given, plan: Plan, name: str, least: int) -> np.ndarray:
    xy = crs.move(given.xy(name, least), crs.STORE, plan.crs)
    if not np.isfinite(xy).all():
        raise unreadable(name)
    return xy


def _line(drawing: Drawing, given: Given, plan: Plan) -> shapely.LineString:
    line = shapely.LineString(_metres(given, plan, "line", 2))
    refuse_tangle(drawing, line)
    return line


def _ring(drawing: Drawing, given: Given, plan: Plan) -> shapely.Polygon:
    xy = _metres(given, plan, "ring", 3)
    ring = shapely.Polygon(np.concatenate([xy, xy[:1]]))
    refuse_tangle(drawing, ring)
    return ring
