"""Filters of incidents that a reader keeps under names."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import WanggeError
from gis.models import SavedFilter
from gis.people.sealing import SealBroken, open_seal, seal
from web.errors import wants_page
from web.pages.held import hold
from web.pages.incident_filter import Asked, incident_scope, read_filter, write_filter

#: Filters one reader may keep.
MOST = 50


@require_POST
def index(request: HttpRequest) -> HttpResponse:
    """Keep the address's filter under the posted name; one of that name is replaced."""
    incident_scope(request)
    name = request.POST.get("name", "").replace("\x00", "").strip()[:40]
    asked = read_filter(request)
    mine = SavedFilter.objects.filter(user=request.user)
    if not name or not asked.query:
        raise WanggeError(_("没有名称，或没有可存的筛选条件。"), fix=_("请先选条件，再填名称。"))
    if mine.exclude(name=name).count() >= MOST:
        raise WanggeError(_("已存的筛选太多。"), fix=_("请先删除不用的。"))
    values = {"query": write_filter(asked.wanted), "words": seal(asked.wanted.text) if asked.wanted.text else b""}
    SavedFilter.objects.update_or_create(user=request.user, name=name, defaults=values)
    return _back(request, asked)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a kept filter: the list with it, or its query string for a script. A post deletes it."""
    incident_scope(request)
    kept = get_object_or_404(SavedFilter, user=request.user, pk=pk)
    if request.method == "POST":
        kept.delete()
        return _back(request, None)
    held = hold(request, words) if (words := _words(kept)) else ""
    query = "&".join(part for part in (kept.query, f"held={held}" if held else "") if part)
    return _to(request, query)


def _words(kept: SavedFilter) -> str:
    try:
        return open_seal(bytes(kept.words)) if kept.words else ""
    except SealBroken:
        return ""


def _back(request: HttpRequest, asked: Asked | None) -> HttpResponse:
    return _to(request, asked.query if asked else "")


def _to(request: HttpRequest, query: str) -> HttpResponse:
    if not wants_page(request):
        return JsonResponse({"query": query})
    return redirect(f"{reverse('incidents')}?{query}")
