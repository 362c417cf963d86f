"""Finding what is wrong: every fault of a set of polygons that should cover their ground once."""

from collections.abc import Callable

import numpy as np
import shapely

from gis.areas.repairing.faces import Overlapping, overlapping
from gis.areas.repairing.fault import Fault, Hair, Kind, Limits, is_hair, thickness
from gis.geometry import repair

#: Shapes nearer to a fault than this have a part in it, metres.
TOUCH_M = 1e-6
#: Told how far the search has come: a share of 1.
Progress = Callable[[float], None]


def faults(
    shapes: np.ndarray,
    outline: shapely.Geometry | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda share: None,
) -> list[Fault]:
    """Every fault of polygons in metres, by kind, the largest first. With an outline, they should cover just that."""
    limits = limits or Limits()
    shapes = np.asarray(shapes, dtype=object)
    usable, found = _rings(shapes)
    progress(0.1)
    twice = _duplicates(usable, limits)
    found += twice
    sound = usable.copy()
    sound[[fault.shapes[-1] for fault in twice]] = None
    rows = np.flatnonzero(~shapely.is_missing(sound))
    ground = _with_beyond(sound[rows], outline)
    progress(0.2)
    double = overlapping(ground)
    progress(0.5)
    empty = _uncovered(ground, outline is None, limits)
    progress(0.7)
    found += _of_ground(ground, double, empty, len(rows), rows, limits)
    found += _slivers(sound, limits)
    progress(0.8)
    found += _edges(ground, double, empty, len(rows), rows, limits)
    progress(1.0)
    order = list(Kind)
    return sorted(found, key=lambda fault: (order.index(fault.kind), -fault.area, fault.shapes))


def _rings(shapes: np.ndarray) -> tuple[np.ndarray, list[Fault]]:
    """The shapes as they can be measured, None where they cannot, and the faults of their rings."""
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & present
    bad = np.flatnonzero(polygonal & ~shapely.is_valid(shapes))
    usable = np.where(polygonal, shapes, None)
    usable[bad] = repair(shapes[bad]).shapes
    found = []
    for row in bad:
        clear = usable[row] is not None
        region = usable[row] if clear else shapely.convex_hull(shapes[row])
        moved = abs(shapely.area(shapes[row]) - shapely.area(region)) if clear else shapely.area(region)
        found.append(Fault(Kind.RING, float(moved), 0.0, (int(row),), region))
    return usable, found


def _duplicates(shapes: np.ndarray, limits: Limits) -> list[Fault]:
    """One fault for every shape that is there already, in an earlier row."""
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    first, second = _pairs(shapes[rows])
    first, second = rows[first], rows[second]
    one, two = shapely.area(shapes[first]), shapely.area(shapes[second])
    alike = np.abs(one - two) <= limits.same * np.maximum(one, two)
    first, second = first[alike], second[alike]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    same = common >= (1 - limits.same) * shapely.area(shapes[first])
    found: dict[int, Fault] = {}
    for i, j, area in sorted(zip(first[same].tolist(), second[same].tolist(), common[same].tolist(), strict=True)):
        if i not in found and j not in found:
            found[j] = Fault(Kind.DUPLICATE, area, thickness(shapes[j]), (i, j), shapes[j])
    return list(found.values())


def _pairs(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return first[first < second], second[first < second]


def _with_beyond(shapes: np.ndarray, outline: shapely.Geometry | None) -> np.ndarray:
    """The shapes, and as one more all ground around the outline: what lies outside overlaps with that."""
    if outline is None:
        return shapes
    return np.append(shapes, beyond(outline, shapes))


def beyond(outline: shapely.Geometry, shapes: np.ndarray) -> shapely.Geometry:
    """The ground around an outline, as far as the shapes reach and a kilometre more."""
    west, south, east, north = shapely.total_bounds(np.append(shapes, outline))
    box = shapely.box(west - 1000, south - 1000, east + 1000, north + 1000)
    return shapely.difference(box, outline)


def _uncovered(shapes: np.ndarray, is_open: bool, limits: Limits) -> np.ndarray:
    """The ground of nobody that is enclosed, and, where there is no outline, slivers open to the outside."""
    whole = shapely.union_all(shapes)
    parts = shapely.get_parts(whole)
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.flatnonzero(np.diff(owner, prepend=-1) == 0)
    closed = shapely.polygons(rings[inner])
    # an island stands in its hole: the hole is what is left around it
    closed = shapely.get_parts(shapely.difference(closed, whole)) if len(parts) > 1 else closed
    opened = _open_slivers(whole, limits.mouth) if is_open and limits.mouth else np.empty(0, dtype=object)
    found = np.append(closed, opened)
    return found[(shapely.get_type_id(found) == 3) & (shapely.area(found) > 0)]


def _open_slivers(whole: shapely.Geometry, mouth: float) -> np.ndarray:
    """Ground that a narrow mouth joins to the outside, cut off there."""
    half = mouth / 2
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole))))
    closed = shapely.buffer(shapely.buffer(filled, half, join_style="mitre"), -half, join_style="mitre")
    rough = shapely.get_parts(shapely.difference(closed, filled))
    rough = rough[shapely.area(rough) > mouth * mouth / 100]
    neat = shapely.make_valid(shapely.snap(rough, whole, mouth / 100), method="structure")
    neat = shapely.difference(neat, whole)
    parts = shapely.get_parts(neat)
    return parts[(shapely.area(parts) > mouth * mouth / 100)]


