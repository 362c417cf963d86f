"""The repair page: every fault of a file with a proposal; nothing is changed that was not chosen."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely
from cachetools import LRUCache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj.exceptions import CRSError

from gis.areas.repairing.applying import Applied, apply
from gis.areas.repairing.fault import Kind
from gis.areas.repairing.finding import faults
from gis.areas.repairing.plane import Stretch, stretch_of
from gis.areas.repairing.proposing import Act, Proposal, proposals
from gis.errors import BadFile, NotAllowed, Refused
from gis.exchange.drawn.reading import Outlines, read_outlines
from layers.fault_sheet import draw_faults
from web.pages.paging import read_number
from web.repair.keeping import forget, keep, path_of

#: Outlines and corners that are looked at while somebody waits.
_MOST_SHAPES, _MOST_CORNERS = 3000, 400_000
#: Faults listed one by one; of the rest whole kinds can be accepted.
_LISTED = 200
_KINDS = {
    Kind.RING: gettext_lazy("边界自相交"),
    Kind.DUPLICATE: gettext_lazy("重复的面"),
    Kind.OVERLAP: gettext_lazy("重叠"),
    Kind.OUTSIDE: gettext_lazy("超出外边界"),
    Kind.GAP: gettext_lazy("缝隙"),
    Kind.HOLE: gettext_lazy("空洞"),
    Kind.SLIVER: gettext_lazy("碎片"),
    Kind.EDGE: gettext_lazy("顶点不一致"),
}
_ACTS = {
    Act.LEAVE: gettext_lazy("不动"),
    Act.MEND: gettext_lazy("理顺边界"),
    Act.DROP: gettext_lazy("删去后一个"),
    Act.CLIP: gettext_lazy("裁掉"),
    Act.MATCH: gettext_lazy("对齐顶点"),
}


@dataclass(frozen=True)
class Case:
    """A file under repair: as it stands in the file, in metres, and what was found."""

    outlines: Outlines
    stretch: Stretch
    metres: np.ndarray
    proposals: list[Proposal]
    names: list[str]


_cases: LRUCache = LRUCache(4)


def show(request: HttpRequest) -> HttpResponse:
    """Bring a file, choose, look at the outcome, take it away."""
    access = request.access
    if not (access.may_anywhere("plan.write") or access.may_anywhere("import.run")):
        raise NotAllowed(_("您的岗位不修复边界。"), fix=_("需要时请与网格规划员联系。"))
    try:
        return _answer(request)
    except (BadFile, Refused) as refusal:
        forget(request.user)
        return render(request, "web/repair/page.html", {"error": refusal}, status=422)


def _answer(request: HttpRequest) -> HttpResponse:
    act = request.POST.get("act") if request.method == "POST" else None
    if act == "upload":
        _case_of(keep(request.user, request.FILES.get("file")))
        return redirect("boundary-repair")
    if act == "discard":
        forget(request.user)
        return redirect("boundary-repair")
    path = path_of(request.user)
    if path is None:
        return render(request, "web/repair/page.html", {})
    case = _case_of(path)
    chosen = _chosen(request, case)
    done = apply(case.metres, chosen) if act in ("preview", "download") else None
    if act == "download":
        return _file(case, done)
    return render(request, "web/repair/page.html", _context(request, case, chosen, done))


def _case_of(path: Path) -> Case:
    """What a file holds and what is wrong with it. Raises BadFile."""
    key = (str(path), path.stat().st_mtime_ns, path.stat().st_size)
    if key not in _cases:
        outlines = read_outlines(path)
        corners = int(shapely.get_num_coordinates(outlines.shapes).sum())
        if len(outlines.shapes) > _MOST_SHAPES or corners > _MOST_CORNERS:
            raise BadFile(
                _("文件有 %(shapes)d 个面、%(corners)d 个顶点，太大了。")
                % {"shapes": len(outlines.shapes), "corners": corners},
                fix=_("请按辖区拆开：每次最多 %(most)d 个面。") % {"most": _MOST_SHAPES},
            )
        try:
            stretch = stretch_of(outlines.shapes, outlines.crs)
            metres = stretch.metres(outlines.shapes)
            found = proposals(metres, faults(metres))
        except (CRSError, shapely.errors.GEOSException):
            raise BadFile(_("读不懂文件里的边界。"), fix=_("请在 GIS 里检查坐标系，另存为 GeoPackage 再试。")) from None
        _cases[key] = Case(outlines, stretch, metres, found, _names(outlines))
    return _cases[key]


def _names(outlines: Outlines) -> list[str]:
    """What each shape is called: the first column whose values all differ, else its row."""
    for column in outlines.table.columns:
        values = outlines.table[column].astype(str).str.slice(0, 24)
        if values.is_unique and not values.eq("").any():
            return values.tolist()
    return [f"#{row}" for row in outlines.rows]


def _chosen(request: HttpRequest, case: Case) -> list[Proposal]:
    """The proposals consented to: kind by kind, or one by one."""
    chosen = []
    for number, one in enumerate(case.proposals):
        if request.POST.get(f"all-{one.fault.kind}") == "yes":
            chosen.append(one)
            continue
        wish = request.POST.get(f"fault-{number}", "")
        if wish == "yes":
            chosen.append(one)
        elif wish.startswith("to-") and read_number(wish[3:]) in [taker.row for taker in one.takers]:
            chosen.append(one.given(int(wish[3:])))
    return [one for one in chosen if one.act != Act.LEAVE]


def _context(request: HttpRequest, case: Case, chosen: list[Proposal], done: Applied | None) -> dict:
    found = case.proposals
    listed = found[:_LISTED]
    look = read_number(request.GET.get("look"))
    look = look if look is not None and look < len(listed) else None
    regions, labels = [one.fault.region for one in listed], [str(number + 1) for number in range(len(listed))]
    context = {
        "case": case,
        "shapes": len(case.metres),
        "left": case.outlines.left,
        "kinds": [_kind(request, kind, found) for kind in Kind if any(one.fault.kind == kind for one in found)],
        "faults": [_row(request, case, number, one) for number, one in enumerate(listed)],
        "more": len(found) - len(listed),
        "before": mark_safe(draw_faults(case.metres, regions, labels, _("修复前"), look)),  # noqa: S308 - our own SVG
        "look": None if look is None else look + 1,
    }
    if done is not None:
        still = faults(done.shapes)
        now = [fault.region for fault in still[:_LISTED]]
        marks = ["!"] * len(now)
        context |= {
            "done": len(chosen) - len(done.undone),
            "undone": len(done.undone),
            "changed": sum(new is not old for new, old in zip(done.shapes, case.metres, strict=True)),
            "still": len(still),
            "after": mark_safe(draw_faults(done.shapes, now, marks, _("修复后"))),  # noqa: S308 - our own SVG
        }
    return context


def _kind(request: HttpRequest, kind: Kind, found: list[Proposal]) -> dict:
    of_kind = [one for one in found if one.fault.kind == kind]
    return {
        "code": kind.value,
        "said": _KINDS[kind],
        "count": len(of_kind),
        "proposed": sum(one.act != Act.LEAVE for one in of_kind),
        "area": sum(one.fault.area for one in of_kind),
        "chosen": request.POST.get(f"all-{kind}") == "yes",
    }


def _row(request: HttpRequest, case: Case, number: int, one: Proposal) -> dict:
    wish = request.POST.get(f"fault-{number}", "no")
    choices = [("no", _ACTS[Act.LEAVE])]
    if one.act in _ACTS and one.act != Act.LEAVE:
        choices.append(("yes", _ACTS[one.act]))
    choices += [(f"to-{taker.row}", _("归 %(name)s") % {"name": case.names[taker.row]}) for taker in one.takers[:6]]
    proposed = _("归 %(name)s") % {"name": case.names[one.to]} if one.to is not None else _ACTS[one.act]
    return {
        "number": number,
        "label": number + 1,
        "kind": _KINDS[one.fault.kind],
        "area": one.fault.area,
        "width": one.fault.width,
        "names": "、".join(case.names[row] for row in one.fault.shapes[:4])
        + ("…" if len(one.fault.shapes) > 4 else ""),
        "proposed": proposed,
        "choices": [(value, said, value == wish) for value, said in choices],
    }


def _file(case: Case, done: Applied) -> HttpResponse:
    """The repaired file as GeoPackage, in the coordinates and with the columns it came with."""
    shapes = case.stretch.back(case.outlines.shapes, case.metres, done.shapes)
    stays = ~shapely.is_missing(shapes)
    many = [shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape]) for shape in shapes[stays]]
    table = case.outlines.table[stays].reset_index(drop=True)
    table = table.drop(
        columns=[column for column in table.columns if str(column).lower() in ("fid", "geom", "geometry")]
    )
    frame = geopandas.GeoDataFrame(table, geometry=many, crs=case.outlines.crs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "repaired.gpkg"
        pyogrio.write_dataframe(frame, path, layer="repaired", driver="GPKG", geometry_type="MultiPolygon")
        content = path.read_bytes()
    answer = HttpResponse(content, content_type="application/geopackage+sqlite3")
    answer["Content-Disposition"] = 'attachment; filename="repaired.gpkg"'
    answer["Cache-Control"] = "private, no-store"
    return answer
