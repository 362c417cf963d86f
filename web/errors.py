"""The only place that knows which refusal of the domain is which HTTP status."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis.errors import BadCode, BadFile, BadGeometry, NotAllowed, OutOfScope, WanggeError

STATUS = {BadCode: 400, BadGeometry: 400, BadFile: 400, NotAllowed: 403, OutOfScope: 404}


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is looking at a whole page, rather than a script asking for a part."""
    return "text/html" in request.headers.get("Accept", "") and request.headers.get("HX-Request") != "true"


def refusal(request: HttpRequest, error: WanggeError) -> HttpResponse:
    status = STATUS.get(type(error), 400)
    if wants_page(request):
        return render(request, "web/refusal.html", {"message": error.message, "fix": error.fix}, status=status)
    return JsonResponse({"error": error.message, "fix": error.fix}, status=status)


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    # "Not yours" and "does not exist" read the same, so that an address tells nothing.
    message = _("没有找到，或不在您的辖区内。")
    return refusal(request, OutOfScope(message, fix=_("请从地图或列表重新进入。")))


def forbidden(request: HttpRequest, exception=None, reason: str = "") -> HttpResponse:
    message = _("页面已过期，或您没有这项权限。")
    return refusal(request, NotAllowed(message, fix=_("请返回上一页刷新后再试。")))


def server_error(request: HttpRequest) -> HttpResponse:
    """No database, no template context: this must work when nothing else does."""
    fix = _("请稍后再试；若仍出错，请把出错时间告诉管理员。")
    if wants_page(request):
        return render(None, "web/broken.html", {"fix": fix}, status=500)
    return JsonResponse({"error": _("服务器出错。"), "fix": fix}, status=500)
