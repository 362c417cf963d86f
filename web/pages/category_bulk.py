"""Many categories at once: pasted from a spreadsheet or brought in as a file, shown first, then made all or none."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis.errors import Conflict, Refused
from gis.incidents.category_table import COLUMNS, MOST, Line, Read, read_table, take_table
from gis.written import read_line, refuse
from web.pages.category_words import begins, compared, judge_editor, judge_publicity, names_of_kind, read_day

#: Bytes of a file: a thousand rows are far fewer.
_LARGEST = 1_000_000


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    judge_editor(request)
    asked = {"text": "", "starts": "", "reason": ""}
    if request.method != "POST":
        return _page(request, asked)
    asked = {name: request.POST.get(name, "").replace("\x00", "") for name in asked}
    read = None
    try:
        asked["text"] = _text(request)
        day = read_day(asked["starts"])
        read = read_table(asked["text"], begins(day))
        for line in read.lines:
            judge_publicity(request, line.sets if line.category or line.after.is_public else {})
        reason = read_line(asked["reason"], "reason", 200, needed=True)
        if "confirm" in request.POST and not read.faults and read.lines:
            number = take_table(read.lines, user=request.user, starts=day, reason=reason)
            messages.success(request, _("已保存 %(number)d 个类别。") % {"number": number})
            return redirect("categories")
    except (Refused, Conflict) as refused:
        return _page(request, asked, read, refused, 409 if isinstance(refused, Conflict) else 422)
    return _page(request, asked, read, status=422 if read.faults else 200)


def _text(request: HttpRequest) -> str:
    """What was pasted, or the file; as spreadsheets in China write them too."""
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("text", "")[:_LARGEST]
    if sent.size > _LARGEST:
        raise refuse("file", _("文件太大。"), _("请分几次导入，每次不超过 %(most)d 行。") % {"most": MOST})
    raw = sent.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise refuse("file", _("读不懂这个文件。"), _("请存为 CSV（UTF-8）再导入。"))


def _page(request: HttpRequest, asked: dict, read: Read | None = None, error=None, status: int = 200) -> HttpResponse:
    context = {
        "asked": asked,
        "read": read,
        "changes": [_told(line) for line in read.lines] if read else [],
        "error": error,
        "fields": getattr(error, "fields", {}),
        "columns": list(COLUMNS.values()),
        "most": MOST,
        "today": timezone.localdate(),
    }
    return render(request, "web/categories/bulk.html", context, status=status)


def _told(line: Line) -> dict:
    return {"line": line, "rows": compared(line.before, line.after, names_of_kind(line.kind))}
