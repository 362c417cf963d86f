"""Who asks the API: the token in the `Authorization` header, counted, or the refusal it gets."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.token import Spent, spend
from web.api.problems import problem

#: Namespace of the URL names that are entered with a token and not with a session.
NAMESPACE = "api"


def is_for_programs(request: HttpRequest) -> bool:
    return NAMESPACE in request.resolver_match.namespaces


def admit(request: HttpRequest) -> Access | HttpResponse:
    """What a program may do, its token noted on the request; or the refusal it gets."""
    return admit_with(bearer_of(request), request)


def admit_with(text: str, request: HttpRequest) -> Access | HttpResponse:
    spent = spend(text) if text else None
    if spent is None:
        return _who_are_you(bool(text))
    request.spent = spent
    if spent.is_too_many:
        return _too_many(spent)
    request.token = spent.token
    request.user = request._cached_user = spent.token.user
    access = spent.token.access()
    if not access.scopes:
        return problem(
            403, _("这个令牌现在不能做任何事：它的账号没有任职。"), _("请管理员核对账号的任职，或另发令牌。")
        )
    return access


def bearer_of(request: HttpRequest) -> str:
    """The token in the header. In an address it would stand in every log on the way."""
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _who_are_you(tried: bool) -> HttpResponse:
    message = _("令牌无效、已过期或已吊销。") if tried else _("请求没有带令牌。")
    answer = problem(401, message, _("请在请求头中写 Authorization: Bearer 令牌；令牌由管理员签发。"))
    answer["WWW-Authenticate"] = 'Bearer realm="wangge"'
    return answer


def _too_many(spent: Spent) -> HttpResponse:
    pace = {"n": spent.token.per_minute, "seconds": spent.seconds}
    answer = problem(429, _("这一分钟的请求超过了 %(n)s 次。") % pace, _("请 %(seconds)s 秒后再试。") % pace)
    answer["Retry-After"] = str(spent.seconds)
    return told_pace(answer, spent)


def told_pace(answer: HttpResponse, spent: Spent) -> HttpResponse:
    """Say in the headers how many requests the minute still holds."""
    answer["RateLimit-Limit"] = str(spent.token.per_minute)
    answer["RateLimit-Remaining"] = str(max(spent.left, 0))
    answer["RateLimit-Reset"] = str(spent.seconds)
    return answer
