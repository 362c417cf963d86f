"""One's own reports: order a view of the map as a file, watch it being made, take it, stop it, delete it."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gis.errors import WanggeError
from gis.incidents.finding import Wanted
from gis.reports.ordering import What, cancel_report, delete_file, note, order_report
from gis.reports.report import Kind, Report
from layers.reports.contents import title_of
from layers.reports.view import View, read_view
from web.downloads import begins_anew, send_file
from web.errors import say, wants_page
from web.lists import orders
from web.lists.listing import Asked
from web.pages.held import words_of
from web.pages.incident_filter import read_fields
from web.pages.paging import page_of
from web.pages.risk_weights import own_weights
from web.tasks import make_report

_KINDS = {
    Kind.HTML: gettext_lazy("一个文件里的地图，断网也能打开"),
    Kind.PNG: gettext_lazy("印出来或贴到文稿里"),
    Kind.XLSX: gettext_lazy("数据和说明，可筛选"),
    Kind.CSV: gettext_lazy("表格软件能直接打开"),
    Kind.CSV_GB: gettext_lazy("供只认国标编码的系统"),
    Kind.GPKG: gettext_lazy("带边界，供 QGIS 等软件使用"),
    Kind.GEOJSON: gettext_lazy("带边界，供网页和程序使用"),
    Kind.SHP: gettext_lazy("压缩包，字段全名另附一表"),
    Kind.KML: gettext_lazy("供奥维、谷歌地球等使用"),
    Kind.DXF: gettext_lazy("供 CAD 使用，当地投影坐标（米）"),
    Kind.PARQUET: gettext_lazy("供数据分析使用"),
}
_USUAL = (Kind.HTML, Kind.PNG, Kind.XLSX, Kind.GPKG)


def index(request: HttpRequest) -> HttpResponse:
    """The reader's own reports, the latest first; a posted form orders one."""
    if request.method == "POST":
        return _order(request)
    page = page_of(Report.objects.of(request.user), request.GET.get("page"))
    at_work = any(report.is_at_work for report in page.rows)
    return render(request, "web/lists/reports.html", {"page": page, "at_work": at_work})


def kinds() -> list[dict]:
    """What a view can be had as, for the page that offers it: what most people want first."""
    return [
        {"code": kind.value, "name": str(kind.label), "note": str(note), "usual": kind in _USUAL}
        for kind, note in _KINDS.items()
    ]


def _order(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise WanggeError(_("没有这种格式。"), fix=_("请从“导出”里选择一种。"))
    facts = _of_list(request, kind) if "list" in request.POST else _of_view(request)
    report = order_report(request.user, kind=kind, language=get_language(), **facts)
    make_report.defer(report_id=report.pk)
    return redirect("reports") if wants_page(request) else JsonResponse(_said(report), status=201)


def _of_view(request: HttpRequest) -> dict:
    view = _view(request)
    scope = view.scope(request.access)
    return {"title": title_of(view, scope)[:120], "view": view.as_json(), "areas": scope.setting}


def _of_list(request: HttpRequest, kind: str) -> dict:
    query = QueryDict(request.POST.get("asked", "")[:4000])
    words = words_of(request, query.get("held", ""))
    return orders.facts_of(request.POST["list"], kind, Asked(query, request.access, request.user, words))


def _view(request: HttpRequest) -> View:
    try:
        said = json.loads(request.POST.get("view", ""))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise WanggeError(_("报表的内容无法识别。"), fix=_("请从地图上的“导出”重新申请。"))
    return read_view(said, _incidents(said.get("incidents"), request), own_weights(request))


def _incidents(query: str | None, request: HttpRequest) -> Wanted | None:
    """The filter that came as a query string, None where no incidents are wanted."""
    if query is None:
        return None
    asked = QueryDict(str(query)[:4000])
    return read_fields(asked, [], words_of(request, asked.get("held", "")))


@never_cache
@require_GET
def progress(request: HttpRequest, uuid: str) -> JsonResponse:
    """How far a report of the reader's own is."""
    return JsonResponse(_said(_own(request, uuid)))


def _own(request: HttpRequest, uuid: str) -> Report:
    return get_object_or_404(Report.objects.of(request.user), uuid=uuid)


def _said(report: Report) -> dict:
    return {
        "uuid": str(report.uuid),
        "title": report.title,
        "kind": report.get_kind_display(),
        "stage": report.stage,
        "stageName": report.get_stage_display(),
        "percent": report.percent,
        "size": report.size,
        "trouble": report.trouble,
        "fix": report.fix,
        "urls": {name: reverse(f"report-{name}", args=[report.uuid]) for name in ("take", "progress", "cancel")},
    }


@require_GET
def take(request: HttpRequest, uuid: str) -> HttpResponse:
    """The file, while its owner's postings still cover what is in it."""
    report = _own(request, uuid)
    if not report.is_done or not report.file:
        raise WanggeError(_("这份报表没有可下载的文件。"), fix=_("请重新申请。"))
    if not report.is_covered_by(request.access):
        note(report, What.REFUSED, request.user)
        # Said, not raised: what is raised would undo the note of it.
        return say(request, _("您的任职已不包括这份报表的辖区。"), _("请按现在的辖区重新申请。"), 403)
    if begins_anew(request):
        note(report, What.TAKEN, request.user)
    title = get_valid_filename(f"{report.title} {date_format(timezone.localtime(report.ordered_at), 'Ymd-Hi')}")
    name = f"{title}{Path(report.file.name).suffix}"
    return send_file(request, report.file.open("rb"), mark=str(report.uuid), name=name)


@require_POST
def cancel(request: HttpRequest, uuid: str) -> HttpResponse:
    """Stop a report that is being made, or delete the file of one that is done."""
    report = _own(request, uuid)
    if report.is_at_work:
        cancel_report(report, request.user)
    else:
        delete_file(report, request.user)
    return redirect("reports") if wants_page(request) else JsonResponse({})
