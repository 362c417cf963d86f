"""DXF by hand, release 12: what every CAD program reads. A layer a cell, its outline closed and its name written in it.

Signs beyond ASCII are written as \\U+XXXX, as the format wants it. The plane is told in a remark at the top.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import shapely

#: Height of the names, metres.
_HEIGHT = 8.0
_PLANE = "EPSG:"


def dxf_text(layers: Sequence[str], names: Sequence[str], shapes: np.ndarray, plane: int) -> str:
    """Polygons and points in metres of a plane, each on its layer; several may share one."""
    tables = list(dict.fromkeys(layers))
    pairs: list[tuple[int, object]] = [(999, f"{_PLANE}{plane}")]
    pairs += [(0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER"), (70, len(tables))]
    for number, layer in enumerate(tables):
        pairs += [(0, "LAYER"), (2, layer), (70, 0), (62, number % 6 + 1), (6, "CONTINUOUS")]
    pairs += [(0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    for layer, name, shape in zip(layers, names, shapes, strict=True):
        for part in shapely.get_parts(shape):
            pairs += _point(layer, part) if part.geom_type == "Point" else _rings(layer, part)
        pairs += _label(layer, name or layer, shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    return "".join(f"{code}\n{value}\n" for code, value in pairs)


def plane_of(text: str) -> int | None:
    """The plane told in the remark at the top, EPSG number."""
    lines = text[:2000].splitlines()
    for code, value in pairwise(lines):
        if code.strip() == "999" and value.startswith(_PLANE) and value[len(_PLANE) :].isdecimal():
            return int(value[len(_PLANE) :])
    return None


def spelt_out(text: str) -> str:
    """A text with its \\U+XXXX as signs."""
    return re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)


def _point(layer: str, part: shapely.Point) -> list[tuple[int, object]]:
    return [(0, "POINT"), (8, layer), (10, repr(part.x)), (20, repr(part.y)), (30, 0.0)]


def _rings(layer: str, part: shapely.Polygon) -> Iterator[tuple[int, object]]:
    for ring in (part.exterior, *part.interiors):
        yield from _outline(layer, shapely.get_coordinates(ring)[:-1])


def _outline(layer: str, xy: np.ndarray) -> Iterator[tuple[int, object]]:
    yield from [(0, "POLYLINE"), (8, layer), (66, 1), (10, 0.0), (20, 0.0), (30, 0.0), (70, 1)]
    for x, y in xy.tolist():
        yield from [(0, "VERTEX"), (8, layer), (10, repr(x)), (20, repr(y)), (30, 0.0)]
    yield from [(0, "SEQEND"), (8, layer)]


def _label(layer: str, name: str, xy: np.ndarray) -> list[tuple[int, object]]:
    x, y = xy.tolist()
    text = "".join(sign if " " <= sign < "\x7f" else f"\\U+{ord(sign):04X}" for sign in name if ord(sign) < 0x10000)
    place = [(10, repr(x)), (20, repr(y)), (30, 0.0), (40, _HEIGHT), (1, text), (72, 1)]
    return [(0, "TEXT"), (8, layer), *place, (11, repr(x)), (21, repr(y)), (31, 0.0)]
