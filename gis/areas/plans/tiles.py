"""Tiles: the pieces a community's ground is cut into, one a building and one for each block without any.

Roads, rivers and the outline are noded and polygonised into enclosures. In an enclosure every point of the ground
belongs to the building whose wall is nearest: the borders are those ridges of the Voronoi diagram of points along the
walls that part two buildings (enclosed tessellation, Fleischmann et al. 2020, doi:10.1016/j.compenvurbsys.2019.101441),
made straight where that takes nothing from a house.
Ridges and enclosures are noded together and polygonised once, so the tiles match edge by edge and cover the outline
exactly, whatever the buildings look like: they may touch, overlap or repeat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi, cKDTree

from gis.areas.plans.annealing import Tell, nobody
from gis.areas.plans.borders import borders, sums
from gis.areas.plans.straightening import straightened

#: Every vertex lies on this grid, metres.
GRID_M = 0.001
#: Distance of the points along a wall, metres.
_SPACING_M = 8.0
#: Walls are drawn in by this, so that the points of houses that share one differ, metres.
_INSET_M = 0.25
#: Ground without a building that is smaller joins a neighbour, m²: the island of a roundabout, a sliver of a road.
_SLIVER_M2 = 100.0
#: Ground in none of the zones that is smaller lies between two that do not quite meet, m².
_SCRAP_M2 = 1.0


@dataclass(frozen=True)
class Tiles:
    """A coverage of the outline: `shapes` in metres, edge-matched, without gaps or overlaps."""

    shapes: np.ndarray  # n Polygons (a MultiPolygon only where the outline itself cuts a tile in two)
    enclosure: np.ndarray  # n ints: which enclosure a tile lies in
    of_building: np.ndarray  # a tile for every footprint; −1: it stands outside the outline

    def __len__(self) -> int:
        return len(self.shapes)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """A value of each building, summed by tile."""
        inside = self.of_building >= 0
        return np.bincount(self.of_building[inside], np.asarray(values, float)[inside], len(self))


def cut(
    outline: shapely.Geometry,
    lines: np.ndarray,
    footprints: np.ndarray,
    zones: Sequence[np.ndarray] = (),
    tell: Tell = nobody,
) -> Tiles:
    """Cut an outline (polygon, metres) along lines into tiles, one for each footprint inside.

    A footprint that another one hides (the same house twice) shares its tile. A building across a line belongs to the
    side where a point inside it lies. `zones` are sets of polygons whose borders are among the lines: what is too
    small for a tile of its own joins a neighbour, but never across those. `tell` hears the share that is done.

    Raises ValueError where the outline has no area.
    """
    outline = shapely.set_precision(outline, GRID_M)
    if shapely.area(outline) == 0:
        raise ValueError("the outline has no area")
    blocks = enclose(outline, lines)
    footprints = np.asarray(footprints, dtype=object)
    home = _home(blocks, footprints)
    points, owner = _wall_points(footprints, home)
    ridges = _ridges(blocks, footprints, home, points, owner, tell)
    faces = _faces(outline, blocks, ridges)
    tell(0.8)
    block, nearest = _nearest(faces, blocks, home, points, owner)
    nearest = _housed(faces, footprints, home, nearest)
    name = np.where(nearest >= 0, nearest, len(footprints) + block)
    name = _one_piece_each(faces, np.where(_slivers(faces, name, len(footprints)), -1, name), _zone(faces, zones))
    names, group = np.unique(name, return_inverse=True)
    _, first = np.unique(group, return_index=True)
    return Tiles(dissolve(faces, group), block[first], _tile_of(footprints, home, names, faces, group))


def enclose(outline: shapely.Geometry, lines: np.ndarray) -> np.ndarray:
    """The polygons between the lines and the outline (array). Ends that close nothing have no effect."""
    inside = shapely.intersection(np.asarray(lines, dtype=object), outline)
    inside = inside[shapely.length(inside) > 0]
    return _inside(_polygonised([shapely.boundary(outline), *inside]), outline)


def _polygonised(lines: list) -> np.ndarray:
    noded = shapely.union_all(np.array(lines, dtype=object), grid_size=GRID_M)
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))


def _inside(shapes: np.ndarray, outline: shapely.Geometry) -> np.ndarray:
    shapely.prepare(outline)
    return shapes[shapely.intersects(outline, shapely.point_on_surface(shapes))]


def _home(blocks: np.ndarray, footprints: np.ndarray) -> np.ndarray:
    """The enclosure of each footprint, −1 outside."""
    return which(blocks, shapely.point_on_surface(footprints))


def _wall_points(footprints: np.ndarray, home: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points along the walls of the footprints inside (k × 2), and whose they are."""
    rows = np.flatnonzero(home >= 0)
    drawn_in = shapely.buffer(footprints[rows], -_INSET_M, join_style="mitre")
    thin = shapely.is_empty(drawn_in)
    walls = shapely.segmentize(np.where(thin, shapely.point_on_surface(footprints[rows]), drawn_in), _SPACING_M)
    xy, place = shapely.get_coordinates(walls, return_index=True)
    # Of points in one place the first counts: the same house twice would share out its ground at random.
    _, kept = np.unique(np.round(xy / GRID_M), axis=0, return_index=True)
    kept = np.sort(kept)
    return xy[kept], rows[place[kept]]


