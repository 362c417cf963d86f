"""The wishes of the reader's communities, and what staff do with one."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gis.commons import wish_tending
from gis.commons.community_wish import LONGEST, SHOWN, WishState
from gis.errors import Conflict, NotAllowed, Refused
from gis.incidents.private_words import find_private
from gis.models import CommunityWish, Department
from gis.people.reading import Act, note_reading
from gis.people.sealing import open_seal
from web.pages.choices import names_of
from web.pages.paging import page_of, read_number


def index(request: HttpRequest) -> HttpResponse:
    """Wishes by state. Officers of departments see those that everybody sees, and take them up."""
    tends, scope = request.access.may_anywhere("commons.write"), request.access.which("wish.take")
    if not scope:
        raise NotAllowed(_("您的角色不处理微心愿。"), fix=_("需要时请联系管理员调整任职。"))
    # Who tends one community may take up wishes of others: of those they see what everybody sees.
    seen = Q(state__in=SHOWN) | request.access.which("commons.write").q()
    wishes = CommunityWish.objects.inside(scope).filter(seen).select_related("department")
    state = request.GET.get("state", "")
    if state in WishState.values:
        wishes = wishes.filter(state=state)
    page = page_of(wishes, request.GET.get("page"))
    context = {"page": page, "names": names_of({wish.area for wish in page.rows}), "tends": tends, "state": state}
    states = [choice for choice in WishState.choices if tends or choice[0] in ("open", "taken", "done")]
    return render(request, "web/commons/wishes.html", context | {"states": states})


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish with all that may be done with it."""
    wishes = CommunityWish.objects.inside(request.access.which("wish.take")).select_related("department", "by")
    wish = get_object_or_404(wishes, pk=pk)
    tends = request.access.may("commons.write", wish.area)
    if not tends and wish.state not in ("open", "taken", "done"):
        wish = get_object_or_404(wishes.none(), pk=pk)
    error = None
    if request.method == "POST":
        try:
            _do(request, pk)
            messages.success(request, _("已保存。"))
            return redirect("commons-wish", pk)
        except (Refused, Conflict) as refused:
            error = refused
    context = {"wish": wish, "tends": tends, "trouble": error, "fields": getattr(error, "fields", {})}
    context |= {"longest": LONGEST, "names": names_of({wish.area}), "found": find_private(wish.told) if tends else []}
    context |= {"departments": Department.objects.all(), "text": request.POST.get("text", wish.text or wish.told)}
    context |= {
        "neighbours": _neighbours(request, wish) if tends else [],
        "mine": request.user.department_id is not None,
    }
    return render(request, "web/commons/wish.html", context, status=422 if error else 200)


def _neighbours(request: HttpRequest, wish: CommunityWish) -> list[dict]:
    """Who left a name or a phone: the page is for those who call them, and it is noted who was shown them."""
    rows = [
        {"row": row, "phone": open_seal(row.phone_sealed) if row.phone_sealed else ""} for row in wish.neighbours.all()
    ]
    told = {"name": any(one["row"].name for one in rows), "phone": any(one["phone"] for one in rows)}
    if fields := [name for name, shown in told.items() if shown]:
        who = (request.user, request.access, [])
        note_reading(Act.NEIGHBOUR, *who, fields=fields, reason=f"{wish.pk}", area=wish.area)
    return rows


def _do(request: HttpRequest, pk: int) -> None:
    posted, who = request.POST, {"user": request.user, "access": request.access}
    text = posted.get("text", "")
    acts: dict[str, Callable] = {
        "show": lambda: wish_tending.show_wish(pk, text, **who),
        "refuse": lambda: wish_tending.refuse_wish(pk, posted.get("answer", ""), **who),
        "give": lambda: wish_tending.give_wish(
            pk, department=read_number(posted.get("department")), helper=read_number(posted.get("helper")), **who
        ),
        "take": lambda: wish_tending.take_wish(pk, **who),
        "free": lambda: wish_tending.free_wish(pk, **who),
        "fulfil": lambda: wish_tending.fulfil_wish(pk, posted.get("answer", ""), **who),
        "thanks": lambda: wish_tending.show_thanks(pk, posted.get("thanks", ""), **who),
    }
    act = acts.get(posted.get("act", ""))
    if act is None:
        raise Refused(_("没有这种处理。"), fix=_("请刷新页面。"))
    act()
