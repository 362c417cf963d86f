"""OpenID Connect as the relying party, by Authlib: discovery, code with PKCE, checks of tokens, both ways to sign out.

What this adds to the library: metadata of another issuer are refused, only signatures by a key pair count, the audience
is always checked, `iss` of the answer too (RFC 9207), and whatever fails is one of a few refusals in words.
"""

import math
import time
from collections.abc import Callable
from contextlib import contextmanager
from threading import Lock

from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from cachetools import TTLCache, cached
from django.http import HttpRequest
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from web.outside.refusals import Unreachable, Unverified, WrongState
from web.settings.outside import OutsideProvider, is_sealed

#: Signatures that only the holder of a private key can make. Neither `none` nor a shared secret is among them.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
#: Seconds that the two clocks may differ by.
SKEW = 60
#: Seconds for which a sign-in that was begun may be finished; for which a message of a sign-out counts.
_PATIENCE, _FRESH = 600, 300
#: Seconds between two looks at the provider's metadata and keys; a key never seen is asked for at once.
_KEPT = 600
#: Seconds between two fetches of keys because of one never seen: anybody may send us a token that names some key.
_BETWEEN = 30
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
_EMAIL = {"email", "email_verified"}
#: Letters of a name that a provider gives a session or a person, at most.
MOST_LETTERS = 255
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Client(DjangoOAuth2App):
    """One provider, as its metadata describe it."""

    def __init__(self, provider: OutsideProvider) -> None:
        self.provider = provider
        super().__init__(
            DjangoIntegration("outside"),
            "outside",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=provider.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={"scope": provider.scopes, "code_challenge_method": "S256", "default_timeout": 10},
        )
        told = self.load_server_metadata()
        if told.get("issuer") != provider.issuer:
            raise Unverified("issuer")
        if not all(is_sealed(told.get(name)) for name in _ENDPOINTS):
            raise Unverified("metadata")
        self.server_metadata |= {
            "id_token_signing_alg_values_supported": _signatures(told),
            **{name: None for name in _OPTIONAL if not is_sealed(told.get(name))},
        }
        if "client_secret_basic" not in told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            self.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105 - a method's name
        self._forced_at = -math.inf
        self._forcing = Lock()

    def fetch_jwk_set(self, force: bool = False) -> dict:
        """The provider's keys: those at hand, or fetched anew where that is asked for and was not done just now."""
        with self._forcing:
            force = force and time.monotonic() - self._forced_at >= _BETWEEN
            if force:
                self._forced_at = time.monotonic()
        return super().fetch_jwk_set(force=force)


def _signatures(told: dict) -> list[str]:
    named = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    return [name for name in ALGORITHMS if name in named]


@contextmanager
def _in_our_words():
    """What goes wrong between us and a provider, as a refusal. No text of theirs is passed on: it may quote a token."""
    try:
        yield
    except RequestException:
        raise Unreachable() from None
    except MismatchingStateError:
        raise WrongState() from None
    except OAuthError as error:
        raise Unverified(error.error if error.error in _KNOWN else "token") from None
    except JoseError as error:
        raise Unverified(getattr(error, "claim", None) or error.error) from None
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError):  # what is no JSON, no key, no token
        raise Unverified("answer") from None


_KNOWN = ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request", "invalid_scope")


def client_of(provider: OutsideProvider) -> Client:
    """The provider's client. Raises Unreachable or Unverified where there is none to trust."""
    with _in_our_words():
        return _client(provider)


@cached(TTLCache(4, ttl=_KEPT), lock=Lock())
def _client(provider: OutsideProvider) -> Client:
    return Client(provider)


def forget_providers() -> None:
    """Look at metadata and keys anew."""
    _client.cache.clear()


def begin(request: HttpRequest, client: Client, back: str, then: str) -> str:
    """The provider's address to send a browser to. `back`: where it returns to; `then`: our own page after that."""
    for key in _begun(request)[:-3]:
        del request.session[key]  # a browser that begins again and again fills nothing
    with _in_our_words():
        told = client.create_authorization_url(back)
    client.save_authorize_data(request, redirect_uri=back, then=then, at=time.time(), **told)
    return told["url"]


def is_begun(request: HttpRequest) -> bool:
    """Whether a browser returns from a sign-in that it has begun and not finished: that one was counted."""
    return f"_state_outside_{request.GET.get('state')}" in _begun(request)


