"""Beginning and ending a session, by whichever way somebody came in."""

import base64

from django.contrib.auth import login
from django.http import HttpRequest

from gis.models import AccountSession, OutsideIdentity, User
from gis.people.sealing import open_seal, seal
from web.whence import address_of, device_of, network_shown

#: Where a session that began at a provider outside keeps its ID token, sealed: the hint by which it is ended there.
_HINT = "outside_id_token"


def enter(
    request: HttpRequest, user: User, identity: OutsideIdentity | None = None, sid: str = "", id_token: str = ""
) -> None:
    """Sign somebody in whose word has been checked. `identity`, `sid` and `id_token`: of a sign-in from outside."""
    login(request, user, backend="web.sign_in.PostingsBackend")
    if id_token:
        request.session[_HINT] = base64.b64encode(seal(id_token)).decode()
    request.session.save()
    note_session(request, outside=identity, outside_session=sid)


def note_session(request: HttpRequest, **more) -> AccountSession:
    """The row of this session in its owner's list."""
    told = {
        "user": request.user,
        "device": device_of(request.headers.get("User-Agent", "")),
        "network": network_shown(address_of(request)),
    }
    row, _new = AccountSession.objects.update_or_create(key=request.session.session_key, defaults=told | more)
    return row


def came_from_outside(request: HttpRequest) -> bool:
    """Whether this session began at a provider outside, so that the password here says nothing of it."""
    return _HINT in request.session


def hint_of(request: HttpRequest) -> str:
    """The ID token this session began with; "" where it began here."""
    kept = request.session.get(_HINT, "")
    return open_seal(base64.b64decode(kept)) if kept else ""
