"""What the API says when it refuses: always `{"error", "fix", "fields"}`, in the language asked for."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from gis.errors import Conflict, OutOfScope, Refused, WanggeError
from web.errors import status_of

#: How our operations call their body.
_BODIES = ("told", "wanted")


def problem(status: int, message: str, fix: str, fields: dict | None = None, **more: object) -> HttpResponse:
    """A refusal: what is wrong, what to do about it, and the fields it is about."""
    said = {"error": str(message), "fix": str(fix), "fields": fields or {}, **more}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def in_our_words(answer: HttpResponse) -> HttpResponse:
    """A verb that is none, which is answered before any operation is asked."""
    if answer.status_code != 405:
        return answer
    said = problem(405, _("这个地址没有这种请求。"), _("可用的是：%(verbs)s。") % {"verbs": answer.get("Allow", "")})
    said["Allow"] = answer.get("Allow", "")
    return said


def nothing_there() -> HttpResponse:
    """ "Not yours" and "does not exist" read the same."""
    return problem(404, _("没有找到，或不在这个令牌的范围内。"), _("请核对编号和令牌的辖区、部门。"))


def told(error: WanggeError) -> HttpResponse:
    """A refusal of the domain. A move on a case that has gone on meanwhile is 412: its condition no longer holds."""
    if isinstance(error, OutOfScope):
        return nothing_there()
    fields = error.fields if isinstance(error, Refused) else {}
    more = {"theirs": error.theirs} if isinstance(error, Conflict) else {}
    return problem(status_of(error), error.message, error.fix, fields, **more)


def not_understood(request: HttpRequest, errors: list[dict]) -> HttpResponse:
    """A request that does not fit its description: which parts, each with the reason."""
    fields = {_named(error["loc"]): error["msg"] for error in errors}
    return problem(422, _("请求与接口说明不符。"), _("请按接口说明改正列出的各项。"), fields)


def _named(location: tuple) -> str:
    """`("body", "told", "area")` → `area`; the body as a whole keeps its name, a header gets its own."""
    where, *parts = map(str, location)
    if where == "header":
        return "-".join(part.capitalize() for part in parts[0].split("_"))
    inside = parts[1:] if where == "body" and parts and parts[0] in _BODIES else parts
    return ".".join(inside) or where
