"""The drafts of a plan, and of an earlier state of the cells."""

from collections.abc import Sequence
from datetime import date

import shapely
from django.utils import timezone

from gis import crs
from gis.areas.area import Area
from gis.areas.cell import Cell
from gis.areas.plans.drawing import Drawing
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.standing import standing


def drafts_of_plan(plan: Plan) -> list[Draft]:
    return drafts_of(drawing_of(plan), plan.crs)


def communities_of_plan(plan: Plan) -> list[str]:
    """The communities a plan gives cells to: its own, or every one of its street that has an outline."""
    today = timezone.localdate()
    drawn = Area.objects.filter(level="community", code__startswith=plan.area).exclude(geometry=None)
    return [code for code, ends in drawn.order_by("code").values_list("code", "ends") if ends is None or ends > today]


def drafts_of(drawing: Drawing, plane: int) -> list[Draft]:
    """The cells of a drawing in the plane of that EPSG number. Ground without a cell is nobody's draft."""
    drafts = []
    for number, cell in sorted(drawing.cells.items()):
        mine = drawing.cell == number
        shape = shapely.coverage_union_all(drawing.shapes[mine]) if mine.any() else shapely.MultiPolygon()
        moved = shapely.transform(shape, lambda xy: crs.move(xy, plane, crs.STORE) if len(xy) else xy)
        grounds = sorted({code for code in drawing.community[mine] if code})
        community = cell.community or (grounds[0] if grounds else "")
        drafts.append(Draft(number, cell.name, cell.kind, community, cell.code, moved))
    return drafts


def draft_of(day: date, communities: Sequence[str]) -> list[Draft]:
    """The cells that were in force on a day, to publish them again: each is the cell of then, with its own code."""
    past = standing(communities, day, [kind.value for kind in Cell.Kind])
    rows = zip(past.names, past.kinds, past.codes, past.shapes, strict=True)
    return [
        Draft(number, name, kind, code[:12], code, shape) for number, (name, kind, code, shape) in enumerate(rows, 1)
    ]
