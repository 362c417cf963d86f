"""What each process counts of itself. Several worker processes count into files of one folder, which `serve` names in
PROMETHEUS_MULTIPROC_DIR; without it a process counts for itself alone (tests, `runserver`)."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("wangge_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "wangge_request_seconds",
    "Seconds to an answer.",
    ["route"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
READS = Counter("wangge_replica_reads", "Readings that a replica may answer, by who did.", ["by"])
#: The feed is one process; after a restart the newer one's number counts.
LISTENERS = Gauge("wangge_live_listeners", "Browsers that follow the live feed.", multiprocess_mode="mostrecent")

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class CountMiddleware:
    """Count each request under the name of its route, never its path: a path may name a person, and there are many."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.view_name if match and match.view_name else "-"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(route, method, f"{response.status_code // 100}xx").inc()
        SECONDS.labels(route).observe(time.perf_counter() - start)
        return response
