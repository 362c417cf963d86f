"""The cells of communities that are drawn anew, as drafts to be published with them."""

import re
from collections.abc import Iterator

import numpy as np

from gis.areas.cell import Cell
from gis.areas.plans.tiles import dissolve
from gis.exchange.placing import NOWHERE, place_outlines
from gis.planning.borders.reckoning import BorderReckoning
from gis.planning.ground_of import degrees
from gis.planning.publishing.drafts import Draft

_USUAL_NAME = re.compile(r"第\d+网格")


def drafts_of(reckoning: BorderReckoning) -> list[Draft]:
    """Every cell of the communities concerned. One that stays in its community under its code keeps the code; others
    get new ones, and a name after its number goes with the number.
    """
    found = [*_service(reckoning), *_lying_over(reckoning)]
    return [Draft(number, *one) for number, one in enumerate(found, 1)]


def _service(reckoning: BorderReckoning) -> Iterator[tuple]:
    parts = reckoning.parts
    concerned = np.isin(parts.community, list(reckoning.redrawn))
    rows = np.flatnonzero((parts.part >= 0) & concerned[parts.part])
    chosen, group = np.unique(parts.part[rows], return_inverse=True)
    if not len(rows):
        return
    shapes = degrees(dissolve(reckoning.drawing.shapes[rows], group.ravel()), reckoning.plan.crs)
    whole = {code for code, mine in zip(reckoning.before.codes, reckoning.heirs, strict=True) if len(mine) == 1}
    for part, shape in zip(chosen.tolist(), shapes, strict=True):
        community, cell = reckoning.codes[int(parts.community[part])], int(parts.cell[part])
        old, name = (reckoning.cells.codes[cell], reckoning.cells.names[cell]) if cell >= 0 else ("", "")
        like = old if old[:12] in whole and old[:12] != community else ""
        yield (*_called(old, name, Cell.Kind.SERVICE, community), shape, like)


def _lying_over(reckoning: BorderReckoning) -> Iterator[tuple]:
    """Cells that lie over the others are not cut: each goes whole to the community that has most of its ground."""
    cells = reckoning.cells
    concerned = [row for row in np.flatnonzero(cells.kinds != Cell.Kind.SERVICE) if _concerned(reckoning, row)]
    if not concerned:
        return
    outlines = reckoning.outlines
    found, _share = place_outlines(cells.shapes[concerned], outlines.shapes)
    for row, place in zip(concerned, found, strict=True):
        if place != NOWHERE:
            named = _called(cells.codes[row], cells.names[row], cells.kinds[row], outlines.codes[place])
            yield (*named, cells.shapes[row])


def _concerned(reckoning: BorderReckoning, row: int) -> bool:
    return reckoning.cells.codes[row][:12] in reckoning.communities


def _called(old: str, name: str, kind: str, community: str) -> tuple[str, str, str, str]:
    """Name, kind, community and code of a draft."""
    stays = old[:12] == community
    return (name if stays or not _USUAL_NAME.fullmatch(name) else ""), str(kind), community, (old if stays else "")
