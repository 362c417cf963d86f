"""One export on its way: columns, check, preview, filing, account. Each stage has its page, under one address."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gis.errors import Refused
from gis.hotline.columns import fields
from gis.hotline.faults import Fault
from gis.hotline.hotline_file import HotlineFile, Outcome, Stage
from gis.hotline.kinds import Kinds
from gis.hotline.report import faults_as_bytes, faults_of
from gis.hotline.uploading import counts, discard, first_rows, pause, resume, set_columns, start
from web.pages.choices import names_of
from web.pages.hotline import own_files, queue_counts
from web.tasks import check_hotline, file_hotline

#: Faults and cases named on the page; every fault is in the list to download.
_SHOWN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
def show(request: HttpRequest, uuid: str) -> HttpResponse:
    """Where an export stands and what is to be done next. Posted: doing it."""
    file = get_object_or_404(own_files(request).select_related("department"), uuid=uuid)
    trouble = None
    if request.method == "POST":
        try:
            _act(request, file)
            return redirect("hotline-file", uuid=uuid)
        except Refused as refused:
            trouble = refused
    numbers = counts(file)
    context = {
        "file": file,
        "area": names_of({file.area}).get(file.area, file.area),
        "counts": numbers,
        "settled": numbers["total"] - numbers["o_waits"],
        "trouble": trouble,
        "faults": faults_of(file, stopping=True, most=_SHOWN),
    }
    context |= _MORE.get(file.stage, lambda *_all: {})(request, file)
    return render(request, "web/hotline/file.html", context, status=422 if trouble else 200)


def _act(request: HttpRequest, file: HotlineFile) -> None:
    act = request.POST.get("act", "")
    if act == "columns":
        wishes = [f"{name}={request.POST[name]}" for name in fields() if request.POST.get(name)]
        set_columns(file, wishes, request.POST.get("shift", ""))
        check_hotline.defer(file_id=file.pk)
    elif act == "again":
        HotlineFile.objects.filter(pk=file.pk, stage=Stage.READY).update(stage=Stage.COLUMNS)
    elif act == "start":
        start(file)
        file_hotline.defer(file_id=file.pk)
    elif act == "pause":
        pause(file)
        messages.info(request, _("已暂停。已立案的不受影响。"))
    elif act == "resume":
        resume(file)
        (check_hotline if file.stage == Stage.CHECKING else file_hotline).defer(file_id=file.pk)
    elif act == "discard":
        discard(file)
        messages.info(request, _("没有立案的行已丢弃。"))


@dataclass(frozen=True)
class ColumnChoice:
    """A field with the column chosen for it, and the columns there are, each with a value as an example."""

    name: str
    label: str
    needed: bool
    chosen: str


def _columns(request: HttpRequest, file: HotlineFile) -> dict:
    chosen = dict(request.POST.items()) if request.method == "POST" else file.chosen
    rows = first_rows(file)
    examples = {
        title: next((row[at] for row in rows if at < len(row) and row[at]), "") for at, title in enumerate(file.titles)
    }
    return {
        "fields": [
            ColumnChoice(one.name, one.label, one.needed, chosen.get(one.name, "")) for one in fields().values()
        ],
        "titles": [(title, " ".join(examples[title].split())[:16]) for title in file.titles],
        "left": [title for title in file.titles if title not in chosen.values()],
        "shifts": HotlineFile.Shift.choices,
        "located": "longitude" in file.chosen,
    }


def _preview(request: HttpRequest, file: HotlineFile) -> dict:
    kinds = Kinds.of(file)
    words = Counter(file.rows.filter(outcome=Outcome.WAITS, category=None).values_list("words", flat=True))
    unknown = [(text, number) for text, number in words.most_common() if kinds.find(text) is None]
    noted = Counter(
        told[0] for faults in file.rows.exclude(faults=[]).values_list("faults", flat=True) for told in faults
    )
    notes = [(Fault(code).reason, number) for code, number in noted.most_common() if not Fault(code).stops]
    return {"unknown": unknown[:10], "unknown_rows": sum(number for _text, number in unknown), "notes": notes}


def _account(request: HttpRequest, file: HotlineFile) -> dict:
    settled = file.rows.filter(outcome__in=(Outcome.FILED, Outcome.CHANGED), incident__isnull=False)
    cases = settled.select_related("incident__category").order_by("outcome", "row")
    return {"cases": list(cases.defer("incident__drawing")[:_SHOWN])} | queue_counts(request)


_MORE = {
    Stage.COLUMNS: _columns,
    Stage.READY: _preview,
    Stage.DONE: _account,
    Stage.PAUSED: _account,
    Stage.FAILED: _account,
}


@require_GET
def faults(request: HttpRequest, uuid: str) -> HttpResponse:
    """The list of faults as a workbook."""
    file = get_object_or_404(own_files(request), uuid=uuid)
    answer = HttpResponse(faults_as_bytes(file), content_type=_XLSX)
    name = get_valid_filename(f"{_('错误清单')} {file.name.rsplit('.', 1)[0]}") + ".xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    return answer
