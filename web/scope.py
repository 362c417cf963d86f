"""The gate every request passes: sign-in, then scope, then the view inside a scoped transaction.

A view is closed unless `PUBLIC` names it; `tests/web/gate` walks every URL with every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.errors import WanggeError
from web.api.admission import admit, bearer_of, is_for_programs, told_pace
from web.api.problems import in_our_words
from web.entering import came_from_outside, owes_second_factor
from web.errors import refusal, say, wants_page
from web.ogc.answering import as_problem
from web.replica import reading
from web.sessions import note_seen

#: URL names open to everyone, each with its reason.
PUBLIC = {
    "sign-in": "where one signs in",
    "sign-out": "harmless without a session",
    "second-step": "asks who has just given the right password for a code",
    "outside": "leads to where one signs in outside",
    "outside-back": "takes a signed answer that the same browser has asked for",
    "outside-ended": "takes a signed word of the provider, which ends sessions and tells nothing",
    "health": "asked by the machine that watches the server; says nothing but up or down",
    "metrics": "numbers of the installation, to whoever has METRICS_TOKEN or is in METRICS_NETWORKS; no person",
    "set_language": "the language is chosen before signing in",
    "javascript-catalog": "words of the interface, no data",
    "field": "the empty shell that a phone keeps to open without signal; everything in it is asked for separately",
    "field-keeper": "the service worker: names of built files, no data",
    "field-words": "words of the field page, no data",
    "resident-report": "residents report without an account; it reads nothing but categories",
    "resident-similar": "whether the same is reported already: kind and coarse distance of what lies in the street",
    "resident-places": "public places by name, for the report; no door, nobody who lives there",
    "resident-ground": "roads and houses to draw a map of; the land is no secret",
    "plate": "the report at the building whose plate was scanned",
    "resident-find": "asks for a report's number and the reporter's four digits",
    "resident-case": "one's own report, to whoever holds its secret link",
    "resident-photo": "a photo of one's own report, to whoever holds its secret link",
    "open311:discovery": "where Open311 is found and in which forms",
    "open311:services": "the kinds of things that residents may report",
    "open311:service": "one of them",
    "open311:requests": "what residents may know of cases, and reports of theirs: as on their own pages",
    "open311:request": "one of them",
    "open311:nothing": "says in the form of Open311 that there is nothing there",
    "api-docs": "how to use the API: names of fields, no data",
    "api-docs-moved": "leads there from where programmers look first",
    "api-nothing": "says of an address under the API that there is none",
    "api:openapi-json": "the same for machines",
    "field-manifest": "name and pictures of the field page for a home screen, no data",
    "community-finder": "names of streets, communities and compounds, for residents to find theirs",
    "community": "what residents may know of their community: `gis.incidents.public_case` decides",
    "community-cases": "the same as a list",
    "community-wishes": "wishes that staff have let everybody see, and the form for one more",
    "community-wish": "one of them, and the form of whoever fulfils it",
    "community-consultation": "a question to residents, the replies that staff have let everybody see, a form",
    "community-language": "the language of these pages, chosen without an account",
    "own-wish": "a wish, to whoever has its secret link of 192 bits",
    "public-photo": "a covered copy of a photo that staff have let everybody see",
    "public-photo-small": "the same, small",
    "oauth2_provider:oidc-connect-discovery-info": "where departments' systems find what follows; no data",
    "oauth2_provider:oauth-server-metadata": "the same in another form",
    "oauth2_provider:jwks-info": "public halves of keys",
    "oauth2_provider:token": "asked by a department's system with its own secret and a code",
    "oauth2_provider:revoke-token": "the same, to give a token back",
    "oauth2_provider:user-info": "asked by a department's system with a token of 180 bits",
    "oauth2_provider:rp-initiated-logout": "signs out, after asking; it tells nothing",
}
#: URL names that are entered with a token, with a session or with neither: what is shown is in scope of whoever asks,
#: and without either what anybody may see. Each view asks `web.ogc.answering.kind_of`.
FOR_ALL = "ogc"
#: URL names a signed-in person without a current posting, or with a password to change, still reaches.
PERSONAL = {"password-change", "no-posting", "second-factor"}


def reads_no_people(view: Callable) -> Callable:
    """Mark a view that touches no personal table and filters by `request.scope` in its own query.

    It is spared the scoped transaction: round trips that a tile would feel. Should it read a personal table all
    the same, the database shows it no row.
    """
    view.reads_no_people = True
    return view


class ScopeMiddleware:
    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What lies behind the gate is for one person and one moment: kept nowhere, unless its view says otherwise."""
        response = self.get_response(request)
        entered = request.resolver_match
        if entered is not None and entered.view_name not in PUBLIC and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name in PUBLIC:
            return None
        if FOR_ALL in request.resolver_match.namespaces:
            return as_problem(_enter_for_all(request, name, view, args, kwargs))
        if is_for_programs(request):
            return _enter_by_token(request, view, args, kwargs)
        admitted = _admitted(request, view)
        if admitted is None:
            return _ask_to_sign_in(request)
        request.access = admitted.access
        request.scope = request.access.which("area.read")
        wall = request.access.which("people.count")
        return _turned_away(request, name, admitted) or _enter(request, view, args, kwargs, wall)

    def process_exception(self, request, exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, WanggeError) else None


