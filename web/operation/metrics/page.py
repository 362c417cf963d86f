"""`/metrics`: for whoever has the token or comes from a named network. To everybody else there is no such page."""

import hmac
import os
from ipaddress import ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from web.operation.metrics.asked import Asked
from web.sign_in import address_of


def show(request: HttpRequest) -> HttpResponse:
    if not _may(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Asked())
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(counted := CollectorRegistry())
    return HttpResponse(generate_latest(counted) + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    try:
        asker = ip_network(address_of(request))  # of IPv6 a network
    except ValueError:
        return False
    return any(asker.version == one.version and asker.subnet_of(one) for one in settings.METRICS_NETWORKS)
