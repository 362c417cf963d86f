"""Where one is signed in: the list on one's own page, ending one or all others, and when each was last used."""

from collections.abc import Iterable
from threading import Lock

from cachetools import TTLCache
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis.accounts.account_session import end_sessions
from gis.models import AccountSession, User
from web.entering import is_noted
from web.pages.paging import read_number
from web.single_sign_on.granted import end_all

#: Seconds between two notes of the same session in one process: who was last seen when need not be known better.
_EVERY = 300
_seen: TTLCache = TTLCache(10_000, ttl=_EVERY)
_lock = Lock()


@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """GET: the list; POST `session`: end that one, POST `others`: all but this."""
    mine = sessions_of(request.user)
    here = request.session.session_key
    if request.method == "POST":
        if "others" in request.POST:
            many = end_others(request)
        else:
            chosen = read_number(request.POST.get("session"))
            many = len(end_sessions(mine.exclude(key=here).filter(pk=chosen)))
        told_ended(request, many)
        return redirect("own-sessions")
    return render(request, "web/own_sessions.html", {"sessions": mine, "here": here})


def told_ended(request: HttpRequest, many: int) -> None:
    """Say how many sessions were ended."""
    messages.success(request, ngettext("已结束 %d 处登录。", "已结束 %d 处登录。", many) % many)


def sessions_of(user: User) -> QuerySet:
    """Those that still hold, the last used first."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return AccountSession.objects.filter(user=user, key__in=live)


def note_seen(request: HttpRequest) -> None:
    """Remember that a session is in use; a statement every few minutes."""
    key = request.session.session_key
    if not is_noted(request):
        return
    with _lock:
        lately = key in _seen
        if not lately:  # set again, it would be kept on, and who is never away five minutes be noted once for all
            _seen[key] = True
    if not lately:
        AccountSession.objects.filter(key=key).update(last_seen_at=timezone.now())


def end_others(request: HttpRequest) -> int:
    """All of this account but this one, and what departments' systems hold of it; returns how many sessions."""
    end_all(request.user)
    return len(end_sessions(sessions_of(request.user).exclude(key=request.session.session_key)))


def end_of_all(users: Iterable[User]) -> int:
    """All sessions of some accounts, and what departments' systems hold of them; returns how many sessions."""
    chosen = list(users)
    for user in chosen:
        end_all(user)
    return len(end_sessions(AccountSession.objects.filter(user__in=chosen)))


def keep_only(request: HttpRequest, before: str) -> None:
    """After a change of password: this session goes on under its new key, all others end. `before`: its old key."""
    AccountSession.objects.filter(key=before).update(key=request.session.session_key)
    end_others(request)
