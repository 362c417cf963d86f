"""Regular square cells over a study area, and surfaces of points on them."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

#: Beyond this many bandwidths a Gaussian kernel is cut off; 0.05 % of its weight lies farther out along an axis.
REACH = 3.5


@dataclass(frozen=True)
class Lattice:
    """Square cells of `size` metres whose index runs over the cells inside the study area only.

    `corner`: x and y of the south-west corner; `shape`: rows, columns; `inside`: rows × columns flags. Each cell is
    cut into `parts` × `parts` for kernels narrower than a cell. Coordinates are metres of one plane.
    """

    corner: np.ndarray
    shape: tuple[int, int]
    size: float
    parts: int
    inside: np.ndarray

    @classmethod
    def over(cls, area: shapely.Geometry, size: float = 250.0, parts: int = 5) -> "Lattice":
        """The cells that share ground with the area. Two more rows and columns all round catch what lies beside it."""
        west, south, east, north = shapely.bounds(area)
        corner = np.floor(np.array([west, south]) / size) * size - 2 * size
        columns, rows = np.ceil((np.array([east, north]) - corner) / size).astype(int) + 2
        x, y = (corner[axis] + np.arange(n) * size for axis, n in enumerate((columns, rows)))
        squares = shapely.box(*np.meshgrid(x, y), *np.meshgrid(x + size, y + size))
        shapely.prepare(area)
        shared = shapely.intersects(area, squares) & ~shapely.touches(area, squares)
        return cls(corner, (int(rows), int(columns)), size, parts, shared)

    def __len__(self) -> int:
        return int(self.inside.sum())

    def cell_of(self, xy: np.ndarray) -> np.ndarray:
        """Index of the cell of each point (n × 2), −1 outside the study area."""
        number = np.full(self.inside.size + 1, -1)
        number[np.flatnonzero(self.inside)] = np.arange(len(self))
        return number[self._bin(xy, 1)]

    def centres(self) -> np.ndarray:
        """n × 2 metres."""
        row, column = np.nonzero(self.inside)
        return self.corner + (np.column_stack([column, row]) + 0.5) * self.size

    def surface(self, xy: np.ndarray, weights: np.ndarray, bandwidth: float) -> np.ndarray:
        """Share of the weight of the points in each cell, after a Gaussian kernel of `bandwidth` metres; sums to 1.

        0 is the plain count. Kernels wider than a cell are laid on the cells, narrower ones on their parts: there
        the centre of a part stands for the points in it. Uniform when no point has weight.
        """
        parts = self.parts if 0 < bandwidth < self.size else 1
        grid = self._counted(xy, weights, parts)
        if bandwidth > 0:
            grid = gaussian_filter(grid, bandwidth * parts / self.size, mode="constant", truncate=REACH)
        rows, columns = self.shape
        found = grid.reshape(rows, parts, columns, parts).sum(axis=(1, 3))[self.inside].astype(float)
        whole = found.sum()
        return found / whole if whole > 0 else np.full(len(self), 1 / len(self))

    def _counted(self, xy: np.ndarray, weights: np.ndarray, parts: int) -> np.ndarray:
        rows, columns = (n * parts for n in self.shape)
        counted = np.bincount(self._bin(xy, parts), weights=weights, minlength=rows * columns + 1)
        return counted[:-1].reshape(rows, columns).astype(np.float32)

    def _bin(self, xy: np.ndarray, parts: int) -> np.ndarray:
        """Flat index of the part each point falls in; one beyond the last where it is off the lattice."""
        rows, columns = (n * parts for n in self.shape)
        at = np.floor((np.asarray(xy, dtype=float).reshape(-1, 2) - self.corner) / (self.size / parts))
        on = (at >= 0).all(axis=1) & (at[:, 0] < columns) & (at[:, 1] < rows)
        at = np.where(on[:, None], at, 0).astype(np.int64)
        return np.where(on, at[:, 1] * columns + at[:, 0], rows * columns)
