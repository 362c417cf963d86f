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
from gis.models import Area
from web.errors import status_of

_SALT = "wangge community form"
#: Seconds that a form may lie open.
_LASTS = 24 * 3600
#: A field that people do not see and machines fill in.
TRAP = "website"


def opened(view: Callable) -> Callable:
    """Mark a view that anybody may ask for: what the domain refuses becomes a page, and no cache keeps the answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (Http404, OutOfScope):
            response = _say(request, _("没有找到这个页面。"), _("请从社区列表重新进入。"), 404)
        except WanggeError as error:
            response = _say(request, error.message, error.fix, status_of(error))
        response.setdefault("Cache-Control", "no-cache")
        return response

    return csrf_exempt(wrapped)


def _say(request: HttpRequest, message: str, fix: str, status: int) -> HttpResponse:
    """The product's own page of refusals asks to sign in, and sets a cookie for it."""
    return render(request, "web/community/refusal.html", {"message": message, "fix": fix}, status=status)


def community_at(code: str) -> Area:
    """The community with this code, which anybody may look at."""
    area = Area.objects.filter(code=code, level="community").defer("drawing", "coarse").first()
    if area is None:
        raise Http404("There is no such community.")
    return area


def ticket() -> str:
    """For a form: names what it will send, once however often it is sent."""
    return signing.dumps(str(uuid4()), salt=_SALT)


def read_ticket(text: str) -> UUID:
    """Raises WanggeError for a form that is too old, or not ours."""
    try:
        return UUID(signing.loads(text, salt=_SALT, max_age=_LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        raise WanggeError(_("页面打开得太久了。"), fix=_("请返回上一页，刷新后再提交。")) from None


def is_machine(request: HttpRequest) -> bool:
    """Whether the field was filled in that no person sees. It is then thanked like anybody else, and nothing stored."""
    return bool(request.POST.get(TRAP))
