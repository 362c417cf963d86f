"""The only place that knows which refusal of the domain is which HTTP status."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis.errors import (
    BadCode,
    BadFile,
    BadGeometry,
    BadQuery,
    Conflict,
    NotAllowed,
    NotReady,
    OutOfScope,
    Refused,
    TooMany,
    WanggeError,
)

STATUS = {
    BadCode: 400,
    BadGeometry: 400,
    BadQuery: 400,
    BadFile: 400,
    NotAllowed: 403,
    OutOfScope: 404,
    Conflict: 409,
    Refused: 422,
    TooMany: 429,
    NotReady: 503,
}


def status_of(error: WanggeError) -> int:
    """The status of the nearest named ancestor of the error's kind; 400 where none is named."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is looking at a whole page, rather than a script asking for a part."""
    return "text/html" in request.headers.get("Accept", "") and request.headers.get("HX-Request") != "true"


def refusal(request: HttpRequest, error: WanggeError) -> HttpResponse:
    """What the domain refused, as a page or as JSON, in the words of the error."""
    if isinstance(error, OutOfScope):
        return not_found(request)
    return say(request, error.message, error.fix, status_of(error))


def say(request: HttpRequest, message: str, fix: str, status: int) -> HttpResponse:
    """One plain sentence and what to do about it: a page for a person, JSON for a script."""
    if wants_page(request):
        return render(request, "web/refusal.html", {"message": message, "fix": fix}, status=status)
    return JsonResponse({"error": message, "fix": fix}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """ "Not yours" and "does not exist" read the same, whoever raised which, so that an address tells nothing."""
    return say(request, _("没有找到，或不在您的辖区内。"), _("请从地图或列表重新进入。"), 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return say(request, _("请求无法识别。"), _("请从地图或列表重新进入。"), 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """No right to it, or a form older than the session (Django's CSRF check calls this with its reason)."""
    return say(request, _("页面已过期，或您没有这项权限。"), _("请返回上一页刷新后再试。"), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """No database, no template context: this must work when nothing else does."""
    fix = _("请稍后再试；若仍出错，请把出错时间告诉管理员。")
    if wants_page(request):
        return render(None, "web/broken.html", {"fix": fix}, status=500)
    return JsonResponse({"error": _("服务器出错。"), "fix": fix}, status=500)
