"""The first request of a new day brings the categories up to it, also where no worker runs."""

from collections.abc import Callable
from datetime import date

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gis.incidents.category_changing import keep_up


class NewDayMiddleware:
    #: The day this process has seen begin. `up` loads the codes before it starts any, which brings them up to its day.
    day: date | None = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        NewDayMiddleware.day = NewDayMiddleware.day or timezone.localdate()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        if today != NewDayMiddleware.day:
            try:
                keep_up()
                NewDayMiddleware.day = today
            except DatabaseError:
                pass  # the page says what is the matter with the database; the next request tries again
        return self.get_response(request)
