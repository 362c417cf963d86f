"""Structured logs without personal data: the route's name, never the address, the query, the body or a row."""

import json
import logging
import time
import traceback
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

_log = logging.getLogger("wangge.request")
_FIELDS = ("route", "method", "status", "ms", "user", "request")
#: Loggers whose arguments we vouch for. Others put addresses, headers and rows into theirs.
_OURS = ("wangge", "gis", "layers", "web", "fixtures", "psycopg")  # psycopg: why there is no connection


class JsonFormatter(logging.Formatter):
    """One JSON object a line. Of a foreign logger only the template of its message is kept, not what it fills in."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.partition(".")[0] in _OURS
        line = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "log": record.name}
        line["message"] = record.getMessage() if ours else _template(record.msg)
        # Django hangs the whole request on its records under a name that is also ours.
        line |= {name: getattr(record, name) for name in _FIELDS if ours and hasattr(record, name)}
        if not ours and isinstance(getattr(record, "request", None), HttpRequest):
            line["request"] = getattr(record.request, "id", "-")
        if record.exc_info and record.exc_info[0]:
            line["error"] = _where(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def _template(message: object) -> str:
    return message if isinstance(message, str) else type(message).__name__


def _where(exc_info) -> dict:
    """The kind of error, our own frames it came through and where it ended. Its text may quote a row, so it is left
    out."""
    kind, _, trace = exc_info
    frames = traceback.extract_tb(trace)
    kept = [frame for frame in frames if "site-packages" not in frame.filename][-12:] + frames[-1:]
    said = [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in kept]
    return {"kind": kind.__name__, "frames": list(dict.fromkeys(said))}


class RequestLogMiddleware:
    """One line a request, with a number that the answer carries too, so that a complaint finds its line."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid4().hex[:12]
        start = time.perf_counter()
        response = self.get_response(request)
        if not request.path.startswith(("/static/", "/tiles/")) or response.status_code >= 400:
            _log.info("request", extra=_said(request, response, start))
        response["X-Request-Id"] = request.id
        return response


def _said(request: HttpRequest, response: HttpResponse, start: float) -> dict:
    match = request.resolver_match
    # Only a user somebody has already looked up: logging must not ask a database that may be down.
    user = getattr(request, "_cached_user", None)
    return {
        "route": match.view_name if match else "-",
        "method": request.method,
        "status": response.status_code,
        "ms": round((time.perf_counter() - start) * 1000, 1),
        "user": user.pk if user and user.is_authenticated else None,
        "request": request.id,
    }
