import gzip
import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from layers.tiles import tile
from web.scope import reads_no_people


@reads_no_people
def send(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """A vector tile of what the reader may see. The browser keeps it and asks again by ETag."""
    content = tile(layer, z, x, y, request.scope)
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response = HttpResponse(status=200 if content else 204, content_type="application/vnd.mapbox-vector-tile")
    if content:
        response.content = gzip.compress(content, compresslevel=4, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
