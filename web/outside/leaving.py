"""Signing out: what has to end beside the session itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gis.errors import NotAllowed, NotReady
from gis.models import AccountSession
from web.entering import hint_of
from web.outside.addresses import address
from web.outside.protocol import client_of, sign_out_address
from web.single_sign_on.granted import end_all


def leave(request: HttpRequest) -> HttpResponse | None:
    """End what departments' systems hold; for who came from outside, the page that leads on to sign out there.

    A page, not a redirect: browsers hold a redirect that follows a form against `form-action`.
    """
    if not request.user.is_authenticated:
        return None
    end_all(request.user)
    AccountSession.objects.filter(key=request.session.session_key).delete()
    id_token = hint_of(request)
    if not id_token or settings.OUTSIDE_PROVIDER is None:
        return None
    told = {"name": settings.OUTSIDE_PROVIDER.name, "address": _onward(request, id_token)}
    answer = render(request, "web/outside/leaving.html", told)
    answer["Cache-Control"] = "no-store"
    return answer


def _onward(request: HttpRequest, id_token: str) -> str | None:
    try:
        return sign_out_address(client_of(settings.OUTSIDE_PROVIDER), id_token, address("sign-in", request))
    except (NotAllowed, NotReady):
        return None
