"""Beginning and ending a session, by whichever way somebody came in."""

import base64
import time
from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from gis.accounts.second_factor import has_second_factor, needs_second_factor
from gis.models import AccountSession, OutsideIdentity, User
from gis.people.sealing import SealBroken, open_seal, seal
from web.outside import HINT
from web.second_factor import DUE
from web.whence import address_of, device_of, network_shown

#: Whose first step has been done.
_WAITING = "waiting"
#: The mark of a session that is in its owner's list.
_NOTED = "noted"
#: Seconds that the second step may take.
_PATIENCE = 600


@dataclass(frozen=True)
class FromOutside:
    """How a provider outside vouched for somebody. `has_second_step`: it has asked for a second proof itself."""

    identity: OutsideIdentity | None = None
    sid: str = ""
    id_token: str = ""
    has_second_step: bool = False


_FROM_HERE = FromOutside()


@dataclass(frozen=True)
class Waiting:
    """Somebody whose word has been checked and who owes a code. `then`: our own page after that."""

    user: User
    then: str
    outside: FromOutside


def enter(request: HttpRequest, user: User, then: str, outside: FromOutside = _FROM_HERE) -> None:
    """Sign somebody in who has given all that is asked for today. `then`: our page they want."""
    login(request, user, backend="web.sign_in.PostingsBackend")
    if outside.id_token:
        request.session[HINT] = sealed_text(outside.id_token)
    for mark in (DUE, _WAITING):  # of whoever was here before, or of the step that is done
        request.session.pop(mark, None)
    if needs_second_factor(user) and not outside.has_second_step and not has_second_factor(user):
        request.session[DUE] = then
    request.session[_NOTED] = True
    request.session.save()
    note_session(request, outside=outside.identity, outside_session=outside.sid)


def enter_by_steps(request: HttpRequest, user: User, then: str, outside: FromOutside = _FROM_HERE) -> str:
    """Sign somebody in, or ask for the second step where they have one; returns the address to go to."""
    if outside.has_second_step or not has_second_factor(user):
        enter(request, user, then, outside)
        return then
    request.session.cycle_key()
    request.session[_WAITING] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": time.time(), "then": then, "sid": outside.sid,
        "identity": outside.identity and outside.identity.pk, "id_token": sealed_text(outside.id_token),
    }  # fmt: skip
    return reverse("second-step")


def waiting(request: HttpRequest) -> Waiting | None:
    """Who owes a code in this browser; None for nobody, too late, or an account that has changed meanwhile."""
    kept = request.session.get(_WAITING)
    if not kept or time.time() - kept["at"] > _PATIENCE:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    identity = OutsideIdentity.objects.filter(pk=kept["identity"], user=user).first()
    return Waiting(user, kept["then"], FromOutside(identity, kept["sid"], opened_text(kept["id_token"])))


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
    return HINT in request.session


def hint_of(request: HttpRequest) -> str:
    """The ID token this session began with; "" where it began here, or where the key it was sealed by is gone."""
    return opened_text(request.session.get(HINT, ""))


def sealed_text(text: str) -> str:
    """A secret as a session may keep it; "" stays ""."""
    return base64.b64encode(seal(text)).decode() if text else ""


def opened_text(kept: str) -> str:
    """What a session keeps sealed; "" where the key was changed meanwhile."""
    try:
        return open_seal(base64.b64decode(kept)) if kept else ""
    except SealBroken:
        return ""
