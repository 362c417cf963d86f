import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from layers.kept_tiles import PACKED, kept_tile, mark_of
from layers.past import day_of
from web.scope import reads_no_people


@reads_no_people
def send(request: HttpRequest, layer: str, z: int, x: int, y: int, on: str = "") -> HttpResponse:
    """A vector tile of what the reader may see. The browser keeps it and asks by its mark whether it is still right.

    `on`: of cells and areas, the day whose are meant.
    """
    day = day_of(on) if on else None
    mark, coding = mark_of(layer, request.scope, day), _coding(request.headers.get("Accept-Encoding", ""))
    etag = f'"{hashlib.blake2b(f"{coding} {mark}".encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    packed = kept_tile(layer, z, x, y, request.scope, mark, coding, day)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if not packed:
        return HttpResponse(status=204, headers=headers)
    headers |= {"Content-Encoding": coding, "Content-Type": "application/vnd.mapbox-vector-tile"}
    return HttpResponse(packed, headers=headers)


def _coding(accepted: str) -> str:
    """The best way to pack that a browser reads. All of them read gzip, those of 2024 and later Zstandard too."""
    read = {part.partition(";")[0].strip() for part in accepted.split(",") if not part.endswith(";q=0")}
    return next((coding for coding in PACKED if coding in read), "gzip")
