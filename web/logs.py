"""Structured logs without personal data: the route's name, never the address, the query or the body."""

import json
import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

_log = logging.getLogger("wangge.request")
_FIELDS = ("route", "method", "status", "ms", "user", "request")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "log": record.name}
        line["message"] = record.msg if record.name == "wangge.request" else record.getMessage()
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = _where(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _where(exc_info) -> dict:
    """The kind of error and the frames it came through; its text may quote a row, so it is left out."""
    kind, _, trace = exc_info
    frames = []
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return {"kind": kind.__name__, "frames": frames[-12:]}


class RequestLogMiddleware:
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
    user = getattr(request, "user", None)
    return {
        "route": match.view_name if match else "-",
        "method": request.method,
        "status": response.status_code,
        "ms": round((time.perf_counter() - start) * 1000, 1),
        "user": user.pk if user and user.is_authenticated else None,
        "request": request.id,
    }
