"""Telling departments' systems that somebody has signed out here (OpenID Connect Back-Channel Logout 1.0).

No browser is needed for it, so nothing that is shut or lost keeps a session alive there. Whom to tell is noted in the
transaction that ends what a system holds; a worker posts the message, signed and fresh at every try, until it is taken.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from jwcrypto.jwt import JWT
from oauth2_provider.models import AccessToken, IDToken, RefreshToken

from gis.accounts.sign_on_keys import signing_key
from gis.errors import NotReady, Refused
from gis.incidents.webhooks.guarding import find_target
from gis.incidents.webhooks.posting import post
from gis.models import ClientSystem, User

EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds for which a message holds: it is made anew at every try.
_HOLDS = 120
_log = logging.getLogger("wangge.single_sign_on")


class NotTold(NotReady):
    """The system has not taken the message."""


def issuer() -> str:
    """Who says so; "" while SITE_URL is not set, and then nobody is told: a worker knows no address of ours."""
    return settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"]


def to_be_told(user: User, system: ClientSystem | None = None) -> list[ClientSystem]:
    """The systems, or that one, which hold something of a person and have an address to be told at."""
    if not issuer():
        return []
    held = [model.objects.filter(user=user).values("application") for model in (AccessToken, IDToken)]
    renewed = RefreshToken.objects.filter(user=user, revoked=None).values("application")
    found = ClientSystem.objects.filter(Q(pk__in=held[0]) | Q(pk__in=held[1]) | Q(pk__in=renewed), is_active=True)
    return list(found.exclude(sign_out_address="").filter(**{"pk": system.pk} if system else {}))


def note_sign_out(user: User, systems: Iterable[ClientSystem]) -> None:
    """Have a worker tell them, once this transaction is done."""
    from web.tasks import tell_sign_out

    for system in systems:
        tell_sign_out.defer(system_id=system.pk, user_id=user.pk, at=timezone.now().isoformat())


def tell(system_id: int, user_id: int, at: datetime, *, is_last: bool = False) -> None:
    """Post the message; nothing where the person has signed in to the system again since. Raises NotTold."""
    system = ClientSystem.objects.filter(pk=system_id, is_active=True).exclude(sign_out_address="").first()
    again = IDToken.objects.filter(user_id=user_id, application_id=system_id, created__gt=at)
    if system is None or not issuer() or again.exists():
        return
    trouble = _trouble(system, message(system, user_id))
    if not trouble:
        ClientSystem.objects.filter(pk=system.pk).update(sign_out_failed_at=None)
        return
    _log.warning("system %s was not told of a sign-out: %s", system.pk, trouble)
    if is_last:
        ClientSystem.objects.filter(pk=system.pk).update(sign_out_failed_at=timezone.now())
    raise NotTold(trouble)


def message(system: ClientSystem, user_id: int, now: float | None = None) -> str:
    """A logout token: of the person, whichever sessions they have there."""
    key, made = signing_key(), int(now or time.time())
    claims = {
        "iss": issuer(), "sub": str(user_id), "aud": system.client_id, "iat": made, "exp": made + _HOLDS,
        "jti": uuid.uuid4().hex, "events": {EVENT: {}},
    }  # fmt: skip
    token = JWT(header={"alg": "RS256", "typ": "logout+jwt", "kid": key.thumbprint()}, claims=claims)
    token.make_signed_token(key)
    return token.serialize()


def _trouble(system: ClientSystem, text: str) -> str:
    """Why the message was not taken; "" where it was."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Wangge-Sign-Out/1"}
    try:
        answer = post(find_target(system.sign_out_address), urlencode({"logout_token": text}).encode(), headers)
    except Refused:
        return "an address that must not be sent to"
    return "" if answer.is_taken else answer.trouble or f"status {answer.status}"
