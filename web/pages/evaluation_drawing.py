"""The months of an indicator as a line: where each point stands, in percent of the drawing."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gis.incidents.on_time import Rate


@dataclass(frozen=True)
class Point:
    """`x` and `y` in percent from the left and the top; `y` is None where there was nothing to judge."""

    month: date
    rate: Rate
    x: float
    y: float | None

    @property
    def high(self) -> float | None:
        return None if self.rate.interval is None else 100 - self.rate.interval[1]

    @property
    def low(self) -> float | None:
        return None if self.rate.interval is None else 100 - self.rate.interval[0]


@dataclass(frozen=True)
class Drawing:
    points: list[Point]
    #: Lines between neighbouring months that both have a rate: x1, y1, x2, y2.
    lines: list[tuple[float, float, float, float]]

    def __bool__(self) -> bool:
        return any(point.y is not None for point in self.points)


def draw_months(months: list[tuple[date, Rate]]) -> Drawing:
    """From 0 % at the bottom to 100 % at the top, so that no picture makes much of little."""
    width = 100 / len(months)
    points = [
        Point(month, rate, (number + 0.5) * width, None if rate.percent is None else 100 - rate.percent)
        for number, (month, rate) in enumerate(months)
    ]
    pairs = pairwise(points)
    lines = [(a.x, a.y, b.x, b.y) for a, b in pairs if a.y is not None and b.y is not None]
    return Drawing(points, lines)
