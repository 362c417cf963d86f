"""The drawing of a comparison: both divisions over the same ground, as SVG."""

from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon

from gis import crs
from gis.areas.plans.comparing import NOBODY, Layout
from gis.areas.plans.sketching import path, trace
from gis.models import Plan, Way
from gis.planning.comparing import Beside

_MOST, _PAD = 1000, 12
#: How far a line may be drawn from where it lies, pixels.
_FINE = 0.4


@dataclass(frozen=True)
class Shape:
    """A cell: its path, what becomes of it, its name and where that is written."""

    path: str
    kind: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Swipe:
    """`x`, `y` of the buildings that change hands; `lines` are roads and rivers. All in a box `width` × `height`."""

    width: int
    height: int
    before: list[Shape]
    after: list[Shape]
    lines: list[str]
    spots: list[tuple[float, float]]
    bounds: tuple[np.ndarray, np.ndarray]  # of each cell before and after, pixels

    def window(self, before: int, after: int) -> str:
        """The part of the box that shows a cell as it was and as it is, as an SVG view box."""
        pairs = zip(self.bounds, (before, after), strict=True)
        shown = np.array([bounds[row] for bounds, row in pairs if row != NOBODY])
        west, north = shown[:, :2].min(axis=0) - 2 * _PAD
        east, south = shown[:, 2:].max(axis=0) + 2 * _PAD
        return f"{west:.0f} {north:.0f} {max(east - west, 40):.0f} {max(south - north, 40):.0f}"


def swipe_of(plan: Plan, sides: Beside) -> Swipe:
    every = np.concatenate([sides.before.shapes, sides.after.shapes])
    bounds = shapely.total_bounds(every) if len(every) else np.array([0.0, 0, 1, 1])
    scale = (_MOST - 2 * _PAD) / max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1e-9)

    def placed(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([xy[:, 0] - bounds[0], bounds[3] - xy[:, 1]]) * scale + _PAD

    kinds = _kinds(sides)
    drawn = [shapely.transform(one.shapes, placed) for one in (sides.before, sides.after)]
    return Swipe(
        *((bounds[2:] - bounds[:2]) * scale + 2 * _PAD).round().astype(int).tolist(),
        _shapes(sides.before, drawn[0], kinds[0]),
        _shapes(sides.after, drawn[1], kinds[1]),
        [trace(line) for line in _lines(plan, bounds, placed)],
        _spots(sides, placed),
        tuple(shapely.bounds(one).reshape(-1, 4) for one in drawn),
    )


def _kinds(sides: Beside) -> tuple[list[str], list[str]]:
    kinds = ["kept"] * len(sides.before), ["kept"] * len(sides.after)
    for pair in sides.found.pairs:
        for side, row in zip(kinds, (pair.before, pair.after), strict=True):
            if row != NOBODY:
                side[row] = pair.kind
    return kinds


def _shapes(layout: Layout, drawn: np.ndarray, kinds: list[str]) -> list[Shape]:
    thin = shapely.coverage_simplify(drawn, _FINE) if len(drawn) > 1 else drawn
    at = shapely.get_coordinates(shapely.point_on_surface(drawn)).reshape(-1, 2).round(1)
    return [
        Shape(path(shape), kind, str(name or code), *place)
        for shape, kind, name, code, place in zip(thin, kinds, layout.names, layout.codes, at.tolist(), strict=True)
    ]


def _spots(sides: Beside, placed) -> list[tuple[float, float]]:
    things = sides.after.things
    moved = np.isin(things.building, sides.found.buildings) & (things.building > 0)
    return [tuple(one) for one in placed(things.xy[moved]).round(1).tolist()]


def _lines(plan: Plan, bounds: np.ndarray, placed) -> list[shapely.Geometry]:
    """Roads, rivers and railways that part cells, cut to the box."""
    corners = crs.move(bounds.reshape(2, 2), plan.crs, crs.STORE).ravel()
    found = Way.objects.exclude(barrier="none").filter(geometry__bboverlaps=Polygon.from_bbox(corners.tolist()))
    lines = shapely.from_wkb([bytes(one.wkb) for one in found.values_list("geometry", flat=True)])
    there = shapely.transform(lines, lambda xy: placed(crs.move(xy, crs.STORE, plan.crs)) if len(xy) else xy)
    span = placed(bounds.reshape(2, 2))
    inside = shapely.clip_by_rect(shapely.simplify(there, _FINE), *span.min(axis=0), *span.max(axis=0))
    return [part for part in shapely.get_parts(inside) if shapely.get_type_id(part) == 1 and not part.is_empty]
