"""The drafts of a plan, and of an earlier state of the cells."""

from collections.abc import Sequence
from datetime import date

import shapely

from gis import crs
from gis.areas.cell import Cell
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.standing import standing


def drafts_of(drawing: Drawing, plane: int) -> list[Draft]:
    """The cells of a drawing in the plane of that EPSG number. Ground without a cell is nobody's draft."""
    drafts = []
    for number, cell in sorted(drawing.cells.items()):
        tiles = drawing.shapes[drawing.cell == number] if number != NO_CELL else []
        shape = shapely.coverage_union_all(tiles) if len(tiles) else shapely.MultiPolygon()
        moved = shapely.transform(shape, lambda xy: crs.move(xy, plane, crs.STORE) if len(xy) else xy)
        drafts.append(Draft(number, cell.name, cell.kind, cell.community, cell.code, moved))
    return drafts


def draft_of(day: date, communities: Sequence[str]) -> list[Draft]:
    """The cells that were in force on a day, to publish them again: each is the cell of then, with its own code."""
    past = standing(communities, day, [kind.value for kind in Cell.Kind])
    return [
        Draft(number, name, kind, code[:12], code, shape)
        for number, (name, kind, code, shape) in enumerate(
            zip(past.names, past.kinds, past.codes, past.shapes, strict=True), 1
        )
    ]
