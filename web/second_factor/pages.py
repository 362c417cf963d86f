"""The second step of a sign-in: whoever has given the right password a moment ago gives a code, too."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gis.accounts.second_factor import recovery_codes_left
from gis.errors import TooMany
from gis.models import User
from web.entering import enter, waiting
from web.second_factor.codes import is_of_app, plain
from web.second_factor.trying import try_code

_log = logging.getLogger("wangge.second_factor")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """GET: the form, with `spare` for a code on paper. POST `code`: either kind."""
    found = waiting(request)
    if found is None:
        return _begin_again(request)
    told = {"username": found.user.username, "spare": "spare" in request.GET}
    if request.method == "POST":
        code = plain(request.POST.get("code", ""))
        told["error"], status = what_is_wrong(request, found.user, code)
        if not told["error"]:
            enter(request, found.user, found.then, found.outside)
            _tell_of_spare(request, code)
            return HttpResponseRedirect(found.then)
        return render(request, "web/second_factor/ask.html", told, status=status)
    return render(request, "web/second_factor/ask.html", told)


def what_is_wrong(request: HttpRequest, user: User, code: str) -> tuple[str, int]:
    """What is wrong with a code and the status to say so with; "" where it is right, and then it has counted."""
    try:
        if try_code(request, user, code):
            return "", 200
    except TooMany:
        _log.warning("second step refused: too many")
        return _("试的次数太多了。请 15 分钟后再试（最久一小时），或用一个备用码；若不是您自己试的，请修改密码。"), 429
    _log.warning("second step refused: wrong")
    if is_of_app(code):
        return _("验证码不对，或已经用过。请等验证器换下一个再试；一直不对时，请看手机时间准不准。"), 403
    return _("这不是验证码（6 位数字），也不是没用过的备用码（16 位字母和数字）。请核对后再试。"), 403


def _begin_again(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        messages.warning(request, _("这次登录隔得太久了，请重新输入密码。"))
    return redirect("sign-in")


def _tell_of_spare(request: HttpRequest, code: str) -> None:
    if is_of_app(code):
        return
    left = recovery_codes_left(request.user)
    told = ngettext(
        "您用掉了一个备用码，还剩 %d 个。可在“两步验证”里换一组。",
        "您用掉了一个备用码，还剩 %d 个。可在“两步验证”里换一组。",
        left,
    )
    messages.warning(request, told % left)
