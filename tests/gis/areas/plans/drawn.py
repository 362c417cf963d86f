"""Ground drawn on paper, and ground drawn at random."""

import numpy as np
import shapely

from gis.areas.plans.ground import Between, Ground, survey
from gis.areas.plans.tiles import Tiles, cut


def houses(columns: int, rows: int, pitch: float = 20.0, size: float = 10.0) -> np.ndarray:
    """Square houses in rows, the first with its south-west corner at (5, 5)."""
    gap = (pitch - size) / 2
    return np.array(
        [
            shapely.box(x * pitch + gap, y * pitch + gap, x * pitch + gap + size, y * pitch + gap + size)
            for y in range(rows)
            for x in range(columns)
        ]
    )


def estate(columns: int, rows: int, barrier_at: int | None = None) -> tuple[Tiles, Ground]:
    """A house a tile; a river from south to north after so many columns."""
    outline = shapely.box(0, 0, columns * 20, rows * 20)
    lines = np.array([], dtype=object)
    if barrier_at is not None:
        lines = np.array([shapely.LineString([(barrier_at * 20, -5), (barrier_at * 20, rows * 20 + 5)])])
    tiles = cut(outline, lines, houses(columns, rows))
    return tiles, survey(tiles, lines, np.full(len(lines), Between.MAJOR))


def wild(seed: int) -> tuple[shapely.Geometry, np.ndarray, np.ndarray]:
    """An outline with a hole and an island, crooked lines, and houses that touch, overlap, repeat, or stand outside."""
    draw = np.random.default_rng(seed)
    island = shapely.Point(420, 150).buffer(60, quad_segs=3)
    outline = shapely.union_all([_blob(draw, 150, 150, 120).difference(_blob(draw, 150, 150, 20)), island])
    ends = draw.random((draw.integers(0, 7), 4, 2)) * [480, 300]
    corners = draw.random((draw.integers(0, 60), 2)) * [480, 300]
    sizes = draw.choice([0.3, 4.0, 12.0, 30.0], size=(len(corners), 2))
    if draw.random() < 0.5:
        corners = np.round(corners / 12) * 12  # walls in common
    footprints = np.array([shapely.box(*low, *(low + size)) for low, size in zip(corners, sizes, strict=True)], object)
    again = footprints[: len(footprints) // 5]
    return outline, np.array([shapely.LineString(line) for line in ends], object), np.append(footprints, again)


def _blob(draw, x: float, y: float, radius: float) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, 13)[:-1]
    far = radius * (0.6 + 0.4 * draw.random(12))
    return shapely.Polygon(np.column_stack([x + far * np.cos(angles), y + far * np.sin(angles)]))
