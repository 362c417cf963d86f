"""The gate every request passes: sign-in, then scope, then the view inside a scoped transaction.

A view is closed unless `PUBLIC` names it; `tests/web/test_gate.py` walks every URL with every role.
"""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from gis.accounts.scope import applied
from gis.errors import WanggeError
from web.errors import refusal, wants_page

#: URL names open to everyone, each with its reason.
PUBLIC = {
    "sign-in": "where one signs in",
    "sign-out": "harmless without a session",
    "health": "asked by the machine that watches the server; says nothing but up or down",
    "set_language": "the language is chosen before signing in",
    "javascript-catalog": "words of the interface, no data",
}
#: URL names a signed-in person without a current posting, or with a password to change, still reaches.
PERSONAL = {"password-change", "no-posting"}


def reads_no_people(view: Callable) -> Callable:
    """Mark a view that touches no personal table and filters by `request.scope` in its own query.

    It is spared the scoped transaction: five round trips that a tile would feel.
    """
    view.reads_no_people = True
    return view


class ScopeMiddleware:
    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name in PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        request.access = request.user.access
        request.scope = request.access.which("area.read")
        if name not in PERSONAL:
            if request.user.must_change_password:
                return _go(request, "password-change")
            if not request.scope:
                return _go(request, "no-posting")
        return _enter(request, view, args, kwargs)

    def process_exception(self, request, exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, WanggeError) else None


def _enter(request, view, args, kwargs) -> HttpResponse:
    try:
        if getattr(view, "reads_no_people", False):
            return view(request, *args, **kwargs)
        with applied(request.access.which("people.count")):
            response = view(request, *args, **kwargs)
            # A template may still query: it must do so before the scope ends.
            return response.render() if hasattr(response, "render") else response
    except WanggeError as error:
        return refusal(request, error)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_page(request):
        return redirect_to_login(request.get_full_path())
    return JsonResponse({"error": _("登录已失效。"), "fix": _("请重新登录。")}, status=401)


def _go(request: HttpRequest, name: str) -> HttpResponse:
    from django.shortcuts import redirect

    if wants_page(request):
        return redirect(name)
    return JsonResponse({"error": _("您目前没有任职辖区。"), "fix": _("请联系管理员。")}, status=403)
