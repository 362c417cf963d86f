"""A plan as files: down in every format, and up again as one step that can be undone."""

import re
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gis.errors import BadFile, Conflict, Refused
from gis.exchange.delimited import empty_file
from gis.exchange.drawn.assignment import read_assignment, write_assignment
from gis.exchange.drawn.reading import read_cells
from gis.exchange.drawn.writing import FORMATS, write
from gis.models import Plan
from gis.planning.files import assignment_of, cells_of, mismatches, take_assignment, take_cells
from gis.planning.keeping import drawing_of
from web.pages.paging import read_number
from web.planning.found import may_draw, plan_of

#: Bytes of an upload.
MOST_BYTES = 50 * 1024**2
#: Signs of a file's name that are kept, to say which file an error is in.
_LONGEST_STEM = 60
#: Rows that fit nothing, named on the page.
_SHOWN = 100
_CSV = "csv"
FORMAT_WORDS = {
    "geojson": (gettext_lazy("GeoJSON"), gettext_lazy("网页地图和多数软件")),
    "gpkg": (gettext_lazy("GeoPackage"), gettext_lazy("QGIS、ArcGIS 等，字段完整")),
    "shp": (gettext_lazy("Shapefile（ZIP）"), gettext_lazy("旧版 GIS；中文为 UTF-8")),
    "kml": (gettext_lazy("KML"), gettext_lazy("三维地球软件")),
    "dxf": (gettext_lazy("DXF"), gettext_lazy("CAD；每个网格一个图层，单位为米")),
    _CSV: (gettext_lazy("楼栋归属表（CSV）"), gettext_lazy("每栋楼属于哪个网格，可用表格软件修改")),
}


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The files of a plan. Posted: cells or buildings from a file, as one step."""
    plan = plan_of(request, uuid)
    error, wrong, fits = None, [], 0
    if request.method == "POST":
        try:
            answer, wrong, fits = _taken(request, plan)
            if answer is not None:
                return answer
        except (BadFile, Refused, Conflict) as refusal:
            error = refusal
    context = {
        "plan": plan,
        "draw": may_draw(request, plan),
        "formats": [(name, title, hint) for name, (title, hint) in FORMAT_WORDS.items()],
        "error": error,
        "wrong": wrong[:_SHOWN],
        "more": len(wrong) - _SHOWN,
        "misfits": len(wrong),
        "fits": fits,
    }
    return render(request, "web/planning/files.html", context, status=422 if error or wrong else 200)


@require_GET
def take(request: HttpRequest, uuid: UUID, format: str) -> HttpResponse:
    """One of them."""
    plan = plan_of(request, uuid)
    drawing = drawing_of(plan)
    if format == _CSV:
        return _file(plan, write_assignment(assignment_of(plan, drawing)), "text/csv; charset=utf-8", "csv")
    if format not in FORMATS:
        raise Http404
    form = FORMATS[format]
    ending = f"EPSG{plan.crs}.dxf" if format == "dxf" else form.ending
    return _file(plan, write(cells_of(plan, drawing), format, plan.crs), form.content_type, ending)


def _file(plan: Plan, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"{get_valid_filename(plan.name) or 'plan'}-{plan.revision}.{ending}"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _taken(request: HttpRequest, plan: Plan) -> tuple[HttpResponse | None, list, int]:
    """The answer after the step; else the rows that fit nothing, and how many do fit."""
    upload = request.FILES.get("file")
    seen = read_number(request.POST.get("seen"))
    with tempfile.TemporaryDirectory() as folder:
        path = kept(upload, Path(folder))
        if path.suffix.lower() in (".csv", ".txt", ".tsv"):
            rows = read_assignment(path)
            wrong = mismatches(plan, drawing_of(plan), rows)
            if wrong and request.POST.get("partly") != "yes":
                return None, wrong, len(rows) - len(wrong)
            after = take_assignment(plan.uuid, rows, request.user, request.access, seen)
        else:
            after = take_cells(plan.uuid, read_cells(path, plan.crs), request.user, request.access, seen)
    facts = after.steps.get(revision=after.revision).facts
    messages.success(request, _("已按文件划入 %(tiles)d 个地块。可以撤销。") % {"tiles": facts.get("tiles", 0)})
    for name, said in (("foreign", _("%d 个地块属于别的社区，没有划入。")), ("locked", _("已锁定的 %d 处没有改动。"))):
        if facts.get(name):
            messages.warning(request, said % facts[name])
    return redirect("plan", plan.uuid), [], 0


def kept(upload: UploadedFile | None, folder: Path) -> Path:
    """An upload in a folder of its own, under its name as far as that is harmless. Raises Refused, BadFile."""
    if upload is None:
        raise Refused(_("没有选择文件。"), fix=_("请选择一个文件。"), fields={"file": _("请选择一个文件。")})
    if not upload.size:
        raise empty_file(Path(upload.name or ""))
    if upload.size > MOST_BYTES:
        raise Refused(
            _("文件有 %(size)d MB，超过 %(most)d MB。") % {"size": upload.size >> 20, "most": MOST_BYTES >> 20},
            fix=_("请按辖区拆成几个文件。"),
        )
    ending = Path(upload.name or "").suffix.lower()
    stem = re.sub(r"[^\w-]+", "_", Path(upload.name or "").stem)[:_LONGEST_STEM]
    path = folder / f"{stem or 'upload'}{ending if _is_plain(ending) else ''}"
    with path.open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return path


def _is_plain(ending: str) -> bool:
    """Letters of other scripts are longer on disk than here, and end no name of a file that is read."""
    return ending.isascii() and ending[1:].isalnum() and len(ending) < 9
