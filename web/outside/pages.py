"""The three addresses of a sign-in from outside: going there, coming back, and the provider's word of a sign-out."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gis.accounts.account_session import end_sessions
from gis.errors import NotAllowed, NotReady, TooMany
from gis.incidents.residents.allowance import spend
from gis.models import AccountSession
from gis.people.sealing import blind_index
from web.entering import FromOutside, enter_by_steps
from web.errors import status_of
from web.outside.addresses import address
from web.outside.admitting import admit, had_second_step
from web.outside.protocol import Client, begin, client_of, finish, is_begun, is_plain, read_logout_token
from web.outside.refusals import Declined
from web.single_sign_on.granted import end_all
from web.whence import who

_log = logging.getLogger("wangge.outside")
#: What one address may ask for in such a time: each makes us ask the provider.
_MOST, _WHILE = 120, timedelta(minutes=5)
#: Sign-outs that the provider may tell of in that time: a whole office goes home at once.
_MOST_ENDED = 6000


@require_GET
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """To the provider. `next`: a page of ours to open afterwards; what leads elsewhere is forgotten."""
    try:
        client = _client(request)
        return redirect(begin(request, client, address("outside-back", request), _ours(request)))
    except (NotAllowed, NotReady, TooMany) as error:
        return _refused(request, error)


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """From the provider, with a code or with a no."""
    try:
        client = _client(request, counts=not is_begun(request))
        if "error" in request.GET:
            raise Declined()
        claims, id_token, then = finish(request, client)
        identity = admit(client.provider.issuer, claims)
    except (NotAllowed, NotReady, TooMany) as error:
        return _refused(request, error)
    sid = claims.get("sid")
    outside = FromOutside(identity, sid if is_plain(sid) else "", id_token, had_second_step(claims))
    return HttpResponseRedirect(enter_by_steps(request, identity.user, then or reverse("map"), outside))


@csrf_exempt  # the provider asks, not a browser: what it says is signed
@require_POST
@never_cache
def ended(request: HttpRequest) -> HttpResponse:
    """Back-channel: the provider says that somebody has signed out there. Their sessions from it end here."""
    try:
        client = _client(request, "outside-end", _MOST_ENDED)
        claims = read_logout_token(client, request.POST.get("logout_token", ""))
        spend("signed-out", blind_index(f"signed out {claims['jti']}"), 1, timedelta(minutes=30))
    except (NotAllowed, NotReady, TooMany) as error:
        _log.warning("sign-out from outside refused: %s", getattr(error, "code", "again"))
        return JsonResponse({"error": "invalid_request"}, status=503 if isinstance(error, NotReady) else 400)
    with transaction.atomic():
        for user in {one.user for one in end_sessions(_sessions(client, claims))}:
            end_all(user)
    return HttpResponse()


def _sessions(client: Client, claims: dict):
    """Those of the session named, else all of the person that began at this provider."""
    came = AccountSession.objects.select_related("user").filter(outside__issuer=client.provider.issuer)
    if claims.get("sub"):
        came = came.filter(outside__subject=claims["sub"])
    return came.filter(outside_session=claims["sid"]) if claims.get("sid") else came


def _client(request: HttpRequest, what: str = "outside", most: int = _MOST, *, counts: bool = True) -> Client:
    if settings.OUTSIDE_PROVIDER is None:
        raise Http404
    if counts:
        spend(what, who(request), most, _WHILE)
    return client_of(settings.OUTSIDE_PROVIDER)


def _ours(request: HttpRequest) -> str:
    then = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure())
    return then if safe and then.startswith("/") and len(then) < 2000 else ""


def _refused(request: HttpRequest, error: NotAllowed | NotReady | TooMany) -> HttpResponse:
    _log.warning("sign-in from outside refused: %s", getattr(error, "code", "too many"))
    told = {"message": error.message, "fix": error.fix, "name": settings.OUTSIDE_PROVIDER.name}
    return render(request, "web/outside/refused.html", told, status=status_of(error))
