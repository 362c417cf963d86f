"""One's own page of the second step: setting it up, another phone, new codes for paper, turning it off."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gis.accounts.second_factor import (
    has_second_factor,
    needs_second_factor,
    recovery_codes_left,
    remove_second_factor,
)
from gis.errors import TooMany
from web.entering import came_from_outside, opened_text, owes_second_factor, sealed_text
from web.second_factor import DUE
from web.second_factor.codes import new_recovery_codes, new_secret, picture_of, plain, right_step, take
from web.second_factor.pages import what_is_wrong
from web.sessions import end_others
from web.sign_in import count_password

#: Where a session keeps the secret that is being set up, sealed: the account's own changes with its first right code.
_NEW = "second_factor_new"
#: Seconds for which it may be.
_PATIENCE = 3600


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """GET: how it stands. POST `code`, and `do` once it is set up: `codes`, `replace`, `keep` or `remove`."""
    has = has_second_factor(request.user)
    if has and owes_second_factor(request):
        # Set up elsewhere meanwhile: this session has shown the password alone.
        logout(request)
        return redirect("sign-in")
    if request.method == "GET":
        return _shown(request, has)
    if not has or (_new(request) and request.POST.get("do") != "keep"):
        return _set_up(request, has)
    return _change(request, request.POST.get("do", ""))


def _set_up(request: HttpRequest, has: bool) -> HttpResponse:
    secret = _new(request)
    error = "" if has else _wrong_password(request)
    if error:
        return _shown(request, has, error, 403, at="password")
    step = right_step(secret, plain(request.POST.get("code", ""))) if secret else None
    if step is None:
        return _shown(request, has, _not_of_the_new(secret), 403)
    codes = take(request.user, secret, step)
    del request.session[_NEW]
    end_others(request)
    return _told(request, codes, request.session.pop(DUE, ""))


def _not_of_the_new(secret: str) -> str:
    if not secret:
        return _("隔得太久了，二维码已换新。请删掉验证器里刚才那一项，扫这个新的。")
    return _("验证码不对。请输入验证器里刚扫的这一项现在显示的 6 位数字；一直不对时，请看手机时间准不准。")


def _wrong_password(request: HttpRequest) -> str:
    if not _asks_for_password(request):
        return ""
    try:
        count_password(request.user)
    except TooMany as error:
        return f"{error.message}{_('请过一会儿再试，或请管理员重设密码。')}"
    right = request.user.check_password(request.POST.get("password", ""))
    return "" if right else _("密码不对。请输入您登录网格用的密码。")


def _asks_for_password(request: HttpRequest) -> bool:
    """Whoever finds a desk unattended must not lock its owner out. Who was sent here has just given it."""
    return request.user.has_usable_password() and not owes_second_factor(request) and not came_from_outside(request)


def _change(request: HttpRequest, act: str) -> HttpResponse:
    if act == "keep":
        request.session.pop(_NEW, None)
        return redirect("second-factor")
    error, status = what_is_wrong(request, request.user, plain(request.POST.get("code", "")))
    if error:
        return _shown(request, True, error, status)
    if act == "codes":
        return _told(request, new_recovery_codes(request.user))
    if act == "replace":
        _begin(request)
    if act == "remove" and not needs_second_factor(request.user):
        remove_second_factor([request.user])
        messages.success(request, _("两步验证已关闭。"))
    return redirect("second-factor")


def _shown(request: HttpRequest, has: bool, error: str = "", status: int = 200, at: str = "code") -> HttpResponse:
    """`at`: the field that the error is about."""
    told = {"has": has, "error": error, "at": at, "needed": needs_second_factor(request.user), "left": 0}
    secret = _new(request) or ("" if has else _begin(request))
    if secret:
        told |= {"picture": picture_of(request.user, secret), "secret": _in_fours(secret)}
        told["by_password"] = not has and _asks_for_password(request)
    if has:
        told["left"] = recovery_codes_left(request.user)
    return render(request, "web/second_factor/own.html", told, status=status)


def _begin(request: HttpRequest) -> str:
    """A new secret, which this session keeps until a code of it has been shown: a reload changes nothing."""
    secret = new_secret()
    request.session[_NEW] = {"secret": sealed_text(secret), "at": time.time()}
    return secret


def _new(request: HttpRequest) -> str:
    """The secret that is being set up; "" where none is, or none lately."""
    kept = request.session.get(_NEW)
    return opened_text(kept["secret"]) if kept and time.time() - kept["at"] < _PATIENCE else ""


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _told(request: HttpRequest, codes: list[str], then: str = "") -> HttpResponse:
    onward = then or reverse(settings.LOGIN_REDIRECT_URL)
    return render(request, "web/second_factor/codes.html", {"codes": codes, "onward": onward})
