"""What a proxy in front says of a request, believed only where it comes from one (TRUSTED_PROXIES)."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


class TrustedProxyMiddleware:
    """Forget who asked, and how, in the words of anybody else: they could name any address, and call http https."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = [name for name in _SAID if name in request.META]
        if said and not _is_proxy(request.META.get("REMOTE_ADDR", "")):
            for name in said:
                del request.META[name]
        return self.get_response(request)


def _is_proxy(address: str) -> bool:
    try:
        asker = ip_address(address.partition("%")[0])
    except ValueError:
        return address == ""  # a Unix socket: its folder says who may ask
    asker = getattr(asker, "ipv4_mapped", None) or asker
    return any(asker in network for network in settings.TRUSTED_PROXIES)