def _ridges(blocks, footprints, home: np.ndarray, points: np.ndarray, owner: np.ndarray, tell: Tell) -> np.ndarray:
    """The lines that part the buildings of each enclosure, cut off at its edge."""
    block = home[owner]
    order = np.argsort(block, kind="stable")
    starts = np.flatnonzero(np.diff(block[order], prepend=-1))
    found = [np.array([], dtype=object)]
    sets = np.split(order, starts[1:])
    for number, rows in enumerate(sets):
        tell(0.1 + 0.2 * number / len(sets))
        if len(rows) and (owner[rows] != owner[rows[0]]).any():
            ridges = _cut_off(_parting(points[rows], owner[rows]), blocks[block[rows[0]]])
            found.append(straightened(ridges, footprints, points[rows], owner[rows]))
    return np.concatenate(found)


def _parting(points: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Ridges (k LineStrings) of the Voronoi diagram between points of different owners."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, far = (low + high) / 2, 20 * max(high - low) + 1000
    frame = middle + far * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])  # so that every ridge near by is finite
    diagram = Voronoi(np.concatenate([points - middle, frame - middle]))
    owner = np.append(owner, [-1, -1, -1, -1])
    ends = np.array(diagram.ridge_vertices)
    between = owner[diagram.ridge_points]
    kept = (between[:, 0] != between[:, 1]) & (between >= 0).all(axis=1) & (ends >= 0).all(axis=1)
    return shapely.linestrings(diagram.vertices[ends[kept]] + middle)


def _cut_off(lines: np.ndarray, block: shapely.Geometry) -> np.ndarray:
    shapely.prepare(block)
    whole = shapely.contains_properly(block, lines)
    cut = shapely.intersection(block, lines[~whole & shapely.intersects(block, lines)])
    return np.concatenate([lines[whole], cut[shapely.length(cut) > 0]])


def _faces(outline: shapely.Geometry, blocks: np.ndarray, ridges: np.ndarray) -> np.ndarray:
    if not len(ridges):
        return blocks
    return _inside(_polygonised([*shapely.boundary(blocks), *ridges]), outline)


def _nearest(faces, blocks, home, points, owner) -> tuple[np.ndarray, np.ndarray]:
    """The enclosure of each face, and the building nearest to it there (−1: none in the enclosure)."""
    middle = shapely.point_on_surface(faces)
    block = which(blocks, middle)
    nearest = np.full(len(faces), -1)
    if len(points):
        # Enclosures are stacked a thousand kilometres apart, so one tree finds neighbours in the same one only.
        tree = cKDTree(np.column_stack([points, home[owner] * 1e6]))
        asked = np.column_stack([shapely.get_coordinates(middle), block * 1e6])
        distance, near = tree.query(asked, distance_upper_bound=9e5)
        nearest[np.isfinite(distance)] = owner[near[np.isfinite(distance)]]
    return block, nearest


