import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from layers.kept_tiles import kept_tile, mark_of
from web.scope import reads_no_people


@reads_no_people
def send(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """A vector tile of what the reader may see. The browser keeps it and asks by its mark whether it is still right."""
    mark = mark_of(layer, request.scope)
    etag = f'"{hashlib.blake2b(mark.encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    packed = kept_tile(layer, z, x, y, request.scope, mark)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if not packed:
        return HttpResponse(status=204, headers=headers)
    headers |= {"Content-Encoding": "gzip", "Content-Type": "application/vnd.mapbox-vector-tile"}
    return HttpResponse(packed, headers=headers)
