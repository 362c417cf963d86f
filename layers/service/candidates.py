"""Where a new point could stand: buildings of suitable use, open ground, junctions; thinned to an even cover."""

import numpy as np
from django.db import connection
from scipy.spatial import cKDTree

from gis import crs
from gis.accounts.scope import Scope
from layers.service.ground import Ground

#: Candidates a choice is made from; more of them lie nearer together than a site is decided by.
MOST = 400
_CLOSEST, _WIDEST = 40.0, 5000.0
#: A junction or a park belongs to the area where one of its buildings is this near.
_NEAR = 150.0
_BUILDINGS = """
SELECT ST_X(ST_Centroid(geometry)), ST_Y(ST_Centroid(geometry)), name, road, gate FROM grid_building
WHERE kind IN ('public', 'commercial', 'office', 'medical', 'school') AND {inside} ORDER BY id"""
_GROUNDS = """
SELECT ST_X(p), ST_Y(p), name FROM (
  SELECT ST_PointOnSurface(geometry) AS p, name FROM grid_ground
  WHERE kind IN ('park', 'square', 'commercial') AND drawing && ST_MakeEnvelope(%s, %s, %s, %s, %s) ORDER BY id
) AS open"""


def candidates_of(ground: Ground, area: Scope) -> tuple[np.ndarray, list[str]]:
    """Positions (n × 2 degrees) and what is there. What has a name is preferred to a bare junction."""
    parts = [_buildings(area), _grounds(ground), _junctions(ground)]
    lonlat = np.concatenate([xy for xy, _names in parts])
    names = [name for _xy, listed in parts for name in listed]
    xy = crs.move(lonlat, crs.STORE, ground.system) if len(lonlat) else lonlat
    if len(ground) and len(xy):
        near = cKDTree(ground.homes.xy).query(xy)[0] <= _NEAR
        lonlat, xy, names = lonlat[near], xy[near], [name for name, kept in zip(names, near, strict=True) if kept]
    kept = thinned(xy, MOST)
    return lonlat[kept], [names[at] for at in kept]


def thinned(xy: np.ndarray, most: int) -> np.ndarray:
    """Rows of at most `most` positions (metres), the first of every square of the finest net that leaves no more."""
    side = _CLOSEST
    while True:
        squares = np.floor(xy / side).astype(np.int64)
        kept = np.sort(np.unique(squares, axis=0, return_index=True)[1]) if len(xy) else np.empty(0, dtype=np.int64)
        if len(kept) <= most or side > _WIDEST:
            return kept[:most]
        side *= 1.25


def _buildings(area: Scope) -> tuple[np.ndarray, list[str]]:
    inside, params = area.sql("area")
    with connection.cursor() as cursor:
        cursor.execute(_BUILDINGS.format(inside=inside), params)
        rows = cursor.fetchall()
    return _xy(rows), [name or f"{road}{gate}" for _x, _y, name, road, gate in rows]


def _grounds(ground: Ground) -> tuple[np.ndarray, list[str]]:
    if not len(ground):
        return np.empty((0, 2)), []
    low, high = ground.lonlat.min(axis=0), ground.lonlat.max(axis=0)
    box = crs.move(np.array([low, high]), crs.STORE, crs.DRAW).ravel().tolist()
    with connection.cursor() as cursor:
        cursor.execute(_GROUNDS, [*box, crs.DRAW])
        rows = cursor.fetchall()
    return _xy(rows), [name for _x, _y, name in rows]


def _junctions(ground: Ground) -> tuple[np.ndarray, list[str]]:
    """Nodes where three or more roads meet."""
    network = ground.network
    met = np.flatnonzero(np.diff(network.graph.indptr) >= 3)
    met = met[~np.isin(met, ground.homes.node)]
    xy = crs.move(network.xy[met], ground.system, crs.STORE) if len(met) else np.empty((0, 2))
    return xy, [""] * len(met)


def _xy(rows: list[tuple]) -> np.ndarray:
    return np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2)
