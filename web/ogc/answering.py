"""How the OGC API answers: JSON or a page as it is asked for, refusals as problem+json with what to do about them."""

import json
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gis.accounts.scope import Scope
from gis.errors import BadQuery, NotAllowed, OutOfScope, WanggeError
from layers.features.kind import Kind
from layers.features.kinds import KINDS
from web.errors import status_of

TYPES = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "html": "text/html",
    "schema": "application/schema+json",
    "openapi": "application/vnd.oai.openapi+json;version=3.0",
    "mvt": "application/vnd.mapbox-vector-tile",
    "tilejson": "application/vnd.mapbox.tilejson+json",
    "style": "application/vnd.mapbox.style+json",
}
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
}


class NotSignedIn(NotAllowed):
    """What is asked for is not open to everybody, and nobody has said who asks."""


def spoken(*forms: str, pages: bool = False) -> Callable[[Callable], Callable]:
    """A decorator for views of this API: reading only, in one of these forms of JSON, and as a page where there is one.

    The view is given the form that is wanted.
    """

    def decorated(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                response = _asked(request, view, forms, pages, args, kwargs)
            except NotSignedIn as error:
                response = _who_are_you(request, error, pages)
            except OutOfScope as error:
                told = error.message or _("没有找到，或不在您的辖区内。")
                response = refusal(request, 404, told, error.fix or _("请核对地址。"), pages)
            except WanggeError as error:
                response = refusal(request, status_of(error), error.message, error.fix, pages)
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return csrf_exempt(wrapped)

    return decorated


def _asked(request: HttpRequest, view: Callable, forms: tuple, pages: bool, args, kwargs) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        response = refusal(request, 405, _("这里只能读取。"), _("请用 GET。"), False)
        response["Allow"] = "GET, HEAD"
        return response
    return view(request, *args, form=_form(request, forms, pages), **kwargs)


def _form(request: HttpRequest, forms: tuple, pages: bool) -> str:
    offered = (*forms, "html") if pages else forms
    wanted = request.GET.get("f")
    if wanted == "json":
        return forms[0]
    if wanted is not None and wanted not in offered:
        raise BadQuery(_("没有这种格式。"), fix=_("可用的 f 是：%(forms)s。") % {"forms": ", ".join(offered)})
    types = {TYPES[form]: form for form in offered}
    return wanted or types.get(request.get_preferred_type(list(types)) or "", forms[0])


def wants_html(request: HttpRequest) -> bool:
    return request.GET.get("f", "html") == "html" and request.get_preferred_type(["application/json", "text/html"]) == (
        "text/html"
    )


def refusal(request: HttpRequest, status: int, message: str, fix: str, pages: bool = False) -> HttpResponse:
    if pages and wants_html(request):
        return render(request, "web/refusal.html", {"message": message, "fix": fix}, status=status)
    return problem(status, message, fix)


def problem(status: int, message: str, fix: str) -> HttpResponse:
    """RFC 9457: what is wrong in `detail`, what to do about it in `fix`."""
    told = {"type": "about:blank", "title": str(message), "status": status, "detail": f"{message} {fix}".strip()}
    body = json.dumps(told | {"fix": str(fix)}, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type="application/problem+json")


def as_problem(response: HttpResponse) -> HttpResponse:
    """What the gate has refused as the API refuses, in this API's form."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").split(";")[0] != "application/json":
        return response
    told = json.loads(response.content)
    said = problem(response.status_code, told.get("error", ""), told.get("fix", ""))
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            said[name] = value
    return said


def _who_are_you(request: HttpRequest, error: NotSignedIn, pages: bool) -> HttpResponse:
    if pages and wants_html(request):
        return redirect_to_login(request.get_full_path())
    response = problem(401, error.message, error.fix)
    response["WWW-Authenticate"] = 'Bearer realm="wangge"'
    return response


def told(value: object, form: str = "json") -> HttpResponse:
    return HttpResponse(json.dumps(value, ensure_ascii=False, default=str), content_type=TYPES[form])


def only(request: HttpRequest, *names: str) -> None:
    """Raises BadQuery for a parameter that is not one of these: a typing error must not widen what is found."""
    for name in request.GET:
        if name not in (*names, "f"):
            known = {"name": name[:60], "names": ", ".join(names) or "f"}
            raise BadQuery(_("没有参数“%(name)s”。") % known, fix=_("可用的是：%(names)s。") % known)


def kind_of(request: HttpRequest, name: str) -> tuple[Kind, Scope]:
    """A kind by its name, and where the reader may see it. Raises OutOfScope, NotSignedIn or NotAllowed."""
    kind = KINDS.get(name)
    if kind is None:
        raise OutOfScope(_("没有这个图层。"), fix=_("可用的见 /ogc/collections。"))
    scope = kind.scope(request.access)
    if scope or kind.is_open:
        return kind, scope
    if not request.access.postings and not hasattr(request, "token") and not request.user.is_authenticated:
        raise NotSignedIn(_("这个图层不公开。"), fix=_("请登录，或在请求头中写 Authorization: Bearer 令牌。"))
    raise NotAllowed(_("您不能读取这个图层。"), fix=_("请管理员核对账号或令牌的权限。"))


def visible(request: HttpRequest) -> list[tuple[Kind, Scope]]:
    """The kinds the reader may see."""
    every = [(kind, kind.scope(request.access)) for kind in KINDS.values()]
    return [(kind, scope) for kind, scope in every if scope or kind.is_open]


def at(request: HttpRequest, name: str, *args, query: str = "") -> str:
    """A whole address of this API. Braces of a template stay as they are."""
    path = reverse(f"ogc:{name}", args=args)
    return request.build_absolute_uri(path + (f"?{query}" if query else ""))


def link(href: str, rel: str, type: str, title: str = "", **more: object) -> dict:
    return {"href": href, "rel": rel, "type": type, **({"title": str(title)} if title else {}), **more}
