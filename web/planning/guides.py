"""What guides a planner: the problems of a plan, and the handles of its borders. All in metres of the drawing CRS."""

from uuid import UUID

import numpy as np
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from gis import crs
from gis.areas.plans.handles import handles
from gis.areas.plans.problems import Problem, problems
from gis.errors import Refused
from gis.models import Plan
from gis.planning.ground_of import footprints_of
from gis.planning.keeping import drawing_of
from web.planning.found import plan_of

#: Handles are shown of so many cells at once.
_MOST_CELLS = 200


@gzip_page
def show_problems(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Everything wrong with the cells, the worst first; `size` is what `gis.areas.plans.problems.KINDS` says."""
    plan = plan_of(request, uuid)
    drawing = drawing_of(plan)
    footprints = footprints_of(plan.area, drawing.things.building, plan.crs)
    found = problems(drawing, plan.measure, plan.target, plan.tolerance, footprints=footprints)
    return _answer({"revision": plan.revision, "problems": _told(plan, found)})


@gzip_page
def show_handles(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """The handles on the borders of some cells (`?cells=3,5`): `fixed` ones slide along a border that stays.

    `arcs` are the exact borders between them, by rows of `handles`, each with its two cells.
    """
    plan = plan_of(request, uuid)
    found = handles(drawing_of(plan), _cells(request))
    xy = _drawn(plan, found.xy)
    each = zip(xy.tolist(), found.fixed.tolist(), found.cells, strict=True)
    told = [{"at": at, "fixed": fixed, "cells": cells} for at, fixed, cells in each]
    lines = [_drawn(plan, arc.xy).round(2).tolist() for arc in found.arcs]
    arcs = [{"ends": arc.ends, "cells": arc.cells, "xy": line} for arc, line in zip(found.arcs, lines, strict=True)]
    return _answer({"revision": plan.revision, "handles": told, "arcs": arcs})


def _cells(request: HttpRequest) -> list[int]:
    words = request.GET.get("cells", "").split(",")
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words) or len(words) > _MOST_CELLS:
        raise Refused(_("读不懂所选的网格。"), fix=_("请刷新页面再试。"))
    return [int(word) for word in words]


def _told(plan: Plan, found: list[Problem]) -> list[dict]:
    boxes = np.array([one.box for one in found]).reshape(-1, 4)
    corners = [_drawn(plan, boxes[:, sides]) for sides in ([0, 1], [2, 3], [0, 3], [2, 1])]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    places = _drawn(plan, np.array([one.place for one in found]))
    told = np.round(np.concatenate([low, high, places], axis=1), 1).tolist()
    return [
        {"kind": one.kind, "cells": one.cells, "tiles": one.tiles, "box": at[:4], "place": at[4:], "size": one.size}
        for one, at in zip(found, told, strict=True)
    ]


def _drawn(plan: Plan, xy: np.ndarray) -> np.ndarray:
    return crs.move(xy.reshape(-1, 2), plan.crs, crs.DRAW)


def _answer(told: dict) -> JsonResponse:
    return JsonResponse(told, headers={"Cache-Control": "private, no-store"})
