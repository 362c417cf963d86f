"""Beginning and ending a session, by whichever way somebody came in."""

import base64
import time
from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from gis.accounts.second_factor import has_second_factor, needs_second_factor
from gis.models import AccountSession, OutsideIdentity, User
from gis.people.sealing import open_seal, seal
from web.whence import address_of, device_of, network_shown

#: Where a session that began at a provider outside keeps its ID token, sealed: the hint by which it is ended there.
_HINT = "outside_id_token"
#: Whose first step has been done, and the mark of a session whose owner must set up a second.
_WAITING, DUE = "waiting", "second_factor_due"
#: The mark of a session that is in its owner's list.
_NOTED = "noted"
#: Seconds that the second step may take.
_PATIENCE = 600


@dataclass(frozen=True)
class Waiting:
    """Somebody whose word has been checked and who owes a code. `then`: our own page after that."""

    user: User
    then: str
    identity: OutsideIdentity | None
    sid: str
    id_token: str


def enter(
    request: HttpRequest, user: User, identity: OutsideIdentity | None = None, sid: str = "", id_token: str = ""
) -> None:
    """Sign somebody in whose word has been checked. `identity`, `sid` and `id_token`: of a sign-in from outside."""
    login(request, user, backend="web.sign_in.PostingsBackend")
    if id_token:
        request.session[_HINT] = _sealed(id_token)
    if needs_second_factor(user) and not has_second_factor(user):
        request.session[DUE] = True
    request.session[_NOTED] = True
    request.session.save()
    note_session(request, outside=identity, outside_session=sid)


def enter_by_steps(request: HttpRequest, user: User, then: str, *outside) -> str:
    """Sign somebody in, or ask for the second step where they have one; returns the page to go to.

    `outside`: what `enter` takes of a sign-in from outside.
    """
    if not has_second_factor(user):
        enter(request, user, *outside)
        return then
    identity, sid, id_token = outside or (None, "", "")
    request.session.cycle_key()
    request.session[_WAITING] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": time.time(), "then": then,
        "identity": identity and identity.pk, "sid": sid, "id_token": _sealed(id_token) if id_token else "",
    }  # fmt: skip
    return "second-step"


def waiting(request: HttpRequest) -> Waiting | None:
    """Who owes a code in this browser; None for nobody, too late, or an account that has changed meanwhile."""
    kept = request.session.get(_WAITING)
    if not kept or time.time() - kept["at"] > _PATIENCE:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    identity = OutsideIdentity.objects.filter(pk=kept["identity"], user=user).first()
    return Waiting(user, kept["then"], identity, kept["sid"], _opened(kept["id_token"]))


def forget_waiting(request: HttpRequest) -> None:
    """The second step is done, or given up."""
    request.session.pop(_WAITING, None)


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the role of who has signed in asks for a second step that is not set up."""
    return DUE in request.session


def note_session(request: HttpRequest, **more) -> AccountSession:
    """The row of this session in its owner's list."""
    told = {
        "user": request.user,
        "device": device_of(request.headers.get("User-Agent", "")),
        "network": network_shown(address_of(request)),
    }
    row, _new = AccountSession.objects.update_or_create(key=request.session.session_key, defaults=told | more)
    return row


def is_noted(request: HttpRequest) -> bool:
    """Whether this session is in its owner's list."""
    return _NOTED in request.session


def came_from_outside(request: HttpRequest) -> bool:
    """Whether this session began at a provider outside, so that the password here says nothing of it."""
    return _HINT in request.session


def hint_of(request: HttpRequest) -> str:
    """The ID token this session began with; "" where it began here."""
    return _opened(request.session.get(_HINT, ""))


def _sealed(text: str) -> str:
    return base64.b64encode(seal(text)).decode()


def _opened(kept: str) -> str:
    return open_seal(base64.b64decode(kept)) if kept else ""
