"""Tiles of a collection: the same vector tiles that the map draws, by their addresses in the standard."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import OutOfScope
from layers.features.kind import Kind
from layers.kept_tiles import kept_tile, mark_of
from layers.tiles import HOUSES_FROM, MAX_ZOOM, MIN_ZOOM
from web.ogc.answering import TYPES, at, kind_of, link, only, spoken, told

MATRIX_SET = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_DRAWN = f"http://www.opengis.net/def/crs/EPSG/0/{crs.DRAW}"
#: What a tile holds besides the id of a feature, by the name of the layer in it.
LAYERS = {
    "areas": {"area": {"code": "String", "name": "String", "level": "String"}},
    "cells": {"cell": {"code": "String", "name": "String"}},
    "buildings": {"building": {"kind": "String", "floors": "Number", "label": "String"}},
}
#: A screen's pixel is 0.28 mm in the standard; a tile has 256 of them.
_PIXEL, _SIDE = 0.00028, 256


def tiled(request: HttpRequest, name: str):
    """A kind that has tiles, and where the reader may see it. Raises OutOfScope."""
    kind, scope = kind_of(request, name)
    if not kind.tiles:
        raise OutOfScope(_("这个图层没有瓦片。"), fix=_("请用 items。"))
    return kind, scope


def first_zoom(kind: Kind) -> int:
    return HOUSES_FROM if kind.tiles == "buildings" else MIN_ZOOM[kind.tiles]


@spoken("mvt")
def send(request: HttpRequest, collection: str, zoom: int, row: int, column: int, form: str) -> HttpResponse:
    """A tile; 204 where nothing lies. Unknown addresses are refused as `layers.tiles` says."""
    only(request)
    kind, scope = tiled(request, collection)
    packed = kept_tile(kind.tiles, zoom, column, row, scope, mark_of(kind.tiles, scope))
    if not packed:
        return HttpResponse(status=204)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if zipped else gzip.decompress(packed), content_type=TYPES["mvt"])
    response["Vary"] = "Accept-Encoding, Authorization, Cookie"
    if zipped:
        response["Content-Encoding"] = "gzip"
    return response


def tile_address(request: HttpRequest, kind: Kind, place: str) -> str:
    """The template of the addresses of tiles; `place` names row and column as its reader does."""
    return at(request, "tileset", kind.name) + place


@spoken("json")
def tilesets(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    only(request)
    kind, _scope = tiled(request, collection)
    links = [link(at(request, "tilesets", kind.name), "self", TYPES["json"])]
    return told({"links": links, "tilesets": [_tileset(request, kind)]})


@spoken("json", "tilejson")
def tileset(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    only(request)
    kind, _scope = tiled(request, collection)
    if form == "tilejson":
        return told(tile_json(request, kind), "tilejson")
    return told(_tileset(request, kind))


def _tileset(request: HttpRequest, kind: Kind) -> dict:
    home = at(request, "tileset", kind.name)
    address = tile_address(request, kind, "/{tileMatrix}/{tileRow}/{tileCol}")
    return {
        "title": str(kind.title),
        "dataType": "vector",
        "crs": _DRAWN,
        "tileMatrixSetURI": MATRIX_SET,
        "layers": [{"id": name, "dataType": "vector"} for name in LAYERS[kind.tiles]],
        "links": [
            link(home, "self", TYPES["json"]),
            link(f"{home}?f=tilejson", "describedby", TYPES["tilejson"]),
            link(at(request, "matrix-set"), _SCHEME, TYPES["json"]),
            link(address, "item", TYPES["mvt"], templated=True),
        ],
    }


def tile_json(request: HttpRequest, kind: Kind) -> dict:
    layers = [{"id": name, "fields": fields} for name, fields in LAYERS[kind.tiles].items()]
    return {
        "tilejson": "3.0.0",
        "name": str(kind.title),
        "tiles": [tile_address(request, kind, "/{z}/{y}/{x}")],
        "minzoom": first_zoom(kind),
        "maxzoom": MAX_ZOOM,
        "vector_layers": layers,
    }


@spoken("json")
def matrix_sets(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    links = [link(at(request, "matrix-set"), "self", TYPES["json"])]
    return told({"tileMatrixSets": [{"id": "WebMercatorQuad", "uri": MATRIX_SET, "crs": _DRAWN, "links": links}]})


@spoken("json")
def matrix_set(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    matrices = [_matrix(zoom) for zoom in range(MAX_ZOOM + 1)]
    return told({"id": "WebMercatorQuad", "uri": MATRIX_SET, "crs": _DRAWN, "tileMatrices": matrices})


def _matrix(zoom: int) -> dict:
    size = 2 * crs.DRAW_HALF / _SIDE / 2**zoom
    return {
        "id": str(zoom),
        "cellSize": size,
        "scaleDenominator": size / _PIXEL,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-crs.DRAW_HALF, crs.DRAW_HALF],
        "tileWidth": _SIDE,
        "tileHeight": _SIDE,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }
