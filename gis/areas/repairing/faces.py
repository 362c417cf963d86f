"""Ground that several shapes claim, cut so that every piece has one set of claimants."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Overlapping:
    regions: np.ndarray  # polygons that do not overlap each other
    claims: list[tuple[int, ...]]  # for each the rows of the shapes that claim it, at least two


def overlapping(shapes: np.ndarray) -> Overlapping:
    """All ground claimed more than once (shapes valid, in metres)."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common, pair = shapely.get_parts(shapely.intersection(shapes[first], shapes[second]), return_index=True)
    solid = (shapely.get_type_id(common) == 3) & (shapely.area(common) > 0)
    common, pair = common[solid], pair[solid]
    regions: list[shapely.Geometry] = []
    claims: list[tuple[int, ...]] = []
    for group in _groups(common):
        if len(group) == 1:
            regions.append(common[group[0]])
            claims.append((int(first[pair[group[0]]]), int(second[pair[group[0]]])))
        else:
            _split(common[group], first[pair[group]], second[pair[group]], regions, claims)
    return Overlapping(np.array(regions, dtype=object), claims)


def _groups(pieces: np.ndarray) -> list[np.ndarray]:
    """Rows of the pieces that share ground, directly or by others between them."""
    one, other = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    deep = (one != other) & (shapely.area(shapely.intersection(pieces[one], pieces[other])) > 0)
    one, other = one[deep], other[deep]
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(pieces), len(pieces)))
    _, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == number) for number in range(label.max(initial=-1) + 1)]


def _split(
    pieces: np.ndarray, first: np.ndarray, second: np.ndarray, regions: list, claims: list[tuple[int, ...]]
) -> None:
    """Cut pieces that overlap each other along their borders; a face is claimed by whoever claims a piece over it."""
    lines = shapely.union_all(shapely.boundary(pieces))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside, piece = shapely.STRtree(pieces).query(shapely.point_on_surface(faces), predicate="intersects")
    for number, face in enumerate(faces):
        over = piece[inside == number]
        if len(over):
            regions.append(face)
            claims.append(tuple(sorted({*first[over].tolist(), *second[over].tolist()})))
