"""Shapes as a phone takes them: flat lists of longitude and latitude, EPSG:4326, six decimals (a decimetre)."""

import shapely
from django.contrib.gis.geos import GEOSGeometry

#: Degrees of a detail that no phone's screen shows: about 0.3 m.
_FINEST = 3e-6


def rings(geometry: GEOSGeometry) -> list[list[float]]:
    """Every ring of a polygon or multipolygon, [lon, lat, lon, lat, …]; drawn by the even-odd rule holes are holes."""
    shape = shapely.simplify(shapely.from_wkb(bytes(geometry.wkb)), _FINEST)
    return [_flat(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]


def line_parts(geometry: GEOSGeometry, window: tuple[float, float, float, float]) -> list[list[float]]:
    """The pieces of a line inside a window (west, south, east, north), [lon, lat, lon, lat, …]."""
    inside = shapely.clip_by_rect(shapely.from_wkb(bytes(geometry.wkb)), *window)
    return [_flat(part) for part in shapely.get_parts(shapely.simplify(inside, _FINEST)) if not part.is_empty]


def _flat(points: shapely.Geometry) -> list[float]:
    return shapely.get_coordinates(points).round(6).ravel().tolist()
