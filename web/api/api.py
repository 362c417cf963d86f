"""The API itself: what it is called, how it refuses, and the parts it is made of."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from gis.errors import Conflict, WanggeError
from web.api import cases, categories, changes, moves, photos
from web.api.admission import NAMESPACE
from web.api.problems import not_understood, nothing_there, problem, told

_ABOUT = """Cases of a grid-management area: read, report, move, comment.

Every request carries `Authorization: Bearer TOKEN`. A token acts in the name of an account, within one area, with some
of the account's capabilities, and is counted by the minute (`RateLimit-*` headers; 429 with `Retry-After`).
A refusal is `{"error", "fix", "fields"}`, in Chinese or, with `Accept-Language: en`, in English.
Times are ISO 8601 with their zone, positions degrees of EPSG:4326.
"""


class ByToken(HttpBearer):
    """For the description only: the gate (`web.scope`) has let the request in, or it would not be here."""

    def authenticate(self, request: HttpRequest, token: str) -> object:
        return getattr(request, "token", None)


class Plain(JSONRenderer):
    """JSON that people can read as well: 案件 as it is, not as a row of numbers."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Wangge 网格",
    version="1",
    description=_ABOUT,
    urls_namespace=NAMESPACE,
    docs_url=None,
    renderer=Plain(),
    auth=ByToken(),
)
api.add_router("/categories", categories.router)
api.add_router("/cases", cases.router)
api.add_router("/photos", photos.router)
api.add_router("/subscriptions", changes.router)


@api.exception_handler(WanggeError)
def _refused(request: HttpRequest, error: WanggeError) -> HttpResponse:
    return told(error)


@api.exception_handler(moves.Overtaken)
def _overtaken(request: HttpRequest, error: Conflict) -> HttpResponse:
    return problem(412, error.message, error.fix, theirs=error.theirs)


@api.exception_handler(moves.NotSaid)
def _not_said(request: HttpRequest, error: moves.NotSaid) -> HttpResponse:
    return problem(428, error.message, error.fix, error.fields)


@api.exception_handler(ValidationError)
def _does_not_fit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return not_understood(request, error.errors)


@api.exception_handler(HttpError)
def _not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, _("请求无法读取。"), _("请按接口说明发送 JSON。"))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, _("正文太大。"), _("请把文字写短；照片用 multipart 发送。"))


@api.exception_handler(SuspiciousOperation)
def _no_form(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problem(400, _("请求无法读取。"), _("请按接口说明发送。"))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return nothing_there()
