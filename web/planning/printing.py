"""A plan on paper: the map drawn by the server, sharp at any size, and the figures of its cells."""

from uuid import UUID

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.area import Area
from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.tiles import dissolve
from gis.models import Plan, Way
from gis.planning.files import cells_of
from gis.planning.keeping import drawing_of
from layers.plan_sheet import Piece, Sheet, draw_sheet, fills
from web.planning.found import plan_of

#: Width and height of the map on paper laid across, millimetres.
_PAPERS = {"a4": (273.0, 150.0), "a3": (396.0, 235.0)}


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sheet: `?paper=a3`, A4 unless asked."""
    plan = plan_of(request, uuid)
    paper = request.GET.get("paper", "a4")
    paper = paper if paper in _PAPERS else "a4"
    drawing = drawing_of(plan)
    cells = cells_of(plan, drawing)
    names = dict(Area.objects.filter(code__startswith=plan.area).values_list("code", "name"))
    sheet = _sheet(plan, drawing, _PAPERS[paper])
    context = {
        "plan": plan,
        "paper": paper,
        "papers": [("a4", "A4"), ("a3", "A3")],
        "area": names.get(plan.area, plan.area),
        "sheet": sheet,
        "map": mark_safe(sheet.svg) if sheet else "",  # noqa: S308 - our own SVG, every name in it escaped
        "cells": [(cell, names.get(cell.community, cell.community), f"{cell.area_m2 / 10_000:.2f}") for cell in cells],
        "total": (sum(c.households for c in cells), sum(c.dwellings for c in cells), sum(c.buildings for c in cells)),
        "free": int((drawing.cell == NO_CELL).sum()),
        "today": timezone.localdate(),
    }
    return render(request, "web/planning/print.html", context)


def _sheet(plan: Plan, drawing: Drawing, size: tuple[float, float]) -> Sheet | None:
    numbers, group = np.unique(drawing.cell, return_inverse=True)
    if not (numbers != NO_CELL).any():
        return None
    ground = drawing.ground
    fill = fills(len(numbers), group[ground.first], group[ground.second])
    pieces = [
        Piece(shape, str(number), int(colour))
        for number, shape, colour in zip(numbers.tolist(), dissolve(drawing.shapes, group), fill, strict=True)
        if number != NO_CELL
    ]
    roads, water = _ways(plan, drawing)
    return draw_sheet(pieces, roads, water, size, _("方案地图：%(name)s") % {"name": plan.name})


def _ways(plan: Plan, drawing: Drawing) -> tuple[np.ndarray, np.ndarray]:
    """Roads and water around, in metres."""
    west, south, east, north = shapely.total_bounds(drawing.shapes)
    corners = crs.move(np.array([(west - 500, south - 500), (east + 500, north + 500)]), plan.crs, crs.STORE)
    found = Way.objects.filter(geometry__bboverlaps=Polygon.from_bbox(corners.ravel().tolist()))
    rows = list(found.values_list("kind", "geometry")[:20_000])
    lines = shapely.from_wkb([bytes(geometry.wkb) for _kind, geometry in rows])
    lines = shapely.transform(np.asarray(lines, dtype=object), lambda xy: crs.move(xy, crs.STORE, plan.crs))
    wet = np.array([kind == Way.Kind.RIVER for kind, _geometry in rows], dtype=bool)
    return lines[~wet], lines[wet]