def _housed(faces: np.ndarray, footprints: np.ndarray, home: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """The building nearest to each face, or the only one that has its middle there."""
    rows = np.flatnonzero(home >= 0)
    face = which(faces, shapely.point_on_surface(footprints[rows]))
    only = np.bincount(face[face >= 0], minlength=len(faces)) == 1
    found = nearest.copy()
    found[face[face >= 0]] = rows[face >= 0]
    return np.where(only, found, nearest)


def which(shapes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The shape each point lies in, the first of several; −1: none."""
    found = np.full(len(points), -1)
    row, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.argsort(-shape, kind="stable")
    found[row[order]] = shape[order]
    return found


def _slivers(faces, name: np.ndarray, buildings: int) -> np.ndarray:
    area = np.bincount(name, shapely.area(faces))
    return (name >= buildings) & (area[name] < _SLIVER_M2)


def _zone(faces: np.ndarray, zones: Sequence[np.ndarray]) -> np.ndarray:
    """A number for each face, equal where they lie in the same polygon of every set; −1 for the scraps between them."""
    middle, zone = shapely.point_on_surface(faces), np.zeros(len(faces), dtype=np.int64)
    scrap = np.zeros(len(faces), dtype=bool)
    for shapes in filter(len, zones):
        inside = which(shapes, middle)
        scrap |= (inside < 0) & (shapely.area(faces) < _SCRAP_M2)
        zone = zone * (len(shapes) + 1) + inside + 1
    return np.where(scrap, -1, zone)


def _one_piece_each(faces: np.ndarray, name: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Names by which every tile is one piece of one zone: a face out of touch joins whom it borders on most there."""
    lines = borders(faces)
    first, second, shared = sums(lines.first, lines.second, lines.length)
    zone = settled(zone, first, second, shared)
    inside = zone[first] == zone[second]
    first, second, shared = first[inside], second[inside], shared[inside]
    return settled(_largest_piece(name, first, second, shapely.area(faces)), first, second, shared)


def _largest_piece(name: np.ndarray, first, second, area) -> np.ndarray:
    """Names that hold for the largest connected piece of each; −1 for faces of the others."""
    same = (name[first] == name[second]) & (name[first] >= 0)
    size = len(name)
    links = coo_array((np.ones(same.sum()), (first[same], second[same])), shape=(size, size))
    count, piece = connected_components(links, directed=False)
    weight = np.bincount(piece, area, count)
    name_of = np.zeros(count, dtype=int)
    name_of[piece] = name
    best = np.lexsort([weight, name_of])
    last = np.append(name_of[best][1:] != name_of[best][:-1], True)
    kept = np.zeros(count, dtype=bool)
    kept[best[last]] = True
    return np.where(kept[piece], name, -1)


def settled(name: np.ndarray, first, second, shared) -> np.ndarray:
    """Faces without a name get that of the neighbour with the longest common border."""
    one, other, length = np.append(first, second), np.append(second, first), np.append(shared, shared)
    while (name < 0).any():
        beside = np.flatnonzero((name[one] < 0) & (name[other] >= 0))
        if not len(beside):
            alone = np.flatnonzero(name < 0)  # an island too small to count
            name[alone] = name.max(initial=0) + 1 + np.arange(len(alone))
            break
        order = beside[np.argsort(length[beside], kind="stable")]
        name[one[order]] = name[other[order]]
    return name


def _tile_of(footprints, home, names: np.ndarray, faces, group: np.ndarray) -> np.ndarray:
    """The tile of each building: its own, or where it stands when another hides it."""
    rows = np.arange(len(footprints))
    place = np.minimum(np.searchsorted(names, rows), len(names) - 1)
    tile = np.where(names[place] == rows, place, -1)
    hidden = np.flatnonzero((tile < 0) & (home >= 0))
    if len(hidden):
        tile[hidden] = group[which(faces, shapely.point_on_surface(footprints[hidden]))]
    return tile


def dissolve(shapes: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The union of each group 0 … n−1 of an edge-matched coverage, edge-matched again."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sets = np.split(order, starts[1:])
    return np.array([shapes[s[0]] if len(s) == 1 else _union(shapes[s]) for s in sets], dtype=object)


def _union(shapes: np.ndarray) -> shapely.Geometry:
    union = shapely.coverage_union_all(shapes)
    parts = shapely.get_parts(union)
    return parts[0] if len(parts) == 1 else union
