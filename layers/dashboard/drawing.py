"""Where the marks of a chart go. Charts are SVG without a view box, so that their words keep their size on any screen:
x and y are percentages of the plot, lines are paths in a stretched box of 1000 × 100."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from layers.dashboard.calendar import WEEKS
from layers.dashboard.trend import Trend

_WIDE, _HIGH = 1000, 100
#: Lines across a plot, the base among them, and dates under it.
_LEVELS, _DATES = 4, 6


@dataclass(frozen=True)
class Spot:
    """A point of a line and the strip over it that a pointer finds: percentages."""

    left: float
    width: float
    x: float
    y: float


@dataclass(frozen=True)
class Plot:
    """A trend as drawn. Paths are "" where there is nothing to draw; `levels` are (y, number), `dates` (x, index).

    `tail` leads to a last point that still grows: drawn apart, for it is no fall.
    """

    line: str
    tail: str
    before: str
    band: str
    spots: tuple[Spot, ...]
    levels: tuple[tuple[float, int], ...]
    dates: tuple[tuple[float, int], ...]


def plot(trend: Trend) -> Plot:
    counts = [point.count for point in trend.points]
    highs = [point.high for point in trend.points]
    top = _top([*counts, *(trend.before or ()), *(high for high in highs if high is not None)])
    number = len(counts)
    places = [100 * (at + 0.5) / number for at in range(number)]
    heights = [_height(count, top) for count in counts]
    done = number - 1 if trend.unfinished else number
    return Plot(
        line=_line(places[:done], heights[:done]),
        tail=_line(places[-2:], heights[-2:]) if trend.unfinished else "",
        before=_line(places, [_height(count, top) for count in trend.before]) if trend.before else "",
        band=_band(places, [point.low for point in trend.points], highs, top),
        spots=tuple(
            Spot(round(100 * at / number, 3), round(100 / number, 3), round(x, 3), round(y, 2))
            for at, (x, y) in enumerate(zip(places, heights, strict=True))
        ),
        levels=tuple((_height(level, top), level) for level in _levels(top)),
        dates=tuple((round(places[at], 3), at) for at in _spread(number)),
    )


def spark(counts: Sequence[int], top: int) -> str:
    """The path of a small line whose highest possible count is `top`."""
    places = [100 * (at + 0.5) / len(counts) for at in range(len(counts))]
    return _line(places, [_height(count, max(top, 1)) for count in counts])


def week_place(week: int) -> float:
    """Left end of a week of the strip, in percent."""
    return round(100 * week / WEEKS, 3)


def _top(numbers: Sequence[int]) -> int:
    """The level of the highest line: a round number at or above every number."""
    most = max([*numbers, 1])
    step = _step(most)
    return step * ceil(most / step)


def _step(most: int) -> int:
    """A round distance between lines: 1, 2 or 5 times a power of ten."""
    raw = max(most / (_LEVELS - 1), 1)
    power = 10 ** floor(log10(raw))
    return int(next(power * times for times in (1, 2, 5, 10) if power * times >= raw))


def _levels(top: int) -> range:
    return range(0, top + 1, _step(top))


def _height(count: float, top: int) -> float:
    return round(_HIGH * (1 - count / top), 2)


def _line(places: Sequence[float], heights: Sequence[float]) -> str:
    return "M" + "L".join(_points(places, heights)) if len(places) > 1 else ""


def _points(places: Sequence[float], heights: Sequence[float]) -> Iterator[str]:
    return (f"{x * _WIDE / 100:.1f} {y:.1f}" for x, y in zip(places, heights, strict=True))


def _band(places: Sequence[float], lows: Sequence[int | None], highs: Sequence[int | None], top: int) -> str:
    """Closed shapes from the low to the high ends, one for each run of points whose band is known."""
    known = [
        (x, _height(low, top), _height(high, top))
        if low is not None and high is not None else None
        for x, low, high in zip(places, lows, highs, strict=True)
    ]  # fmt: skip
    shapes = []
    for run in _runs(known):
        upper = _points([x for x, _low, _high in run], [high for _x, _low, high in run])
        lower = _points([x for x, _low, _high in run[::-1]], [low for _x, low, _high in run[::-1]])
        shapes.append("M" + "L".join([*upper, *lower]) + "Z")
    return "".join(shapes)


def _runs(points: Sequence) -> Iterator[list]:
    run: list = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def _spread(number: int) -> range:
    """Indices of a few points, evenly apart."""
    return range(0, number, max(1, ceil(number / _DATES)))
