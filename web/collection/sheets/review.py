"""The queue of rows that may be somebody known: one at a time, side by side, decided by mouse or by key."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gis.collection.sheets.reviewing import beside, decide, put_off, said_of, waiting
from gis.collection.sheets.sheet import REVIEW_DAYS, Outcome
from gis.collection.sheets.targets import targets
from gis.errors import Conflict, OutOfScope
from web.collection.sheets.index import judge_reader
from web.pages.paging import read_number


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The next row that waits. Posted: what it is."""
    judge_reader(request)
    if request.method == "POST":
        _decide(request)
        return redirect("sheet-review")
    rows = waiting(request.user, request.access)
    row = rows.first()
    context = {"left": rows.count(), "days": REVIEW_DAYS}
    if row is not None:
        context["beside"] = beside(row, user=request.user, access=request.access)
        context["more"] = list(said_of(row, targets(), user=request.user, access=request.access))
    return render(request, "web/collection/sheets/review.html", context)


def _decide(request: HttpRequest) -> None:
    key, act = read_number(request.POST.get("row", "")) or 0, request.POST.get("act", "")
    who = {"user": request.user, "access": request.access}
    try:
        if act == "later":
            put_off(key, **who)
            return
        chosen = None if act == "none" else read_number(act)
        if act != "none" and chosen is None:
            return
        row = decide(key, chosen, **who)
    except Conflict as late:
        messages.warning(request, f"{late.message}{late.fix}")
        return
    except OutOfScope:
        messages.warning(request, _("这一行已经不在队列里。"))
        return
    if any(code == "died" for code, *_told in row.faults):
        messages.warning(request, _("此人在这份表的日期之前已去世：这一行不收。"))
        return
    messages.success(request, _SAID[row.outcome]() if row.outcome in _SAID else _("已核对。"))


_SAID = {
    Outcome.CHANGED: lambda: _("已对上，内容已写入。"),
    Outcome.SAME: lambda: _("已对上，没有变化。"),
    Outcome.MADE: lambda: _("已新登记。"),
    Outcome.FAULT: lambda: _("不是这些人，资料又不够新登记：这一行不收。"),
}
