"""The OpenID provider with whose accounts one may sign in here. One of them, or none."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from web.settings.environment import env_str

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OutsideProvider:
    """`issuer` is exact, with or without a last slash as the provider writes it; `name` stands on the button."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str


def outside_provider() -> OutsideProvider | None:
    """What the environment says. Raises ImproperlyConfigured for half of it, or an issuer anybody could pose as."""
    issuer = env_str("OPENID_ISSUER", "", "issuer of the OpenID provider that people may sign in with; empty: none")
    told = OutsideProvider(
        issuer,
        env_str("OPENID_CLIENT_ID", "", "name under which that provider knows this installation"),
        env_str("OPENID_CLIENT_SECRET", "", "its secret there"),
        env_str("OPENID_NAME", "统一身份认证", "what the provider is called on the sign-in page"),
        env_str("OPENID_SCOPES", "openid profile email", "what is asked of it, separated by spaces"),
    )
    if not issuer:
        return None
    if not (told.client_id and told.client_secret):
        raise ImproperlyConfigured("OPENID_ISSUER is set; set OPENID_CLIENT_ID and OPENID_CLIENT_SECRET too.")
    if not is_sealed(issuer) or set("?#") & set(issuer):
        raise ImproperlyConfigured("OPENID_ISSUER is no https address. Set the issuer as the provider writes it.")
    if "openid" not in told.scopes.split():
        raise ImproperlyConfigured("OPENID_SCOPES lacks openid. Add it.")
    return told


def is_sealed(address: object) -> bool:
    """Whether nobody on the way can read or change what is said to an address: https, or this very machine."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
