"""Outlines from a file laid into a plan of communities or streets: what is other, then a choice for each of it."""

import json
import tempfile
from pathlib import Path
from uuid import UUID

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.plans import fitting
from gis.errors import BadFile, BadGeometry, Conflict, NotAllowed, Refused
from gis.exchange.drawn.cell import DrawnCell
from gis.exchange.drawn.reading import read_cells
from gis.models import Plan
from gis.planning import stepping
from gis.planning.borders.laying import read_outlines
from gis.planning.borders.matching import Matched, match
from gis.planning.given import Given
from gis.planning.keeping import drawing_of
from web.planning.files import kept
from web.planning.found import may_draw, plan_of

_MOST_BYTES = 20 * 1024 * 1024
#: Outlines go through the form: so many characters of them at most.
_MOST_TEXT = 2_000_000


def lay(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The form of a file; of a file the differences; and with choices the step."""
    plan = plan_of(request, uuid)
    if not may_draw(request, plan):
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))
    context: dict = {"plan": plan}
    if request.method == "POST":
        try:
            if "outlines" in request.POST:
                return _taken(request, plan)
            context |= differences_of(plan, _read(request))
        except (BadFile, BadGeometry, Refused) as refusal:
            context["error"] = refusal
    return render(request, "web/planning/outline_file.html", context, status=422 if "error" in context else 200)


def differences_of(plan: Plan, cells: list[DrawnCell]) -> dict:
    """What the outlines of a file would change, for the page. Raises Refused where none belongs to the plan."""
    drawing = drawing_of(plan)
    found = match(cells, drawing.cells)
    if not found.outlines:
        raise Refused(_("文件里的边界和这个方案对不上。"), fix=_("请用“代码”或“名称”列写明是哪个社区或街道。"))
    text = json.dumps({number: _rounded(shape) for number, shape in found.outlines.items()})
    if len(text) > _MOST_TEXT:
        raise Refused(_("边界的折点太多。"), fix=_("请先简化边界，或分几次导入。"))
    outlines = read_outlines(drawing, Given({"outlines": json.loads(text)}), plan)
    others = fitting.differences(drawing, outlines, plan.next_tile).found
    return {
        "outlines": text,
        "matched": [drawing.cells[number] for number in found.outlines],
        "left": _left(found),
        "differences": [_told(one, drawing.cells, plan.crs) for one in others],
    }


def _read(request: HttpRequest) -> list[DrawnCell]:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("还没有选择文件。"), fix=_("请选择 GeoJSON、GeoPackage、Shapefile（ZIP）、KML 或 DXF 文件。"))
    if sent.size > _MOST_BYTES:
        raise Refused(_("文件太大。"), fix=_("请只保留这个方案的边界，20 MB 以内。"))
    with tempfile.TemporaryDirectory() as folder:
        return read_cells(kept(sent, Path(folder)))


def _rounded(shape: shapely.Geometry) -> dict:
    """GeoJSON to a centimetre."""
    return json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-7)))


def _left(found: Matched) -> str:
    return "、".join(found.left[:20])


def _told(one: fitting.Difference, cells, plane: int) -> dict:
    x, y = crs.move(shapely.get_coordinates(shapely.Point(one.at)), plane, crs.STORE)[0]
    other = cells[one.other].name if one.other in cells else ""
    return {
        "key": one.key,
        "m2": round(one.m2),
        "name": cells[one.number].name,
        "other": other,
        "kind": "short" if one.short else "both" if one.both else "over" if other else "free",
        "place": f"{x:.5f}, {y:.5f}",
    }


def _taken(request: HttpRequest, plan: Plan) -> HttpResponse:
    try:
        outlines = json.loads(request.POST["outlines"])
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        raise Refused(_("读不懂发来的内容。"), fix=_("请重新选择文件。")) from None
    choices = {
        name.removeprefix("choice-"): value for name, value in request.POST.items() if name.startswith("choice-")
    }
    args = {"outlines": outlines, "choices": choices}
    before = plan.revision
    try:
        after = stepping.step(plan.uuid, "outlines", args, user=request.user, access=request.access, seen=seen)
    except Conflict as conflict:
        raise Refused(conflict.message, fix=_("请重新选择文件，再看有哪些不同。")) from None
    tiles = after.steps.get(revision=before + 1).facts.get("tiles", 0)
    messages.success(request, _("已按文件划入边界。换了社区的地块：%(count)d。") % {"count": tiles})
    return redirect("plan", plan.uuid)
