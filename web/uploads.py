"""The photos of a form. How many there are is judged before one is read: a form may name a hundred of 15 MB."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from gis.incidents.attaching import judge_number
from gis.incidents.photo import MOST_BYTES


def photo_files(request: HttpRequest) -> list[UploadedFile]:
    """What was chosen as photos; a field left empty sends a file of no bytes. Raises Refused for too many."""
    files = [photo for photo in request.FILES.getlist("photo") if photo.size]
    judge_number(len(files))
    return files


def photos_of(request: HttpRequest) -> list[bytes]:
    """Their bytes, of each no more than may be kept and one, by which it is known as too large."""
    return [photo.read(MOST_BYTES + 1) for photo in photo_files(request)]
