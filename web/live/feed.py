"""The ASGI program of the live feed: `/live/` is a stream of server-sent events, `/live/health` says up or down."""

import asyncio
import logging.config
import os
from urllib.parse import parse_qs, urlsplit

os.environ.setdefault("WANGGE_SERVING", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from web.live.hub import Hub
from web.live.listener import Listener

logging.config.dictConfig(settings.LOGGING)
logger = logging.getLogger(__name__)

#: Browsers at a time; the next is told to come back.
MOST_LISTENERS = 5_000
_PLAIN = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"vary", b"Origin, Cookie")]
_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # a proxy that collects events before passing them on would make them late
    *_PLAIN,
]


async def application(scope: dict, receive, send) -> None:
    if scope["type"] == "lifespan":
        await _live(scope, receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(scope: dict, receive, send) -> None:
    """Start the hub with the process, end it with the process."""
    await receive()
    hub = scope["state"]["hub"] = Hub()
    running = asyncio.create_task(hub.run())
    running.add_done_callback(_end_without)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    running.cancel()
    await send({"type": "lifespan.shutdown.complete"})


def _end_without(hub: asyncio.Task) -> None:
    """Without its hub the process is of no use, and whoever keeps it starts another."""
    if not hub.cancelled():
        logger.error("the hub of the live feed ended", exc_info=hub.exception())
        os._exit(1)


async def _answer(scope: dict, receive, send) -> None:
    hub: Hub = scope["state"]["hub"]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if not _is_known(headers.get("host", "")):
        return await _say(send, 400, b"Unknown host.")
    if scope["path"] == "/live/health":
        return await _say(send, *((503, b"down") if hub.away_since else (200, b"up")))
    if scope["path"] != "/live/" or scope["method"] != "GET":
        return await _say(send, 404, b"Not found.")
    reader = _reader(headers)
    if reader is None:
        return await _say(send, 403, b"This page may not listen.")
    if len(hub.listeners) >= MOST_LISTENERS:
        return await _say(send, 503, b"Too many listen.", reader)
    await _stream(hub, _listener(scope, headers), receive, send, reader)


def _listener(scope: dict, headers: dict[str, str]) -> Listener:
    session = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return Listener(session, headers.get("last-event-id") or asked)


async def _stream(hub: Hub, listener: Listener, receive, send, reader: list) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _STREAM + reader})
    hub.join(listener)
    leaving = asyncio.create_task(_until_gone(receive))
    leaving.add_done_callback(lambda _: listener.end())
    try:
        while said := await listener.take():
            await send({"type": "http.response.body", "body": said, "more_body": True})
    finally:
        hub.leave(listener)
        leaving.cancel()
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _is_known(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _reader(headers: dict[str, str]) -> list[tuple[bytes, bytes]] | None:
    """What lets the page read that asks: nothing needed on our own origin, two headers on our pages' port. None: a
    stranger's page, to whom the reader's cookie must open nothing."""
    origin = headers.get("origin")
    if origin is None:
        return []
    parts, (domain, _) = urlsplit(origin), split_domain_port(headers["host"])
    ours = origin == f"{parts.scheme}://{headers['host']}" or (
        parts.scheme == "http" and parts.netloc == f"{domain}:{settings.PORT}"
    )
    if not ours and origin not in settings.CSRF_TRUSTED_ORIGINS:
        return None
    return [(b"access-control-allow-origin", origin.encode()), (b"access-control-allow-credentials", b"true")]


async def _say(send, status: int, text: bytes, more: list | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_PLAIN, *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
