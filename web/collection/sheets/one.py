"""One table on its way: columns, values, check, preview, filing, account. Each stage has its page, at one address."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gis.collection.sheets.bringing import (
    back,
    choices,
    choose_page,
    discard,
    pause,
    resume,
    same_before,
    set_columns,
    set_values,
    start,
    values_of,
)
from gis.collection.sheets.progress import counts
from gis.collection.sheets.report import faults_as_bytes, faults_of
from gis.collection.sheets.sheet import REVIEW_DAYS, Sheet, Stage
from gis.collection.sheets.targets import PLACES, TELLING, Target, targets
from gis.errors import BadFile, Refused
from gis.written import refuse
from web.collection.sheets.index import department_sheets
from web.pages.choices import names_of
from web.tasks import check_sheet, file_sheet

#: Refused rows named on the page; all of them are in the list to download.
_SHOWN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEPARATOR = "\x1f"


@never_cache
def show(request: HttpRequest, uuid: str) -> HttpResponse:
    """Where a table stands and what is to be done next. Posted: doing it."""
    sheet = get_object_or_404(department_sheets(request), uuid=uuid)
    trouble = None
    if request.method == "POST":
        try:
            _act(request, sheet)
            return redirect("sheet", uuid=uuid)
        except (Refused, BadFile) as refused:
            trouble = refused
            sheet.refresh_from_db()
    context = {
        "sheet": sheet,
        "plan": sheet.plan,
        "area": names_of({sheet.area}).get(sheet.area, sheet.area),
        "trouble": trouble,
        "counts": counts(sheet),
        "days": REVIEW_DAYS,
    }
    context |= _MORE.get(Stage(sheet.stage), lambda *_all: {})(request, sheet)
    return render(request, "web/collection/sheets/sheet.html", context, status=422 if trouble else 200)


def _act(request: HttpRequest, sheet: Sheet) -> None:
    act = request.POST.get("act", "")
    if act in _PLAIN:
        _PLAIN[act](sheet)
    elif act == "page":
        choose_page(sheet, request.POST.get("page", ""))
    elif act == "columns":
        set_columns(sheet, _mapping(request, sheet), _day(request.POST.get("as_of", "")))
    elif act == "values":
        set_values(sheet, _codes(request))
        check_sheet.defer(sheet_id=sheet.pk)
    elif act == "start":
        start(sheet)
        file_sheet.defer(sheet_id=sheet.pk)
    elif act == "resume":
        resume(sheet)
        (check_sheet if sheet.stage == Stage.CHECKING else file_sheet).defer(sheet_id=sheet.pk)


_PLAIN = {
    "again": lambda sheet: back(sheet, Stage.COLUMNS),
    "recode": lambda sheet: back(sheet, Stage.VALUES),
    "pause": pause,
    "discard": discard,
}


def _mapping(request: HttpRequest, sheet: Sheet) -> dict[str, str]:
    titles = sheet.plan.get("titles", [])
    return {title: request.POST.get(f"column{place}", "") for place, title in enumerate(titles)}


def _codes(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Field → value → code; what was left open is not there."""
    codes: dict[str, dict[str, str]] = {}
    for name in request.POST:
        field, sign, value = name.partition(_SEPARATOR)
        if sign and (chosen := request.POST[name]):
            codes.setdefault(field, {})[value] = "" if chosen == "-" else chosen
    return codes


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("as_of", _("数据日期读不懂。"), _("写成 2026-03-05。")) from None


def _columns(request: HttpRequest, sheet: Sheet) -> dict:
    plan, known = sheet.plan, targets()
    posted = request.method == "POST"
    rows = plan.get("shown", [])
    columns = []
    for place, title in enumerate(plan.get("titles", [])):
        chosen = request.POST.get(f"column{place}", "") if posted else plan["mapping"].get(title, "")
        examples = [row[place] for row in rows if place < len(row) and row[place]]
        columns.append((place, title, examples[:3], chosen))
    return {"columns": columns, "groups": _groups(known), "today": timezone.localdate(), "before": same_before(sheet)}


def _groups(known: dict[str, Target]) -> list[tuple[str, list[Target]]]:
    """What a column can be, in groups of a list."""
    own = [known[code] for code in TELLING if code in known]
    places = [known[code] for code in PLACES]
    rest = [one for code, one in known.items() if code not in TELLING and code not in PLACES]
    by_subject = {"person": _("个人"), "household": _("家庭户"), "dwelling": _("户室")}
    groups = [(_("是谁"), own), (_("住在哪里"), places)]
    return groups + [
        (label, [one for one in rest if one.field and one.field.subject == subject])
        for subject, label in by_subject.items()
    ]


def _values(request: HttpRequest, sheet: Sheet) -> dict:
    values = values_of(sheet)
    posted = _codes(request) if request.method == "POST" else {}
    columns = [
        (target, title, [(f"{target.code}{_SEPARATOR}{one.value}", one, _chosen(target, one, posted)) for one in coded],
         [(code, name) for code, name in choices(target.field).items()])
        for target, title, coded in values.columns
    ]  # fmt: skip
    agree, told = values.births
    return {
        "coded": columns,
        "too_many": values.too_many,
        "agree": agree,
        "births": told,
        "odd": told > 4 and agree * 2 < told,
    }


def _chosen(target: Target, one, posted: dict[str, dict[str, str]]) -> str:
    """What the list of a value stands at: a code, `-` for left out, "" where nobody has decided."""
    code = posted.get(target.code, {}).get(one.value, one.code)
    return "" if code is None else code or "-"


def _preview(request: HttpRequest, sheet: Sheet) -> dict:
    return {"faults": faults_of(sheet, refused=True, most=_SHOWN), "before": same_before(sheet)}


def _account(request: HttpRequest, sheet: Sheet) -> dict:
    return {"faults": faults_of(sheet, refused=True, most=_SHOWN)}


_MORE = {
    Stage.COLUMNS: _columns,
    Stage.VALUES: _values,
    Stage.READY: _preview,
    Stage.DONE: _account,
    Stage.PAUSED: _account,
    Stage.FAILED: _account,
}


@require_GET
def faults(request: HttpRequest, uuid: str) -> HttpResponse:
    """What is wrong, as a workbook."""
    sheet = get_object_or_404(department_sheets(request), uuid=uuid)
    answer = HttpResponse(faults_as_bytes(sheet), content_type=_XLSX)
    name = f"{_('错误清单')} {sheet.brought_at:%Y-%m-%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    return answer