def _of_ground(
    ground: np.ndarray, double: Overlapping, empty: np.ndarray, count: int, rows: np.ndarray, limits: Limits
) -> list[Fault]:
    """The faults that have an area of their own: claimed twice, beyond the outline, claimed by nobody."""
    found = []
    for region, claimed in zip(double.regions, double.claims, strict=True):
        if is_hair(region, limits):
            continue
        kind = Kind.OUTSIDE if count in claimed else Kind.OVERLAP
        ours = tuple(int(rows[row]) for row in claimed if row < count)
        found.append(Fault(kind, float(shapely.area(region)), thickness(region), ours, region))
    wide = empty[[not is_hair(region, limits) for region in empty]]
    for region, near in zip(wide, _touching(ground, wide), strict=True):
        ours = tuple(int(rows[row]) for row in near if row < count)
        kind = Kind.HOLE if len(near) == len(ours) == 1 else Kind.GAP
        found.append(Fault(kind, float(shapely.area(region)), thickness(region), ours, region))
    return found


def _touching(shapes: np.ndarray, regions: np.ndarray) -> list[list[int]]:
    """For every region the shapes it has a border with."""
    tree = shapely.STRtree(shapes)
    at, row = tree.query(regions, predicate="dwithin", distance=TOUCH_M)
    near: list[list[int]] = [[] for _ in regions]
    for region, shape in sorted(zip(at.tolist(), row.tolist(), strict=True)):
        near[region].append(shape)
    return near


def _slivers(shapes: np.ndarray, limits: Limits) -> list[Fault]:
    """Thin parts of a shape that lie apart from the rest of it."""
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    parts, owner = shapely.get_parts(shapes[rows], return_index=True)
    owner = rows[owner]
    several = np.bincount(owner, minlength=len(shapes))[owner] > 1
    found = []
    for part, row in zip(parts[several], owner[several], strict=True):
        largest = float(shapely.area(part)) >= 0.5 * float(shapely.area(shapes[row]))
        if thickness(part) < limits.sliver and not largest:
            found.append(Fault(Kind.SLIVER, float(shapely.area(part)), thickness(part), (int(row),), part))
    return found


def edges(shapes: np.ndarray, outline: shapely.Geometry | None, limits: Limits) -> list[Fault]:
    """The faults of vertices alone, of shapes that may be None."""
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    ground = _with_beyond(shapes[rows], outline)
    return _edges(ground, overlapping(ground), _uncovered(ground, outline is None, limits), len(rows), rows, limits)


def _edges(
    ground: np.ndarray, double: Overlapping, empty: np.ndarray, count: int, rows: np.ndarray, limits: Limits
) -> list[Fault]:
    """Borders meant to be one whose vertices differ: what GEOS calls invalid, besides the faults that have ground.

    Towards the outline only ground counts: it need not have the vertices at which two shapes meet on it.
    """
    lines = shapely.coverage_invalid_edges(ground[:count])
    lines = lines[~shapely.is_empty(lines)]
    hairs = _hairs(double, empty, count, rows, limits)
    if not len(lines) and not len(hairs):
        return []
    thick = [region for region in (*double.regions, *empty) if not is_hair(region, limits)]
    left = _apart(lines, np.array(thick, dtype=object), limits.match)
    thin = np.array([hair.region for hair in hairs], dtype=object)
    ribbons = shapely.buffer(np.append(left, thin), limits.match, quad_segs=2)
    ribbons = shapely.get_parts(shapely.union_all(ribbons))
    inside: list[list[Hair]] = [[] for _ in ribbons]
    for hair, ribbon in zip(*shapely.STRtree(ribbons).query(thin, predicate="intersects"), strict=True):
        inside[ribbon].append(hairs[hair])
    found = []
    for ribbon, within, near in zip(ribbons, inside, _touching(ground, ribbons), strict=True):
        if ours := tuple(int(rows[row]) for row in near if row < count):
            area = float(sum(shapely.area(hair.region) for hair in within))
            length = max(float(shapely.length(ribbon)) / 2, limits.match)
            found.append(Fault(Kind.EDGE, area, area / length, ours, ribbon, tuple(within)))
    return found


def _apart(lines: np.ndarray, regions: np.ndarray, distance: float) -> np.ndarray:
    """The segments of lines that do not come near a region: those that do are its borders, and mended with it."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    within = line[1:] == line[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[within])
    near = shapely.STRtree(regions).query(segments, predicate="dwithin", distance=distance)[0]
    return np.delete(segments, np.unique(near))


def _hairs(double: Overlapping, empty: np.ndarray, count: int, rows: np.ndarray, limits: Limits) -> list[Hair]:
    """The ground too thin to be a fault of its own, but more than computing leaves."""
    hairs = [
        Hair(region, tuple(int(rows[row]) for row in claimed if row < count), count in claimed)
        for region, claimed in zip(double.regions, double.claims, strict=True)
    ]
    hairs += [Hair(region, ()) for region in empty]
    return [hair for hair in hairs if thickness(hair.region) > TOUCH_M and is_hair(hair.region, limits)]
