"""Wishes of a community: read and posted by anybody, taken up by a neighbour, followed by a secret link."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from gis.accounts.scope import Scope
from gis.commons.community_wish import LONGEST, WishState
from gis.commons.wishing import offer_help, post_wish, take_back, thank, wish_of
from gis.errors import Conflict, Refused, TooMany, WanggeError
from gis.incidents.residents.allowance import spend
from gis.models import CommunityWish
from web.community.opened import community_at, opened
from web.open_pages import is_machine, new_ticket, read_ticket
from web.pages.paging import page_of
from web.whence import who

#: Wishes and offers of one visitor a day: a whole building may share one address.
_WISHES, _OFFERS, _DAY = 30, 30, timedelta(days=1)


@opened
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The wishes of a community and a form for one more; what was posted leads to its secret link."""
    area, body, error = community_at(code), {}, None
    if request.method == "POST":
        body = {name: request.POST.get(name, "") for name in ("told", "name", "phone")}
        try:
            return _post(request, code, body)
        except (Refused, TooMany) as refused:
            error = refused
    wishes = CommunityWish.objects.inside(Scope.of([code])).shown().select_related("department")
    context = {"area": area, "page": page_of(wishes, request.GET.get("page")), "body": body, "longest": LONGEST}
    context |= {"trouble": error, "fields": getattr(error, "fields", {}), "ticket": _ticket(request, error)}
    return render(request, "web/community/wishes.html", context, status=422 if error else 200)


def _post(request: HttpRequest, code: str, body: dict) -> HttpResponse:
    area = community_at(code)
    if is_machine(request):
        return render(request, "web/community/wish_posted.html", {"area": area, "link": ""})
    spend("wish", who(request), _WISHES, _DAY)
    token = post_wish(code, body["told"], name=body["name"], phone=body["phone"], uuid=_read_ticket(request))
    link = request.build_absolute_uri(reverse("own-wish", args=[token])) if token else ""
    # Shown, not redirected to: an address with the token would stand in the history of a shared computer.
    return render(request, "web/community/wish_posted.html", {"area": area, "link": link})


def _read_ticket(request: HttpRequest):
    return read_ticket(request.POST.get("ticket", ""))


def _offer(request: HttpRequest, wish: CommunityWish, body: dict) -> bool:
    """Leave an offer; one that is there already counts as left."""
    spend("offer", who(request), _OFFERS, _DAY)
    offer_help(wish, uuid=_read_ticket(request), **body)
    return True


def _ticket(request: HttpRequest, error: WanggeError | None) -> str:
    """A form that is shown again with what was wrong is still the same one."""
    return request.POST.get("ticket", "") if error else new_ticket()


@opened
def one(request: HttpRequest, code: str, uuid: str) -> HttpResponse:
    """A wish, and while it is open a form for whoever wants to fulfil it."""
    area = community_at(code)
    found = CommunityWish.objects.inside(Scope.of([code])).shown().select_related("department")
    wish, body, error, offered = get_object_or_404(found, uuid=uuid), {}, None, False
    if request.method == "POST":
        body = {name: request.POST.get(name, "") for name in ("name", "phone", "words")}
        try:
            offered = is_machine(request) or _offer(request, wish, body)
        except (Refused, Conflict, TooMany) as refused:
            error = refused
    context = {"area": area, "wish": wish, "body": body, "offered": offered, "longest": LONGEST}
    context |= {"trouble": error, "fields": getattr(error, "fields", {}), "ticket": _ticket(request, error)}
    context |= {"is_open": wish.state == WishState.OPEN}
    return render(request, "web/community/wish.html", context, status=422 if error else 200)


@opened
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The wisher's own page, by the secret link: how far it is, thanks, taking it back."""
    error = None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "withdraw":
                take_back(token)
            else:
                thank(token, request.POST.get("words", ""))
            return redirect("own-wish", token)
        except (Refused, Conflict) as refused:
            error = refused
    wish = wish_of(token)
    context = {"wish": wish, "area": community_at(wish.area), "trouble": error, "longest": LONGEST}
    context |= {"fields": getattr(error, "fields", {}), "ended": wish.state in _ENDED}
    response = render(request, "web/community/own_wish.html", context, status=422 if error else 200)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


_ENDED = (WishState.DONE, WishState.REFUSED, WishState.WITHDRAWN)
