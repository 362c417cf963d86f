"""Between a file's own coordinates and metres, by a stretch: what is not changed comes back to the last digit.

A projection would bend straight edges, and part neighbours of which one has a vertex more.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer

from gis.crs import STORE

#: Metres a degree of latitude.
_DEGREE_M = 111_195.0


@dataclass(frozen=True)
class Stretch:
    across: float  # metres a unit of x
    up: float

    def metres(self, shapes: np.ndarray) -> np.ndarray:
        return shapely.transform(shapes, lambda xy: xy * [self.across, self.up])

    def back(self, before: np.ndarray, metres: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Shapes in metres as the file has them. `before` and `metres`: how all of them were, both ways."""
        known = dict(
            zip(
                map(tuple, shapely.get_coordinates(metres).tolist()),
                shapely.get_coordinates(before).tolist(),
                strict=True,
            )
        )

        def undo(xy: np.ndarray) -> np.ndarray:
            plain = xy / [self.across, self.up]
            return np.array(
                [known.get(at, new) for at, new in zip(map(tuple, xy.tolist()), plain.tolist(), strict=True)]
            )

        out = before.copy()
        for row, (old, new) in enumerate(zip(metres, after, strict=True)):
            if new is None:
                out[row] = None
            elif new is not old:
                out[row] = shapely.transform(new, undo)
        return out


def stretch_of(shapes: np.ndarray, crs: str | None) -> Stretch:
    """The stretch of a file: degrees at the latitude of its middle, feet, metres. Without a CRS degrees if possible."""
    west, south, east, north = shapely.total_bounds(shapes)
    known = CRS.from_user_input(crs) if crs else None
    degrees = known.is_geographic if known else max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    if degrees:
        return Stretch(_DEGREE_M * float(np.cos(np.radians((south + north) / 2))), _DEGREE_M)
    unit = known.axis_info[0].unit_conversion_factor if known and known.axis_info else 1.0
    return Stretch(unit, unit)


def into_file(shape: shapely.Geometry, crs: str | None) -> shapely.Geometry:
    """A shape in degrees as the file's own coordinates."""
    if not crs:
        return shape
    there = Transformer.from_crs(STORE, CRS.from_user_input(crs), always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
