"""Invented boundaries that fit together, and ways in which they come to fit no more."""

import numpy as np
import shapely

SIZE = 1000.0
BOX = shapely.box(0, 0, SIZE, SIZE)


def square(x: float, y: float, width: float = 10, height: float = 10) -> shapely.Polygon:
    return shapely.box(x, y, x + width, y + height)


def array(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


def town(rng: np.random.Generator, count: int = 12) -> np.ndarray:
    """Polygons that cover `BOX` exactly."""
    points = shapely.MultiPoint(rng.uniform(0, SIZE, (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=BOX))
    return shapely.coverage_clean(shapely.intersection(cells, BOX))


def spoilt(rng: np.random.Generator, shapes: np.ndarray) -> np.ndarray:
    """Some of them widened, narrowed, shifted, jittered, simplified, doubled or holed."""
    shapes = list(shapes)
    for _ in range(rng.integers(1, 6)):
        at = rng.integers(len(shapes))
        way = rng.choice(_WAYS)
        shapes[at] = way(rng, shapes[at])
    if rng.random() < 0.2:
        shapes.append(shapes[0])
    return np.array([shape for shape in shapes if not shape.is_empty], dtype=object)


def _widened(rng, shape):
    return shapely.buffer(shape, rng.choice([-5, -0.1, -0.003, 0.003, 0.1, 5]), join_style="mitre")


def _shifted(rng, shape):
    step = rng.normal(0, rng.choice([1e-9, 1e-4, 0.003, 0.05, 3]), 2)
    return shapely.transform(shape, lambda xy: xy + step)


def _jittered(rng, shape):
    xy = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_parts(shape)[0]))[:-1]
    return shapely.Polygon(xy + rng.normal(0, rng.choice([1e-9, 1e-5, 0.003, 0.05, 2]), xy.shape))


def _simplified(rng, shape):
    return shapely.simplify(shapely.segmentize(shape, 30), rng.choice([1e-6, 0.01, 3]))


def _holed(rng, shape):
    return shapely.difference(shape, shapely.buffer(shapely.point_on_surface(shape), rng.choice([0.5, 5])))


def _densified(rng, shape):
    return shapely.segmentize(shape, 7.0)


_WAYS = [_widened, _shifted, _jittered, _simplified, _holed, _densified]
