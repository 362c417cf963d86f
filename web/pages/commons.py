"""What residents sent and staff have to look at: wishes, offers, thanks, opinions, notes that seem to name somebody."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gis.accounts.scope import Scope
from gis.commons.community_wish import WishState
from gis.commons.consulting import judge_reply
from gis.commons.neighbour import Neighbour
from gis.errors import Refused
from gis.incidents.private_words import find_private
from gis.incidents.publishing import to_look_at
from gis.models import CommunityWish, Reply
from web.pages.choices import names_of
from web.pages.paging import page_of
from web.pages.publication import publishing_scope


@dataclass(frozen=True)
class Tab:
    code: str
    name: str
    number: int
    here: bool


_TABS = {
    "wishes": gettext_lazy("新心愿"),
    "offers": gettext_lazy("想认领的邻居"),
    "thanks": gettext_lazy("感谢"),
    "replies": gettext_lazy("意见"),
    "notes": gettext_lazy("要核对的答复"),
}


def show(request: HttpRequest) -> HttpResponse:
    """One kind of what waits, the oldest first, each with a form that decides on it."""
    scope = publishing_scope(request)
    waiting = _waiting(scope)
    notes = to_look_at(scope)
    numbers = {code: rows.count() for code, rows in waiting.items()} | {"notes": len(notes)}
    first = next((code for code in _TABS if numbers[code]), "wishes")
    tab = request.GET.get("tab", "") if request.GET.get("tab", "") in _TABS else first
    page = page_of(waiting[tab], request.GET.get("page")) if tab != "notes" else None
    rows = page.rows if page else notes
    areas = {_area(row) for row in rows}
    context = {
        "tabs": [Tab(code, str(name), numbers[code], code == tab) for code, name in _TABS.items()],
        "tab": tab,
        "page": page,
        "rows": [{"row": row, "area": _area(row), "found": find_private(_written(row))} for row in rows],
        "names": names_of(areas),
    }
    return render(request, "web/commons/queue.html", context)


def _waiting(scope: Scope) -> dict[str, QuerySet]:
    wishes = CommunityWish.objects.inside(scope)
    offers = Neighbour.objects.inside(scope).filter(part=Neighbour.Part.HELPER, state=Neighbour.State.WAITING)
    replies = Reply.objects.filter(scope.q("consultation__area"), state=Reply.State.WAITING)
    return {
        "wishes": wishes.filter(state=WishState.WAITING).order_by("posted_at", "pk"),
        "offers": offers.filter(wish__state=WishState.OPEN).select_related("wish").order_by("at", "pk"),
        "thanks": wishes.exclude(thanks_told="").filter(thanks="").order_by("done_at", "pk"),
        "replies": replies.select_related("consultation").order_by("at", "pk"),
    }


def _area(row) -> str:
    for owner in ("consultation", "incident"):
        if hasattr(row, owner):
            return getattr(row, owner).area
    return row.area


def _written(row) -> str:
    """What anybody would read if it were let through as it is."""
    if isinstance(row, CommunityWish):
        return row.thanks_told or row.told
    return getattr(row, "text", "") or getattr(row, "note", "") or getattr(row, "words", "")


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on one opinion."""
    posted = request.POST
    try:
        judge_reply(pk, posted.get("state", ""), posted.get("answer", ""), user=request.user, access=request.access)
        messages.success(request, _("已处理这条意见。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("commons") + "?tab=replies")
