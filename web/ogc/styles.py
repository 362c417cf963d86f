"""How a collection looks, as a style that MapLibre and QGIS open: its tiles, or its features where it has none."""

from django.http import HttpRequest, HttpResponse

from layers.features.kind import Kind
from layers.tiles import MAX_ZOOM
from web.ogc.answering import at, kind_of, only, spoken, told
from web.ogc.asking import MOST
from web.ogc.tiles import LAYERS, first_zoom, tile_address

#: Fill, line and the line's width.
_LOOKS = {
    "areas": ("#2b5fd9", "#2b4a8f", 2),
    "cells": ("#3d8f7a", "#2f6f5f", 1.2),
    "buildings": ("#b9a58a", "#8a775e", 0.6),
}
_DOTS = {"components": "#6a5acd", "incidents": "#c8432f"}


@spoken("style")
def show(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    only(request)
    kind, _scope = kind_of(request, collection)
    source, layers = _tiled(request, kind) if kind.tiles else _plain(request, kind)
    said = {"version": 8, "name": str(kind.title), "sources": {kind.name: source}, "layers": layers}
    return told(said, "style")


def _tiled(request: HttpRequest, kind: Kind) -> tuple[dict, list[dict]]:
    address = tile_address(request, kind, "/{z}/{y}/{x}")
    source = {"type": "vector", "tiles": [address], "minzoom": first_zoom(kind), "maxzoom": MAX_ZOOM}
    (layer,) = LAYERS[kind.tiles]
    return source, _outlined(kind.name, _LOOKS[kind.tiles], {"source-layer": layer})


def _plain(request: HttpRequest, kind: Kind) -> tuple[dict, list[dict]]:
    source = {"type": "geojson", "data": at(request, "items", kind.name, query=f"limit={MOST}")}
    if kind.geometry != "Point":
        return source, _outlined(kind.name, _LOOKS["cells"], {})
    paint = {"circle-radius": 4, "circle-color": _DOTS[kind.name], "circle-stroke-color": "#ffffff"}
    return source, [{"id": "dot", "type": "circle", "source": kind.name, "paint": paint | {"circle-stroke-width": 1}}]


def _outlined(source: str, look: tuple, more: dict) -> list[dict]:
    fill, line, width = look
    common = {"source": source, **more}
    return [
        {"id": "ground", "type": "fill", **common, "paint": {"fill-color": fill, "fill-opacity": 0.18}},
        {"id": "border", "type": "line", **common, "paint": {"line-color": line, "line-width": width}},
    ]
