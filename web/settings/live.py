"""Where a browser finds the live feed, and what the content security policy must admit for it.

The feed has a port of its own: a browser holds six connections to one address, and a stream keeps one for good. Behind
a proxy that speaks HTTP/2 that limit is gone, and the feed is a path of the same address.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_PATH = "/live/"


def live_address(url: str, port: int, https: bool) -> str:
    """`/live/` on the same address, `:9000/live/` on the same host, a whole address, or "" where there is no feed."""
    if url:
        parts = urlsplit(url)
        if not (url.startswith("/") and not url.startswith("//")) and not (
            parts.scheme in ("http", "https") and parts.netloc
        ):
            raise ImproperlyConfigured("LIVE_URL is neither a path like /live/ nor a web address. Correct it.")
        return url
    if not 0 <= port < 65536:
        raise ImproperlyConfigured("LIVE_PORT is not a port. Set a number from 1 to 65535, or leave it out.")
    return "" if not port else _PATH if https else f":{port}{_PATH}"


def live_sources(address: str, hosts: list[str]) -> list[str]:
    """The origins besides our own that a page may connect to."""
    if address.startswith(":"):
        port = address[: address.index("/")]
        # An address in brackets is no source of a policy: whoever types one needs a proxy for the live feed.
        return [f"http://{'*' if host.startswith('.') else ''}{host}{port}" for host in hosts if "[" not in host]
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