@dataclass(frozen=True)
class Admitted:
    """Someone who has signed in: what they may do, and what they must do first: a new password, a second step."""

    access: Access
    must_change_password: bool
    owes_second_factor: bool


#: Who came with which session a moment ago. A map asks for a dozen tiles at once, and three queries each to learn the
#: same answer would cost more than the tile. Only views without people are let in by it, so a sign-out or an ended
#: posting closes everything else at once, and the outlines within these seconds.
_RECENT_SECONDS = 3
_recent: TTLCache = TTLCache(10_000, ttl=_RECENT_SECONDS)
_lock = Lock()


def _admitted(request: HttpRequest, view: Callable) -> Admitted | None:
    if not getattr(view, "reads_no_people", False):
        return _asked(request)
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    with _lock:
        found = _recent.get(session)
    if found is None and (found := _asked(request)):
        with _lock:
            _recent[session] = found
    return found


def _asked(request: HttpRequest) -> Admitted | None:
    user = request.user
    if not user.is_authenticated:
        return None
    note_seen(request)
    must_change = user.must_change_password and not came_from_outside(request)
    return Admitted(user.access, must_change, owes_second_factor(request))


def forget_recent() -> None:
    """Let everybody be asked for again: between tests, whose sessions come and go."""
    with _lock:
        _recent.clear()


def _turned_away(request: HttpRequest, name: str, admitted: Admitted) -> HttpResponse | None:
    if name in PERSONAL:
        return None
    if admitted.must_change_password:
        return _send_to(request, "password-change", _("请先修改密码。"), _("打开“修改密码”页面。"))
    if admitted.owes_second_factor:
        return _send_to(request, "second-factor", _("请先设置两步验证。"), _("打开“两步验证”页面。"))
    if not request.scope:
        return _send_to(request, "no-posting", _("您目前没有任职辖区。"), _("请联系管理员。"))
    return None


def _enter_for_all(request: HttpRequest, name: str, view: Callable, args, kwargs) -> HttpResponse:
    if bearer_of(request):
        return _enter_by_token(request, view, args, kwargs)
    admitted = _asked(request)
    request.access = admitted.access if admitted else Access.none()
    request.scope = request.access.which("area.read")
    turned = _turned_away(request, name, admitted) if admitted else None
    return turned or _enter(request, view, args, kwargs, request.access.which("people.count"))


def _enter_by_token(request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse:
    """A program: never a session, so no page of another site can make its browser ask in somebody's name."""
    admitted = admit(request)
    if isinstance(admitted, HttpResponse):
        return admitted
    request.access = admitted
    request.scope = admitted.which("area.read")
    answer = _enter(request, _whole(view), args, kwargs, request.scope)
    return told_pace(in_our_words(answer), request.spent)


def _whole(view: Callable) -> Callable:
    """A view whose refusal, which it answers rather than raises, undoes what it wrote before."""

    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with transaction.atomic():
            answer = view(request, *args, **kwargs)
            if answer.status_code >= 400:
                transaction.set_rollback(True)
        return answer

    return asked


def _enter(request: HttpRequest, view: Callable, args, kwargs, wall: Scope) -> HttpResponse:
    try:
        if getattr(view, "reads_no_people", False):
            return reading(request, lambda: view(request, *args, **kwargs))
        with applied(wall):
            response = view(request, *args, **kwargs)
            # A template may still query: it must do so before the scope ends.
            return response.render() if hasattr(response, "render") else response
    except WanggeError as error:
        return refusal(request, error)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_page(request):
        # What was posted cannot be sent again after signing in, so only a page that was asked for is returned to.
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    return say(request, _("登录已失效。"), _("请重新登录。"), 401)


def _send_to(request: HttpRequest, name: str, message: str, fix: str) -> HttpResponse:
    return redirect(name) if wants_page(request) else say(request, message, fix, 403)
