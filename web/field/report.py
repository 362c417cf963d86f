"""A report from the field page: the handler of its submissions, and what it says back."""

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from gis.collection.submission import Envelope
from gis.incidents.intake import Filed, file_report
from gis.incidents.photo import MOST_BYTES
from gis.models import Incident
from web.field.told import read_told


def receive_report(body: dict, photos: list[UploadedFile], envelope: Envelope) -> dict:
    """Store one report of the field. Raises Refused or NotAllowed."""
    return outcome_of(file_sent(body, photos, envelope))


def file_sent(
    body: dict, photos: list[UploadedFile], envelope: Envelope, origin: str = Incident.Source.WORKER
) -> Filed:
    """The report in a submission, stored. No more of a photo is read than may be kept."""
    told, sent = read_told(body, origin), [photo.read(MOST_BYTES + 1) for photo in photos]
    return file_report(
        told, sent, user=envelope.user, access=envelope.access, at=envelope.at, uuid=envelope.uuid
    )  # fmt: skip


def outcome_of(filed: Filed) -> dict:
    """What the sender is told: the number, where to see it, and whether it joined one that was there."""
    number = filed.incident.number
    return {"number": number, "url": reverse("incident", args=[number]), "joined": filed.joined}
