"""The second step of a sign-in, and one's own page of setting it up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gis.accounts.second_factor import has_second_factor, needs_second_factor, remove_second_factor
from gis.errors import TooMany
from gis.models import RecoveryCode, User
from web.entering import DUE, enter, forget_waiting, waiting
from web.second_factor.codes import begin, check, confirm, new_recovery_codes, picture_of, secret_of


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The second step: whoever has given the right password a moment ago gives a code too."""
    found = waiting(request)
    if found is None:
        return redirect("sign-in")
    told = {"username": found.user.username}
    if request.method == "POST":
        told["error"] = _wrong(found.user, request.POST.get("code", ""))
        if not told["error"]:
            forget_waiting(request)
            enter(request, found.user, found.identity, found.sid, found.id_token)
            return redirect(found.then)
    return render(request, "web/second_factor/ask.html", told, status=403 if told.get("error") else 200)


def _wrong(user: User, code: str) -> str:
    """What is wrong with a code; "" where nothing is."""
    try:
        return "" if check(user, code[:100]) else _("验证码不对，或已经用过。请等下一个再试。")
    except TooMany:
        return _("试的次数太多了，请 15 分钟后再试；丢了手机请联系管理员重置。")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Set it up; once it is, make new codes for paper or take it away, each with a code."""
    has = has_second_factor(request.user)
    if request.method == "GET":
        return _show(request, has)
    error = _wrong(request.user, request.POST.get("code", ""))
    if error:
        return _show(request, has, error, 403)
    return _changed(request, request.POST.get("do", "")) if has else _set_up(request)


def _set_up(request: HttpRequest) -> HttpResponse:
    request.session.pop(DUE, None)
    return _codes(request, confirm(request.user))


def _changed(request: HttpRequest, act: str) -> HttpResponse:
    if act == "codes":
        return _codes(request, new_recovery_codes(request.user))
    if act == "replace":
        remove_second_factor([request.user])
        if needs_second_factor(request.user):
            request.session[DUE] = True
    if act == "remove" and not needs_second_factor(request.user):
        remove_second_factor([request.user])
        messages.success(request, _("两步验证已关闭。"))
    return redirect("second-factor")


def _show(request: HttpRequest, has: bool, error: str = "", status: int = 200) -> HttpResponse:
    told = {"has": has, "error": error, "needed": needs_second_factor(request.user)}
    if has:
        told["left"] = RecoveryCode.objects.filter(user=request.user, used_at=None).count()
    else:
        factor = begin(request.user)
        secret = secret_of(factor)
        told |= {"picture": picture_of(factor), "secret": " ".join(secret[at : at + 4] for at in range(0, 32, 4))}
    return render(request, "web/second_factor/own.html", told, status=status)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "web/second_factor/codes.html", {"codes": codes, "home": settings.LOGIN_REDIRECT_URL})
