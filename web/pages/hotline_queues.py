"""The two queues of work orders that wait for a person: without a sure place, or without a category of ours."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.errors import NotAllowed, NotReady
from gis.hotline.hotline_file import HotlineRow, Outcome
from gis.hotline.kinds import choices
from gis.hotline.order import Order
from gis.hotline.placing import Candidate, candidates
from gis.hotline.queues import drop, set_category, set_place, waiting, words_waiting
from gis.hotline.uploading import ground_of
from gis.incidents.category import Category
from gis.written import refuse
from web.pages.choices import names_of
from web.pages.hotline import queue_counts
from web.pages.paging import Page, page_at, read_number
from web.tasks import file_hotline

#: Work orders of a page: each asks the address search. And texts shown for some words without a category.
_SIZE, _TEXTS = 20, 3


@dataclass(frozen=True)
class Waiting:
    """A work order that waits, opened for whoever decides about it."""

    row: HotlineRow
    order: Order
    candidates: list[Candidate]


def unplaced(request: HttpRequest) -> HttpResponse:
    """Work orders whose address was not sure. Posted: where one lies, or that it is none of ours."""
    _judge(request)
    if request.method == "POST":
        return _place(request)
    rows = waiting(request.user, request.access, Outcome.PLACE).select_related("category", "file")
    looked = request.GET.get("look", "").replace("\x00", "")[:120]
    page = _page(rows.order_by("-file", "row"), request.GET.get("page"))
    one = read_number(request.GET.get("order"))
    orders = [_opened(request, row, looked if row.pk == one else "") for row in page.rows]
    context = {
        "page": page,
        "orders": orders,
        "names": names_of({candidate.area for each in orders for candidate in each.candidates}),
        "communities": _communities(request),
        "look": looked,
        "looked": one,
    } | queue_counts(request)
    return render(request, "web/hotline/unplaced.html", context)


def _judge(request: HttpRequest) -> None:
    if not ground_of(request.access):
        raise NotAllowed(_("您的角色不能导入工单。"), fix=_("需要时请联系管理员调整任职。"))


def _page(rows: QuerySet[HotlineRow], wanted: str | None) -> Page:
    total = rows.order_by().count()
    cut = page_at(total, wanted, _SIZE)
    return Page(list(rows[cut.start : cut.end]), cut.number, cut.last, total, False, _SIZE)


def _opened(request: HttpRequest, row: HotlineRow, looked: str) -> Waiting:
    order = Order.opened(row.sealed)
    asked = Order(order.number, place=looked) if looked else order
    try:
        found = candidates(asked, ground_of(request.access).within(row.area))
    except NotReady:
        found = []
    return Waiting(row, order, found)


def _communities(request: HttpRequest) -> list[Area]:
    inside = Area.objects.inside(ground_of(request.access)).standing().filter(level="community")
    return list(inside.only("code", "name", "level").order_by("code"))


def _place(request: HttpRequest) -> HttpResponse:
    pk = read_number(request.POST.get("order")) or 0
    if request.POST.get("act") == "drop":
        drop(pk, user=request.user, access=request.access)
        messages.info(request, _("已标为不收。"))
        return redirect("hotline-unplaced")
    where = request.POST.get("near") or request.POST.get("place", "")
    row = set_place(pk, where, user=request.user, access=request.access)
    if row.outcome == Outcome.FILED:
        messages.success(request, _("已立案：%(number)s。") % {"number": row.incident.number})
    elif row.outcome == Outcome.KIND:
        messages.info(request, _("位置已定，还差类别。"))
    else:
        messages.warning(request, _("没有立案，请看上传记录里的原因。"))
    return redirect("hotline-unplaced")


def unmapped(request: HttpRequest) -> HttpResponse:
    """Words of the hotline that mean no category of ours yet. Posted: which one they mean."""
    _judge(request)
    if request.method == "POST":
        return _map(request)
    groups = words_waiting(request.user, request.access)
    mine = waiting(request.user, request.access, Outcome.KIND)
    bare = [(row, Order.opened(row.sealed)) for row in mine.filter(words="").order_by("-file", "row")[:_SIZE]]
    context = {
        "groups": [(group, _texts(mine, group.source, group.words)) for group in groups[:50]],
        "bare": bare,
        "categories": choices(),
    } | queue_counts(request)
    return render(request, "web/hotline/unmapped.html", context)


def _texts(mine: QuerySet[HotlineRow], source: str, words: str) -> list[str]:
    rows = mine.filter(source=source, words=words).order_by("pk")[: 10 * _TEXTS]
    return list(dict.fromkeys(Order.opened(row.sealed).text[:80] for row in rows))[:_TEXTS]


def _map(request: HttpRequest) -> HttpResponse:
    pk = read_number(request.POST.get("order")) or 0
    if request.POST.get("act") == "drop":
        drop(pk, user=request.user, access=request.access)
        return redirect("hotline-unmapped")
    key = read_number(request.POST.get("category"))
    category = Category.objects.exclude(kind=Category.Kind.IMPORTED).filter(pk=key, retired=False).first()
    if category is None:
        raise refuse("category", _("还没有选择类别。"), _("请选择一个类别。"))
    files = set_category(pk, category, user=request.user, access=request.access)
    for file in files:
        file_hotline.defer(file_id=file)
    messages.success(request, _("已记住，正在立案。"))
    return redirect("hotline-unmapped")
