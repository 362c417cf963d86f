"""What becomes of a repaired file: it goes out in any format, or straight into a plan."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.areas.repairing.applying import apply
from gis.areas.repairing.proposing import Proposal
from gis.errors import NotAllowed, Refused
from gis.exchange.drawn.cell import DrawnCell
from gis.exchange.drawn.reading import Outlines, read_cells
from gis.exchange.drawn.repaired import Written, write_again
from gis.exchange.drawn.writing import FORMATS
from gis.models import Plan
from gis.planning.files import take_cells
from web.planning.found import may_draw, plan_of, plans_of
from web.planning.outlines import differences_of
from web.repair.case import Case

#: Plans offered.
_MOST = 50


def file_of(case: Case, chosen: list[Proposal], format: str) -> HttpResponse:
    """The repaired file, with the columns it came with."""
    written = _written(case, chosen, format if format in FORMATS else "gpkg")
    answer = HttpResponse(written.content, content_type=written.content_type)
    answer["Content-Disposition"] = f'attachment; filename="repaired.{written.ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def plans_for(request: HttpRequest) -> list[Plan]:
    """The plans that a file can go into, the last changed first."""
    mine = plans_of(request).filter(request.access.which("plan.write").q("area"))
    return list(mine.filter(state__in=[Plan.State.DRAFT, Plan.State.REJECTED]).order_by("-changed_at")[:_MOST])


def into_plan(request: HttpRequest, case: Case, chosen: list[Proposal]) -> HttpResponse:
    """Cells are laid into a plan of cells by one step; borders are held against it first, as any file's are."""
    try:
        plan = plan_of(request, UUID(request.POST.get("plan", "")))
    except ValueError:
        raise Refused(_("还没有选择方案。"), fix=_("请选择一个起草中的方案。")) from None
    if not may_draw(request, plan):
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))
    cells = _cells(case, chosen)
    if plan.kind != Plan.Kind.CELLS:
        return render(request, "web/planning/outline_file.html", {"plan": plan} | differences_of(plan, cells))
    after = take_cells(plan.uuid, cells, request.user, request.access, plan.revision)
    tiles = after.steps.get(revision=after.revision).facts.get("tiles", 0)
    messages.success(request, _("已按文件划入 %(tiles)d 个地块。可以撤销。") % {"tiles": tiles})
    return redirect("plan", plan.uuid)


def _cells(case: Case, chosen: list[Proposal]) -> list[DrawnCell]:
    """As any file of cells is read: by the names of its columns."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "repaired.gpkg"
        path.write_bytes(_written(case, chosen, "gpkg").content)
        return read_cells(path)


def _written(case: Case, chosen: list[Proposal], format: str) -> Written:
    ground = case.ground
    done = apply(ground.metres, chosen, ground.outline)
    shapes = ground.stretch.back(ground.outlines.shapes, ground.metres, done.shapes)
    stays = ~shapely.is_missing(shapes)
    found = ground.outlines
    kept = Outlines(shapes[stays], found.table[stays].reset_index(drop=True), found.rows[stays], found.crs, found.left)
    return write_again(kept, np.array(ground.names, dtype=object)[stays].tolist(), format)
