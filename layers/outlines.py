"""A still drawing of some outlines as they are given, for a report: SVG paths with the kind of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.exchange.coverage import stretch

_WIDE = 1000
_EDGE = 20


#: Letters of a name are so high where the drawing is wide on the screen, and where it is narrow: 16 pixels in both.
_LETTER, _LARGE = 32, 52


@dataclass(frozen=True)
class Outline:
    """`label` says where its name has room: "" nowhere, "wide" on a wide screen, "always" on a narrow one too."""

    name: str
    kind: str
    path: str
    at: tuple[int, int]  # the middle of its name
    label: str


@dataclass(frozen=True)
class Drawn:
    """`box` is the viewBox, 1,000 units wide."""

    box: str
    outlines: tuple[Outline, ...]


Row = tuple[str, str, shapely.Geometry]


def draw_outlines(rows: Sequence[Row], around: Sequence[tuple[str, shapely.Geometry]] = ()) -> Drawn | None:
    """Outlines in degrees, each with its name and kind, north above; None for none.

    `around`: the communities they lie in, drawn over them. Where these are several, theirs are the names to be read:
    every one has its first cell.
    """
    if not rows:
        return None
    rows = [*rows, *((name, "border", shape) for name, shape in around)]
    shapes = stretch(np.array([shape for _, _, shape in rows], dtype=object))
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (_WIDE - 2 * _EDGE) / max(east - west, (north - south) / 1.5, 1)
    moved = shapely.transform(shapes, lambda xy: (xy - [west, north]) * [scale, -scale] + _EDGE)
    moved = shapely.simplify(moved, 0.5)
    high = round((north - south) * scale) + 2 * _EDGE
    places = shapely.get_coordinates(shapely.point_on_surface(moved))
    named = np.array([bool(name) and (kind == "border") == (len(around) > 1) for name, kind, _ in rows])
    labels = _labels([name for name, _, _ in rows], places, np.where(named, shapely.area(moved), 0), [_WIDE, high])
    drawn = [
        Outline(name, kind, _path(shape), (round(x), round(y)), label)
        for (name, kind, _), shape, (x, y), label in zip(rows, moved, places, labels, strict=True)
    ]
    return Drawn(f"0 0 {_WIDE} {high}", tuple(drawn))


def draw_within(shapes: Sequence[shapely.Geometry], place: int) -> Drawn | None:
    """One of several outlines in the frame of them all, the others faint behind it."""
    rows = [("", "faint", shape) for number, shape in enumerate(shapes) if number != place]
    return draw_outlines([*rows, ("", "goes_on", shapes[place])])


def _labels(names: Sequence[str], at: np.ndarray, area: np.ndarray, box: Sequence[int]) -> list[str]:
    """Where each name has room: the largest ground first, none over another. Ground of 0 has no name to show.

    Places `at` are moved into the box, so that no name is cut off at its edge.
    """
    labels = [""] * len(names)
    for letter, label in ((_LARGE, "always"), (_LETTER, "wide")):
        half = np.array([[_letters(name) * letter / 2, letter * 0.6] for name in names])
        taken = [place for place, has in enumerate(labels) if has]
        for place in np.argsort(-area, kind="stable").tolist():
            if labels[place] or not area[place]:
                continue
            at[place] = np.clip(at[place], half[place], np.maximum(box - half[place], half[place]))
            clear = (np.abs(at[taken] - at[place]) >= half[taken] + half[place]).any(axis=1)
            if clear.all():
                labels[place] = label
                taken.append(place)
    return labels


def _letters(name: str) -> float:
    """How many letters wide a name is: one of Chinese is twice as wide as a digit."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.6 for letter in name)


def _path(shape: shapely.Geometry) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    parts = ["M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in shapely.get_coordinates(ring)) + "Z" for ring in rings]
    return "".join(parts)
