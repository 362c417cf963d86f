"""A map to print: cells, ways, numbers, a scale bar and the north, as SVG in millimetres at a round scale. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely

#: Round scales, 1 to …
_SCALES = (500, 1000, 1500, 2000, 2500, 4000, 5000, 7500, 10_000, 15_000, 20_000, 25_000, 40_000, 50_000, 100_000)
_BARS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
#: Fills that differ in lightness too, so that a print without colours can be read.
FILLS = ("#f6d8c6", "#cfe3ee", "#e3ecc4", "#e8d6ea", "#fbeab0", "#c9e4d8", "#f3cdd3", "#dcdfe6")
_MARGIN_MM = 4.0


@dataclass(frozen=True)
class Sheet:
    svg: str
    scale: int  # 1 to …
    bar: int  # metres


@dataclass(frozen=True)
class Piece:
    """A cell as it is drawn: `shape` in metres, `number` written on it, `fill` the place of its colour."""

    shape: shapely.Geometry
    number: str
    fill: int


def draw_sheet(
    pieces: Sequence[Piece], roads: np.ndarray, water: np.ndarray, size: tuple[float, float], title: str
) -> Sheet:
    """The map in a frame of width × height millimetres. Raises ValueError where there is nothing to draw."""
    if not pieces:
        raise ValueError("no cell to draw")
    shapes = np.array([piece.shape for piece in pieces], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    width, height = size
    scale = _scale(max(east - west, 1.0), max(north - south, 1.0), width, height)
    a_metre = 1000 / scale
    middle = np.array([(west + east) / 2, (south + north) / 2])

    def place(xy: np.ndarray) -> np.ndarray:
        return (xy - middle) * [a_metre, -a_metre] + [width / 2, height / 2]

    frame = shapely.box(*(middle - np.array(size) / a_metre / 2), *(middle + np.array(size) / a_metre / 2))
    parts = [
        f'<svg class="plan-paper-map" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">',
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>',
        _lines(water, frame, place, "#7fb3d5", 0.9),
        *(_area(piece, place) for piece in pieces),
        _lines(roads, frame, place, "#8d8d8d", 0.25),
        *(_border(piece, place) for piece in pieces),
        *(_number(piece, place) for piece in pieces),
        _north(width),
    ]
    bar = _bar(scale, width)
    parts += [
        _ruler(bar, a_metre, height),
        f'<rect width="{width:g}" height="{height:g}" fill="none" stroke="#333" stroke-width="0.3"/></svg>',
    ]
    return Sheet("".join(parts), scale, bar)


def fills(count: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A colour for each of `count` cells so that neighbours (pairs of rows) differ, as far as there are colours."""
    near: list[set[int]] = [set() for _ in range(count)]
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        near[one].add(other)
        near[other].add(one)
    chosen = np.full(count, -1)
    for row in sorted(range(count), key=lambda row: -len(near[row])):
        taken = {int(chosen[other]) for other in near[row]}
        chosen[row] = next((fill for fill in range(len(FILLS)) if fill not in taken), row % len(FILLS))
    return chosen


def _scale(across: float, up: float, width: float, height: float) -> int:
    needed = max(across / (width - 2 * _MARGIN_MM), up / (height - 2 * _MARGIN_MM)) * 1000
    return next((scale for scale in _SCALES if scale >= needed), int(np.ceil(needed / 50_000) * 50_000))


def _bar(scale: int, width: float) -> int:
    return max((bar for bar in _BARS if bar * 1000 / scale <= width / 4), default=_BARS[0])


def _path(shape: shapely.Geometry, place) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(f"M{_points(place(shapely.get_coordinates(ring)[:-1]))}Z" for ring in rings)


def _points(xy: np.ndarray) -> str:
    return "L".join(f"{x:.2f} {y:.2f}" for x, y in xy.tolist())


def _area(piece: Piece, place) -> str:
    return f'<path d="{_path(piece.shape, place)}" fill="{FILLS[piece.fill % len(FILLS)]}" fill-rule="evenodd"/>'


def _border(piece: Piece, place) -> str:
    path = _path(piece.shape, place)
    return f'<path d="{path}" fill="none" stroke="#1b2a3a" stroke-width="0.5" stroke-linejoin="round"/>'


def _lines(lines: np.ndarray, frame: shapely.Geometry, place, colour: str, width: float) -> str:
    parts = shapely.get_parts(shapely.intersection(lines, frame)) if len(lines) else []
    # A line wholly outside the frame leaves an empty part.
    inside = (part for part in parts if part.geom_type == "LineString" and not part.is_empty)
    path = "".join(f"M{_points(place(shapely.get_coordinates(part)))}" for part in inside)
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'
        if path
        else ""
    )


def _number(piece: Piece, place) -> str:
    largest = max(shapely.get_parts(piece.shape), key=shapely.area)
    ((x, y),) = place(shapely.get_coordinates(shapely.point_on_surface(largest)))
    text = escape(piece.number)
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{2.4 + 0.7 * max(len(piece.number) - 2, 0):.1f}" fill="#fff" '
        f'stroke="#1b2a3a" stroke-width="0.3"/><text x="{x:.2f}" y="{y + 1.15:.2f}" font-size="3.2" '
        f'font-weight="600" text-anchor="middle" fill="#111">{text}</text>'
    )


def _north(width: float) -> str:
    x = width - 9
    return (
        f'<g transform="translate({x:g} 5)"><path d="M0 0 4 11 0 8.5 -4 11Z" fill="#111"/>'
        '<path d="M0 0 4 11 0 8.5Z" fill="#fff" stroke="#111" stroke-width="0.2"/>'
        '<text y="15.5" font-size="4" font-weight="700" text-anchor="middle" fill="#111">N</text></g>'
    )


def _ruler(bar: int, a_metre: float, height: float) -> str:
    """Four fields, black and white, and the length at its end."""
    step = bar * a_metre / 4
    fields = "".join(
        f'<rect x="{5 + number * step:.2f}" y="{height - 7:g}" width="{step:.2f}" height="1.6" '
        f'fill="{("#111", "#fff")[number % 2]}" stroke="#111" stroke-width="0.2"/>'
        for number in range(4)
    )
    said = f"{bar // 1000} km" if bar >= 1000 else f"{bar} m"
    back = f'<rect x="3" y="{height - 12:g}" width="{4 * step + 22:.2f}" height="9" fill="#fff" fill-opacity="0.85"/>'
    words = f'<text x="5" y="{height - 8:g}" font-size="3" fill="#111">0</text>'
    end = (
        f'<text x="{5 + 4 * step:.2f}" y="{height - 8:g}" font-size="3" text-anchor="middle" fill="#111">{said}</text>'
    )
    return back + words + fields + end
