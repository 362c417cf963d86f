"""A photo of a case, to a token that reads the case."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from gis.models import Attachment
from web.api.reading import readable
from web.api.refusals import described

router = Router(tags=["photos"])
_JPEG = {
    "responses": {
        200: {"description": "the JPEG", "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    }
}


@router.get("/{uuid}/{size}", **described("photo", "One photo", {}), openapi_extra=_JPEG)
def send(request: HttpRequest, uuid: UUID, size: Literal["full", "small"]) -> HttpResponse:
    """The JPEG as we drew it anew, without what the camera wrote into it."""
    photo = Attachment.objects.filter(uuid=uuid, incident__in=readable(request)).first()
    if photo is None:
        raise Http404
    try:
        answer = HttpResponse(photo.read(size), content_type="image/jpeg")
    except FileNotFoundError:  # a backup of the database without its files
        raise Http404 from None
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
