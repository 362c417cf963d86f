"""What departments' systems are told of who signs in, and whether they are told it at all."""

import json
import logging

from jwcrypto import jws
from jwcrypto.common import JWException
from oauth2_provider.models import Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator

from gis.accounts.sign_on_keys import key_named
from gis.accounts.spent_code import end_of_spent, note_spent
from gis.models import User

_log = logging.getLogger("wangge.single_sign_on")
#: What is told → under which of the things a system may ask for.
_ASKED = {"name": "profile", "preferred_username": "profile"} | dict.fromkeys(
    ("area", "role", "postings", "department", "department_name"), "posting"
)


class Validator(OAuth2Validator):
    """The package's, and the account is looked at anew each time: what a token was given for may have ended since.

    Codes are changed for tokens in a transaction (`provider.Tokens`): of two requests at once, the second waits here.
    """

    oidc_claim_scope = {"sub": "openid"} | _ASKED

    def validate_code(self, client_id, code, client, request, *args, **kwargs) -> bool:
        Grant.objects.select_for_update().filter(code=code, application=client).first()
        if super().validate_code(client_id, code, client, request, *args, **kwargs):
            return may_be_told(request.user)
        if end_of_spent(code, client):
            _log.warning("a code of system %s was used twice: its tokens have ended", client.pk)
        return False

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs) -> None:
        super().invalidate_authorization_code(client_id, code, request, *args, **kwargs)
        note_spent(code, request.client, request.token_family)

    def _create_refresh_token(self, request, *args, **kwargs) -> RefreshToken:
        made = super()._create_refresh_token(request, *args, **kwargs)
        request.token_family = made.token_family
        return made

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs) -> bool:
        known = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return known and may_be_told(request.user)

    def validate_bearer_token(self, token, scopes, request) -> bool:
        return super().validate_bearer_token(token, scopes, request) and may_be_told(request.user)

    def get_additional_claims(self, request) -> dict:
        return claims_of(request.user)

    def get_discovery_claims(self, request) -> list[str]:
        return list(self.oidc_claim_scope)

    def _get_key_for_token(self, token: str):
        """The key a token of ours names: it may have been replaced since."""
        try:
            signed = jws.JWS()
            signed.deserialize(token)
            return key_named(json.loads(signed.objects.get("protected", "{}")).get("kid"))
        except (JWException, ValueError, AttributeError):
            return None


def may_be_told(user: User | None) -> bool:
    """Whether somebody may be vouched for: an account in use, with a posting in force today, its password its own."""
    return bool(user) and user.is_active and not user.must_change_password and bool(user.access.which("area.read"))


def claims_of(user: User) -> dict:
    """Name, and of the postings in force today role and area; `role` and `area` are those of the first."""
    postings = [{"role": role, "area": area} for role, area in sorted(user.access.postings, key=lambda one: one[1])]
    first = postings[0] if postings else {"role": None, "area": None}
    department = user.department
    return first | {
        "name": user.name or user.username,
        "preferred_username": user.username,
        "postings": postings,
        "department": department.code if department else None,
        "department_name": department.name if department else None,
    }
