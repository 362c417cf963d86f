"""Our own addresses as the provider has them registered."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def address(name: str, request: HttpRequest) -> str:
    """The whole address of a page of ours."""
    path = reverse(name)
    return settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else request.build_absolute_uri(path)
