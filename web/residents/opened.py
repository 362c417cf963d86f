"""What the pages of the residents' window share: no cookie, forms with a ticket of their own, refusals as pages.

A form carries no token of a session: it does nothing that anybody could not do by opening the page. Its ticket names
what it will send, so that what is sent twice is stored once.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID, uuid4

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gis.errors import OutOfScope, WanggeError
from gis.incidents.residents.allowance import visitor
from web.errors import say, status_of, wants_page
from web.sign_in import address_of

_SALT = "wangge report form"
#: Seconds that a form may lie open.
_LASTS = 24 * 3600
#: A field that people do not see and machines fill in.
TRAP = "website"


def opened(view: Callable) -> Callable:
    """Mark a view that anybody may ask for. What it answers is kept in no cache and named to no other site."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (Http404, OutOfScope) as error:
            missing = isinstance(error, OutOfScope) and error.message
            message = error.message if missing else _("没有找到这个页面。")
            response = refuse_page(request, message, error.fix if missing else "", 404)
        except WanggeError as error:
            response = refuse_page(request, error.message, error.fix, status_of(error))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(wrapped)


def refuse_page(request: HttpRequest, message: str, fix: str, status: int) -> HttpResponse:
    """One sentence and what to do; without the product's own frame, which asks to sign in and sets a cookie for it."""
    if not wants_page(request):
        return say(request, message, fix, status)
    return render(request, "web/residents/refusal.html", {"message": message, "fix": fix}, status=status)


def new_ticket() -> str:
    """For a form: names what it will send."""
    return signing.dumps(str(uuid4()), salt=_SALT)


def read_ticket(text: str) -> UUID:
    """Raises WanggeError for a form that lay open too long, or is not ours."""
    try:
        return UUID(signing.loads(text, salt=_SALT, max_age=_LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        raise WanggeError(_("页面打开得太久了，还没有提交。"), fix=_("请核对内容，再提交一次。")) from None


def is_machine(request: HttpRequest) -> bool:
    """Whether the field was filled in that no person sees. It is thanked like anybody else, and nothing is stored."""
    return bool(request.POST.get(TRAP))


def who(request: HttpRequest) -> bytes:
    """Who it is, as far as counting needs."""
    return visitor(address_of(request))
