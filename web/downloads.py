"""Sending a file that lies on the disk, so that a download that broke off goes on where it ended (RFC 9110, 14)."""

import re
from collections.abc import Iterator

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_AT_ONCE = 256 * 1024


def begins_anew(request: HttpRequest) -> bool:
    """Whether the file is asked for from its beginning, not its rest alone."""
    return not (found := _ONE_RANGE.fullmatch(request.headers.get("Range", ""))) or found[1] in ("", "0")


def send_file(request: HttpRequest, file: File, *, name: str, mark: str) -> HttpResponse:
    """The file as a download under a name, or the part that `Range` asks for; never as a page of ours, never cached.

    `mark` is another one for other content: a rest is sent only to who holds the beginning of the same (`If-Range`).
    """
    tag = f'"{mark}"'
    part = _asked_for(request, file.size, tag)
    if part is None:
        answer = FileResponse(file, as_attachment=True, filename=name)
    elif not part:
        file.close()  # the others close it when they have been sent
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    else:
        answer = StreamingHttpResponse(_read(file, part), status=206, content_type="application/octet-stream")
        answer["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        answer["Content-Length"] = str(len(part))
        answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Accept-Ranges"], answer["ETag"] = "bytes", tag
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked_for(request: HttpRequest, size: int, tag: str) -> range | None:
    """The bytes of a single range, empty where there are none; None for all. Of several ranges, all is sent."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not found or found[1] == found[2] == "" or request.headers.get("If-Range", tag) != tag:
        return None
    if not found[1]:  # the last so many
        return range(max(size - int(found[2]), 0), size)
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    return range(int(found[1]), last + 1)


def _read(file: File, part: range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(left, _AT_ONCE))):
            left -= len(piece)
            yield piece
