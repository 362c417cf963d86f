"""The covered copy of a photo, to anybody, as long as its incident may be shown."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gis.incidents.public_case import public_cases
from gis.models import PublicPhoto
from web.community.opened import opened


@opened
@require_safe
def full(request: HttpRequest, uuid: str) -> HttpResponse:
    return _send(uuid, "full")


@opened
@require_safe
def small(request: HttpRequest, uuid: str) -> HttpResponse:
    return _send(uuid, "small")


def _send(uuid: str, size: str) -> HttpResponse:
    """Asked for again every time: one that was withdrawn must be gone from everywhere at once."""
    photo = get_object_or_404(PublicPhoto.objects.standing().select_related("incident"), uuid=uuid)
    if not public_cases(photo.incident.area).filter(pk=photo.incident_id).exists():
        raise Http404
    try:
        answer = HttpResponse(photo.read(size), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = 'inline; filename="photo.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
