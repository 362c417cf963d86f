"""Lines no hand draws: crossing themselves thousands of times, or up and down the ground a hundred times.

Noding takes as long as there are crossings, and 10,000 corners at random cross fifty million times. So lines are looked
at before anything is cut by them.
"""

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.plans.drawing import Drawing
from gis.errors import BadGeometry

#: A line may cross itself so often, about.
_MOST_CROSSINGS = 3_000
#: And be so many times as long, on the ground of the plan, as that is wide and high.
_MOST_TIMES = 60
#: Segments whose crossings are counted for an estimate of all.
_SAMPLE = 60


def refuse_tangle(drawing: Drawing, *lines: shapely.Geometry) -> None:
    """Raise BadGeometry for lines or outlines (metres) by which it would take minutes to cut."""
    start, end = _segments(lines)
    if _crossings(start, end) > _MOST_CROSSINGS or _times(drawing, start, end) > _MOST_TIMES * len(lines):
        raise BadGeometry(_("画的线来回交叉太多。"), fix=_("请画得简单一些，或分几次画。"))


def _segments(lines: tuple[shapely.Geometry, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every piece of lines that has a length."""
    parts = shapely.get_parts(np.array(lines, dtype=object))
    areas = shapely.get_dimensions(parts) == 2
    parts = np.append(parts[~areas], shapely.get_rings(parts[areas]))
    xy, line = shapely.get_coordinates(parts, return_index=True)
    start, end = xy[:-1], xy[1:]
    kept = (line[:-1] == line[1:]) & (start != end).any(axis=1)
    return start[kept], end[kept]


def _crossings(start: np.ndarray, end: np.ndarray) -> float:
    """About how often segments meet, those that follow upon each other left out."""
    if len(start) < 4:
        return 0.0
    segments = shapely.linestrings(np.stack([start, end], axis=1))
    some = segments[:: max(1, len(segments) // _SAMPLE)]
    met = shapely.STRtree(segments).query(some, predicate="intersects").shape[1]
    return max(met - 3 * len(some), 0) * len(segments) / len(some) / 2


def _times(drawing: Drawing, start: np.ndarray, end: np.ndarray) -> float:
    """How many times as long as the ground lines are on it."""
    if not len(drawing) or not len(start):
        return 0.0
    west, south, east, north = shapely.total_bounds(drawing.shapes)
    segments = shapely.linestrings(np.stack([start, end], axis=1))
    inside = shapely.clip_by_rect(segments, west, south, east, north)
    return shapely.length(inside).sum() / max(east - west + north - south, 1.0)
