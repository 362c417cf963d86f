"""`/metrics`: for whoever has the token or comes from a named network. To everybody else there is no such page."""

import hmac
import os
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from web.operation.metrics.asked import Asked
from web.whence import sender_of


def show(request: HttpRequest) -> HttpResponse:
    if not _may(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Asked())
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(counted := CollectorRegistry())
    told = generate_latest(counted) + generate_latest(registry)
    return HttpResponse(told, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    sender = sender_of(request)
    asker = ip_address(sender) if sender else None
    if isinstance(asker, IPv6Address):
        asker = asker.ipv4_mapped or asker
    return any(asker in one for one in settings.METRICS_NETWORKS)
