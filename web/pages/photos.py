"""A photo of an incident, to those who may read the incident and to nobody else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from gis.models import Attachment
from web.pages.incident_filter import incident_scope


@require_GET
def full(request: HttpRequest, uuid: str) -> HttpResponse:
    return _send(request, uuid, "full")


@require_GET
def small(request: HttpRequest, uuid: str) -> HttpResponse:
    return _send(request, uuid, "small")


def _send(request: HttpRequest, uuid: str, size: str) -> HttpResponse:
    """The JPEG we drew ourselves. No cache keeps it: the next person at this machine may not be one who may see it."""
    photo = get_object_or_404(Attachment.objects.inside(incident_scope(request)), uuid=uuid)
    try:
        answer = HttpResponse(photo.read(size), content_type="image/jpeg")
    except FileNotFoundError:  # a backup of the database without its files
        raise Http404 from None
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = f'inline; filename="{photo.uuid}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
