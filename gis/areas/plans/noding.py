"""Noding some tiles of a drawing together with new lines, without a new node on any other tile.

Noding rounds to the grid (snap rounding, Hobby 1999, doi:10.1016/S0925-7721(99)00021-8), and what is rounded may bend a
border by half a step. So the faces are taken only when every border on the tiles that are left alone came out as it
was; where one did not, the tile beyond it is noded too.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.borders import borders, segments
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.tiles import GRID_M, which

#: Tiles within this of a line are noded with it, metres: rounding moves nothing further.
_REACH_M = 5 * GRID_M


@dataclass(frozen=True)
class Noded:
    """Tiles (rows of a drawing) and the faces that they and the lines make, each with its tile."""

    rows: np.ndarray
    faces: np.ndarray
    parent: np.ndarray  # a row of the drawing for every face


def node(drawing: Drawing, lines: np.ndarray) -> Noded:
    """The faces of the tiles that lines (array of LineStrings, metres) run through or along."""
    rows = near(drawing, lines, _REACH_M)
    while True:
        noded = _faces(drawing, rows, lines)
        bent = _bent(drawing, noded)
        if not len(bent):
            return noded
        rows = np.union1d(rows, bent)


def near(drawing: Drawing, places: np.ndarray, far: float) -> np.ndarray:
    """The rows of tiles within so many metres of something (array of geometries)."""
    west, south, east, north = shapely.bounds(drawing.shapes).T
    x, y, to_x, to_y = shapely.total_bounds(places)
    rows = (east >= x - far) & (west <= to_x + far) & (north >= y - far) & (south <= to_y + far)
    rows = np.flatnonzero(rows)
    tree = shapely.STRtree(drawing.shapes[rows])
    return rows[np.unique(tree.query(places, predicate="dwithin", distance=far)[1])]


def neighbours(drawing: Drawing, rows: np.ndarray) -> np.ndarray:
    """The rows of tiles that have a border with some, without those."""
    inside = np.zeros(len(drawing), dtype=bool)
    inside[rows] = True
    first, second = drawing.ground.first, drawing.ground.second
    return np.unique(np.append(second[inside[first] & ~inside[second]], first[inside[second] & ~inside[first]]))


def _faces(drawing: Drawing, rows: np.ndarray, lines: np.ndarray) -> Noded:
    shapes = drawing.shapes[rows]
    work = np.concatenate([shapely.boundary(shapes), lines])
    noded = shapely.union_all(work, grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    if not len(faces):
        return Noded(rows, faces, np.empty(0, dtype=int))
    place = which(shapes, shapely.point_on_surface(faces))  # −1: a hole in the tiles, or ground of another one
    inside = place >= 0
    return Noded(rows, faces[inside], rows[place[inside]])


def _bent(drawing: Drawing, noded: Noded) -> np.ndarray:
    """The tiles (rows) left alone whose border on the others is no longer as it was."""
    beyond = neighbours(drawing, noded.rows)
    both = np.concatenate([noded.rows, beyond])
    found = borders(drawing.shapes[both])
    inside = len(noded.rows)
    across = (found.first < inside) & (found.second >= inside)
    there = segment_keys(*segments(noded.faces)[:2])
    lost = ~np.isin(segment_keys(found.start[across], found.end[across]), there)
    return np.unique(both[found.second[across][lost]])


def segment_keys(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A text of bytes for every segment, the same whichever way it runs."""
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    both = np.ascontiguousarray(np.column_stack([low, high]) + 0.0)  # no negative zero
    return both.view("V32").ravel()
