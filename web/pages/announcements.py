"""Editors of what staff tell and ask residents: notices, events, questions and their results."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.commons.announcing import LEVELS, save_bulletin, save_consultation
from gis.commons.consulting import tally, tell_result
from gis.errors import Conflict, Refused
from gis.models import Area, Bulletin, Consultation, Reply
from web.pages.choices import names_of
from web.pages.paging import page_of
from web.pages.publication import publishing_scope


def bulletins(request: HttpRequest) -> HttpResponse:
    """What was told so far, the latest first, and a form for the next."""
    rows = Bulletin.objects.inside(publishing_scope(request))
    return _list(request, rows, save_bulletin, "web/commons/bulletins.html", "bulletins")


def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Bulletin.objects.inside(publishing_scope(request)), pk=pk)
    return _edit(request, row, save_bulletin, "web/commons/bulletin.html", "bulletins")


def consultations(request: HttpRequest) -> HttpResponse:
    rows = Consultation.objects.inside(publishing_scope(request))
    return _list(request, rows, save_consultation, "web/commons/consultations.html", "consultations")


def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """A question with its replies; posted with `act=result` its result is told."""
    row = get_object_or_404(Consultation.objects.inside(publishing_scope(request)), pk=pk)
    if request.method == "POST" and request.POST.get("act") == "result":
        try:
            who = {"user": request.user, "access": request.access, "now": timezone.now()}
            tell_result(pk, request.POST.get("result", ""), **who)
            messages.success(request, _("结果已公布。"))
            return redirect("consultation", pk)
        except (Refused, Conflict) as refused:
            return _page(request, row, "web/commons/consultation.html", refused)
    return _edit(request, row, save_consultation, "web/commons/consultation.html", "consultations")


def _list(request: HttpRequest, rows, save, template: str, back: str) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            save(None, request.POST, user=request.user, access=request.access)
            messages.success(request, _("已发布，居民现在就能看到；开始时间在以后的，到时显示。"))
            return redirect(back)
        except (Refused, Conflict) as refused:
            error = refused
    page = page_of(rows, request.GET.get("page"))
    context = {"page": page, "names": names_of({row.area for row in page.rows}), "now": timezone.now()}
    return render(request, template, context | _form(request, None, error), status=422 if error else 200)


def _edit(request: HttpRequest, row, save, template: str, back: str) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            save(row.pk, request.POST, user=request.user, access=request.access)
            messages.success(request, _("已保存。"))
            return redirect(back)
        except (Refused, Conflict) as refused:
            error = refused
    return _page(request, row, template, error)


def _page(request: HttpRequest, row, template: str, error: Refused | Conflict | None) -> HttpResponse:
    context = {"row": row, "names": names_of({row.area}), "now": timezone.now()}
    if isinstance(row, Consultation):
        context |= {"tally": tally(row), "is_open": row.is_open(timezone.now())}
        context |= {"page": page_of(row.replies.exclude(text=""), request.GET.get("page"))}
        context |= {"waiting": row.replies.filter(state=Reply.State.WAITING).count()}
    return render(request, template, context | _form(request, row, error), status=422 if error else 200)


def _form(request: HttpRequest, row, error: Refused | Conflict | None) -> dict:
    """What the form is filled with: what was typed, or what is stored."""
    typed = request.POST if error else _stored(row)
    return {
        "typed": typed,
        "trouble": error,
        "fields": getattr(error, "fields", {}),
        "places": _places(publishing_scope(request)),
    }


def _stored(row) -> dict:
    if row is None:
        return {}
    kept = {name: getattr(row, name) for name in _FIELDS if hasattr(row, name)}
    kept |= {name: _typed_moment(getattr(row, name)) for name in _MOMENTS if hasattr(row, name)}
    return kept | {"options": "\n".join(getattr(row, "options", [])), "withdrawn": "1" if row.withdrawn else ""}


_FIELDS = ("area", "kind", "title", "text", "place", "question")
_MOMENTS = ("starts", "ends", "shown_from", "shown_until", "opens", "closes")


def _typed_moment(moment) -> str:
    """As an input of the browser takes it: 2026-03-04T15:30, local."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if moment else ""


def _places(scope: Scope) -> list[Area]:
    return list(
        Area.objects.inside(scope).standing().filter(level__in=LEVELS).only("code", "name", "short_name", "level")
    )
