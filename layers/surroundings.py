"""What lies around an outline that is being drawn: the administrator's base map, as GeoJSON made in SQL."""

import json
import math

from django.db import connection

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import BadGeometry

#: More of a kind than this is not drawn: a window that wide is looked at for its areas.
_MOST = 3000
_FEATURE = (
    "json_build_object('type', 'Feature', 'properties', {properties}, 'geometry', ST_AsGeoJSON({shape}, 6)::json)"
)
_PIXELS = 1000  # of a window's width; what is finer is thinned away


def surroundings(box: str, scope: Scope) -> dict:
    """A FeatureCollection in EPSG:4326 of the ground, the ways and the areas in scope of a window.

    `box` is "west,south,east,north" in degrees. Raises BadGeometry for anything else.
    """
    window = _window(box)
    features = [*_ground(window), *_ways(window), *_areas(window, scope)]
    return {"type": "FeatureCollection", "features": [json.loads(text) for text in features]}


def _window(box: str) -> list[float]:
    try:
        west, south, east, north = (float(part) for part in box.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadGeometry("The window is not west,south,east,north in degrees.", fix="Move the map and try again.")
    return [west, south, east, north]


def _shape(window: list[float]) -> str:
    return f"ST_Simplify(geometry, {(window[2] - window[0]) / _PIXELS!r}, true)"


def _rows(sql: str, window: list[float], params: list) -> list[str]:
    inside = f"geometry && ST_MakeEnvelope(%s, %s, %s, %s, {crs.STORE})"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(inside=inside, most=_MOST), [*window, *params])
        return [text for (text,) in cursor.fetchall()]


def _ground(window: list[float]) -> list[str]:
    feature = _FEATURE.format(properties="json_build_object('kind', kind)", shape=_shape(window))
    return _rows(
        f"SELECT {feature}::text FROM grid_ground WHERE {{inside}}"
        " ORDER BY ST_Area(geometry) DESC LIMIT {most}", window, [],
    )  # fmt: skip


def _ways(window: list[float]) -> list[str]:
    ranks = ["trunk", "major"] if window[2] - window[0] > 0.2 else ["trunk", "major", "minor"]
    feature = _FEATURE.format(
        properties="json_build_object('kind', kind, 'rank', rank, 'name', name)", shape=_shape(window)
    )
    return _rows(
        f"SELECT {feature}::text FROM grid_way WHERE {{inside}} AND (kind <> 'road' OR rank = ANY(%s))"
        " ORDER BY rank DESC LIMIT {most}", window, [ranks],
    )  # fmt: skip


def _areas(window: list[float], scope: Scope) -> list[str]:
    inside, params = scope.sql("code")
    named = "'level', level, 'code', code, 'name', coalesce(nullif(short_name, ''), name)"
    feature = _FEATURE.format(properties=f"json_build_object({named})", shape=_shape(window))
    return _rows(
        f"SELECT {feature}::text FROM grid_area WHERE {{inside}} AND {inside} ORDER BY code LIMIT {{most}}",
        window, params,
    )  # fmt: skip
