"""Addresses that open the map at a place: `/#zoom/latitude/longitude/what`, what a code, or b and a building's id."""

from math import floor, log2

from django.contrib.gis.geos import GEOSGeometry
from django.urls import reverse

_CLOSEST = 18
#: Width in degrees that fills a window of some 1,000 pixels at zoom 0.
_WHOLE = 360 * 4


def map_address(geometry: GEOSGeometry | None, chosen: str = "") -> str:
    """The map at a geometry in degrees, filled by it; the plain map where there is none."""
    if not geometry:
        return reverse("map")
    west, south, east, north = geometry.extent
    zoom = _zoom(max(east - west, (north - south) * 1.8))
    place = f"{zoom}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
    return f"{reverse('map')}#{place}/{chosen}" if chosen else f"{reverse('map')}#{place}"


def _zoom(degrees: float) -> int:
    return min(_CLOSEST, max(4, floor(log2(_WHOLE / degrees)))) if degrees else _CLOSEST
