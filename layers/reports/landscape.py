"""The ground and the roads under a report's map, thinned to what its size can show, and how they look there."""

import geopandas as gpd

from gis import crs
from gis.accounts.scope import Scope
from layers.surroundings import surroundings

#: Ground drawn over the colours of figures, because nobody lives on it.
GROUND = {"water": "#a9d0e3", "park": "#d3e6c1"}
RIVER = "#a9d0e3"
#: Rank → colour and width in points on paper.
ROADS = {"minor": ("#d5ccba", 0.5), "major": ("#d6c08f", 1.0), "trunk": ("#d3a069", 1.5)}
_COLUMNS = ["kind", "rank", "name", "level", "code"]


def landscape(bounds: tuple[float, float, float, float], scope: Scope) -> gpd.GeoDataFrame:
    """What lies in a window in degrees (EPSG:4326): `kind` of ground or way, `rank` and `name` of ways, `level` and
    `code` of the areas in scope; None where it does not apply."""
    west, south, east, north = bounds
    found = surroundings(f"{west!r},{south!r},{east!r},{north!r}", scope)["features"]
    if not found:
        return gpd.GeoDataFrame({name: [] for name in _COLUMNS}, geometry=[], crs=crs.STORE)
    return gpd.GeoDataFrame.from_features(found, crs=crs.STORE).reindex(columns=[*_COLUMNS, "geometry"])


def painted(frame: gpd.GeoDataFrame) -> list[tuple[gpd.GeoDataFrame, str, float]]:
    """What is drawn over the figures, in order: rows of one look, their colour, and the width of lines (0: filled)."""
    ground = [(frame[frame["kind"] == kind], colour, 0.0) for kind, colour in GROUND.items()]
    rivers = [(frame[frame["kind"] == "river"], RIVER, 1.8)]
    roads = frame[frame["kind"] == "road"]
    ways = [(roads[roads["rank"] == rank], colour, width) for rank, (colour, width) in ROADS.items()]
    return [(rows, colour, width) for rows, colour, width in (*ground, *rivers, *ways) if len(rows)]
