"""The Content-Security-Policy header, the same for every answer."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentPolicyMiddleware:
    """Written once at the start: django-csp's own middleware puts it together anew for every answer, which costs a
    tile more than its lookup. No page has a nonce; one whose form ends at another origin says so (`form_action`)."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's page for a developer's error styles itself.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers[HEADER] = self._with_form_action(getattr(response, "form_action", ""))
        return response

    def _with_form_action(self, origin: str) -> str:
        return self._policy.replace("form-action 'self'", f"form-action 'self' {origin}") if origin else self._policy
