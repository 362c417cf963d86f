"""What every page shares that is open to everybody without an account: no cookie, no session, forms that need neither.

Nothing is set in the visitor's browser and nothing is kept of who came. A form is worth nothing to a forger, because it
does nothing that anybody could not do by opening the page: so it carries no token of a session, but a ticket of its own
that names what is sent, and what is sent twice is stored once.
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
from web.errors import say, status_of, wants_page

_SALT = "wangge open form"
#: Seconds that a form may lie open.
_LASTS = 24 * 3600
#: A field that people do not see and machines fill in.
TRAP = "website"


def open_to_all(refusal: str, headers: dict[str, str]) -> Callable[[Callable], Callable]:
    """A decorator for views that anybody may ask for: what the domain refuses becomes a page of theirs (`refusal`, a
    template), and every answer carries these headers where the view says nothing else.
    """

    def opened(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                response = view(request, *args, **kwargs)
            except (Http404, OutOfScope) as error:
                told = isinstance(error, OutOfScope) and error.message
                message, fix = (error.message, error.fix) if told else (_("没有找到这个页面。"), "")
                response = _refuse(request, refusal, message, fix, 404)
            except WanggeError as error:
                response = _refuse(request, refusal, error.message, error.fix, status_of(error))
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            return response

        return csrf_exempt(wrapped)

    return opened


def _refuse(request: HttpRequest, refusal: str, message: str, fix: str, status: int) -> HttpResponse:
    """One sentence and what to do; without the product's own frame, which asks to sign in and sets a cookie for it."""
    if not wants_page(request):
        return say(request, message, fix, status)
    return render(request, refusal, {"message": message, "fix": fix}, status=status)


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
