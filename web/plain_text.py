"""Refuses the one character that no text of ours holds and no text column takes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from web.errors import bad_request

_NUL = "\x00"


class PlainTextMiddleware:
    """An address with a NUL is answered with 400 here, rather than with an error of the database in every view."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)