def _begun(request: HttpRequest) -> list[str]:
    return [key for key in list(request.session.keys()) if key.startswith("_state_outside_")]


def finish(request: HttpRequest, client: Client) -> tuple[dict, str, str]:
    """Take a browser's return: the claims of who it is, their ID token, and our page they wanted.

    Raises WrongState for an answer this browser did not ask for, Unreachable, Unverified.
    """
    state = client.framework.get_state_data(request.session, request.GET.get("state"))
    if state is None or time.time() - state["at"] > _PATIENCE:
        raise WrongState()
    _check_issuer(request, client)
    with _in_our_words():
        wanted = {"essential": True, "value": client.provider.issuer}
        audience = {"essential": True, "value": client.client_id}
        token = client.authorize_access_token(request, claims_options={"iss": wanted, "aud": audience}, leeway=SKEW)
        claims = dict(token["userinfo"])
        return claims | _more(client, token, claims), token["id_token"], state["then"]


def _check_issuer(request: HttpRequest, client: Client) -> None:
    """An answer names whose it is where the provider says it does: else another's code could be slipped in."""
    named = request.GET.get("iss")
    expected = client.server_metadata.get("authorization_response_iss_parameter_supported") is True
    if (named is not None or expected) and named != client.provider.issuer:
        client.framework.clear_state_data(request.session, request.GET.get("state"))
        raise Unverified("iss")


def _more(client: Client, token: dict, claims: dict) -> dict:
    """What the provider tells beside the ID token, of the same person; the signed claims go before."""
    if not client.server_metadata.get("userinfo_endpoint"):
        return {}
    # Without its end: it is used now, and Authlib takes one that holds a minute for over.
    held = {name: token[name] for name in ("access_token", "token_type")}
    told = dict(client.userinfo(token=held))
    if told.get("sub") != claims["sub"]:
        raise Unverified("sub")
    if _EMAIL & claims.keys():
        told = {name: value for name, value in told.items() if name not in _EMAIL}  # one says so of the other
    return {name: value for name, value in told.items() if name not in claims}


def sign_out_address(client: Client, id_token: str, back: str) -> str | None:
    """Where the provider ends its own session; None where it does not offer that."""
    if not client.server_metadata.get("end_session_endpoint"):
        return None
    return client.create_logout_url(back, id_token_hint=id_token, client_id=client.client_id)["url"]


def read_logout_token(client: Client, text: str) -> dict:
    """The claims of a provider's message of a sign-out there (OpenID Connect Back-Channel Logout 1.0)."""
    with _in_our_words():
        claims = _with_keys(client, lambda keys: jwt.decode(text, keys, registry=_registry(client))).claims
        essential = {"iss": client.provider.issuer, "aud": client.client_id}
        options = {name: {"essential": True, "value": value} for name, value in essential.items()}
        options |= {name: {"essential": True} for name in ("iat", "jti", "events")}
        jwt.JWTClaimsRegistry(leeway=SKEW, **options).validate(claims)
        if not _is_sign_out(claims):
            raise ValueError
    return claims


def is_plain(name: object) -> bool:
    """Whether a name that a provider has given something is one that we keep."""
    return isinstance(name, str) and name.isprintable() and len(name) <= MOST_LETTERS


def _is_sign_out(claims: dict) -> bool:
    """Whether a checked token is a fresh message of a sign-out. An ID token of the same provider is none."""
    whom = [claims.get("sub"), claims.get("sid")]
    named = any(whom) and all(one is None or is_plain(one) for one in [*whom, claims["jti"]])
    fresh = time.time() - claims["iat"] <= _FRESH
    return named and fresh and isinstance(claims["events"].get(_LOGOUT_EVENT), dict) and "nonce" not in claims


def _registry(client: Client) -> JWSRegistry:
    return JWSRegistry(
        algorithms=client.server_metadata["id_token_signing_alg_values_supported"], strict_check_header=False
    )


def _with_keys(client: Client, read: Callable):
    """Read with the keys at hand, and once more with new ones where the key is not among them."""
    try:
        return read(KeySet.import_key_set(client.fetch_jwk_set()))
    except InvalidKeyIdError:
        return read(KeySet.import_key_set(client.fetch_jwk_set(force=True)))
