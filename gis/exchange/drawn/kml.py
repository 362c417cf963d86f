"""KML by hand: GDAL would round, and would need a schema for four words."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import shapely

#: What no text of XML 1.0 may hold.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'


def kml_text(places: Sequence[tuple[str, dict, shapely.Geometry]]) -> str:
    """Places, each with its name, further properties and outline or point in degrees."""
    return _HEAD + "".join(_placemark(*place) for place in places) + "</Document></kml>\n"


def _placemark(name: str, properties: dict, shape: shapely.Geometry) -> str:
    data = "".join(
        f"<Data name={quoteattr(key)}><value>{_said(str(value))}</value></Data>" for key, value in properties.items()
    )
    return f"<Placemark><name>{_said(name)}</name><ExtendedData>{data}</ExtendedData>{_geometry(shape)}</Placemark>\n"


def _said(text: str) -> str:
    return escape(_UNSAYABLE.sub("", text))


def _geometry(shape: shapely.Geometry) -> str:
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{shape.x!r},{shape.y!r}</coordinates></Point>"
    return f"<MultiGeometry>{''.join(_polygon(part) for part in shapely.get_parts(shape))}</MultiGeometry>"


def _polygon(part: shapely.Polygon) -> str:
    inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in part.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(part.exterior)}</outerBoundaryIs>{inner}</Polygon>"


def _ring(ring: shapely.LinearRing) -> str:
    places = " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
    return f"<LinearRing><coordinates>{places}</coordinates></LinearRing>"
