"""How Open311 answers: the same as JSON and as XML, refusals too."""

import re
from collections.abc import Callable
from functools import wraps
from xml.etree.ElementTree import Element, SubElement, tostring  # written only, never read

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gis.errors import NotAllowed, NotReady, OutOfScope, TooMany, WanggeError
from web.errors import status_of

_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: What the parts of a list are called in XML.
_ONE_OF = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
#: What XML 1.0 has no way to hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Statuses that the standard, or HTTP for what it does not foresee, has of its own; all else is a bad request.
_KEPT = (NotAllowed, OutOfScope, TooMany, NotReady)


class Unfit(WanggeError):
    """A request that the standard answers with a status of its own."""

    def __init__(self, status: int, message: str, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.status = status


def answer(form: str, name: str, value: list | dict, status: int = 200) -> HttpResponse:
    """A value as it is asked for. `name` is the outermost element in XML; JSON has none."""
    if form == "json":
        written = JsonResponse(value, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
        written["Content-Type"] = _TYPES["json"]
        return written
    root = Element(name)
    _fill(root, value)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, status=status, content_type=_TYPES["xml"])


def _fill(element: Element, value: object) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(SubElement(element, _ONE_OF[element.tag]), inner)
    elif value is not None:
        element.text = _NO_XML.sub("", str(value).lower() if isinstance(value, bool) else str(value))


def refusal(form: str, status: int, message: str, fix: str = "") -> HttpResponse:
    said = [{"code": status, "description": f"{message} {fix}".strip()}]
    return answer(form, "errors", said, status)


def spoken(*verbs: str) -> Callable[[Callable], Callable]:
    """A decorator for views of Open311, which anybody may ask for: these verbs, JSON or XML, no cookie, and every
    refusal in the standard's form."""

    def decorated(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, form: str = "xml", **kwargs) -> HttpResponse:
            told = form if form in _TYPES else "xml"
            response = _asked(view, verbs, request, form, told, args, kwargs)
            reads = request.method in ("GET", "HEAD")
            response["Cache-Control"] = "no-cache" if reads else "no-store"
            response["X-Content-Type-Options"] = "nosniff"
            if reads:  # what anybody may see may be shown by anybody's page; nothing hangs on who asks
                response["Access-Control-Allow-Origin"] = "*"
            return response

        return csrf_exempt(wrapped)

    return decorated


def _asked(view: Callable, verbs: tuple, request: HttpRequest, form: str, told: str, args, kwargs) -> HttpResponse:
    if form not in _TYPES:
        return refusal(told, 404, _("没有这种格式。"), _("请用 .json 或 .xml。"))
    if request.method not in verbs:
        response = refusal(
            told, 405, _("这个地址没有这种请求。"), _("可用的是：%(verbs)s。") % {"verbs": ", ".join(verbs)}
        )
        response["Allow"] = ", ".join(verbs)
        return response
    try:
        return view(request, *args, form=form, **kwargs)
    except Unfit as error:
        return refusal(told, error.status, error.message, error.fix)
    except WanggeError as error:
        return refusal(told, status_of(error) if isinstance(error, _KEPT) else 400, error.message, error.fix)
    except Http404:
        return refusal(told, 404, _("没有找到。"))
    except (SuspiciousOperation, MultiPartParserError):
        return refusal(told, 400, _("请求无法读取。"), _("请以表单发送，不要太大。"))
