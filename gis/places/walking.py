"""A sensible order in which to walk to places: a short open path, the same on the server and on the phone.

`web/frontend/src/field/day/order.ts` is the same algorithm, and `tests/gis/places/walking_cases.json` holds both to
the same answers. Positions are whole decimetres in a plane, so that both compute the same distances to the last bit.

Nearest neighbour from the start, then 2-opt (turn a stretch round) and Or-opt (move up to three stops elsewhere) while
anything gets shorter; so it is never longer than nearest neighbour. Straight lines stand in for the way: between the
buildings of a cell the order hardly differs, and the phone has it without the road network.
"""

import itertools
import math
from collections.abc import Sequence

#: Position of a stop: east and north, whole decimetres.
Point = tuple[int, int]
#: Rounds of improvement. A cell's 60 buildings settle after 5; a community of 400 stays below 0.3 s on a phone.
_MOST_ROUNDS = 40
#: Stops that Or-opt moves together at most.
_TOGETHER = 3
#: Shorter by less than this is the same length: sums of roots in another order differ in the last bits.
_LEAST_GAIN = 1e-6


def walk(points: Sequence[Point], start: Point | None = None) -> list[int]:
    """The order of the points, as their numbers, of a short walk that begins at `start` and ends anywhere.

    Without a start it begins at a corner: of the walks that begin at the stop nearest to one of the four corners
    around all, the shortest.
    """
    if not points:
        return []
    if start is not None:
        return _improved(points, _nearest_first(points, start), start)
    walks = [_improved(points, _nearest_first(points, points[first]), None) for first in _firsts(points)]
    return min(walks, key=lambda order: round(length(points, order) / _LEAST_GAIN))


def walk_tiers(points: Sequence[Point], late: Sequence[bool], start: Point | None = None) -> list[int]:
    """The same with those that are late first: a walk over them, and from its end a walk over the rest."""
    first = [number for number, is_late in enumerate(late) if is_late]
    rest = [number for number, is_late in enumerate(late) if not is_late]
    order = [first[at] for at in walk([points[number] for number in first], start)]
    begin = points[order[-1]] if order else start
    return order + [rest[at] for at in walk([points[number] for number in rest], begin)]


def length(points: Sequence[Point], order: Sequence[int], start: Point | None = None) -> float:
    """Decimetres of the walk in straight lines, the way from `start` to the first stop included."""
    stops = [points[number] for number in order]
    stops = stops if start is None else [start, *stops]
    return sum(_far(one, other) for one, other in itertools.pairwise(stops))


def _far(one: Point, other: Point) -> float:
    east, north = one[0] - other[0], one[1] - other[1]
    return math.sqrt(east * east + north * north)


def _firsts(points: Sequence[Point]) -> list[int]:
    """The stops nearest to south-west, south-east, north-west and north-east of all, each once."""
    east, north = [point[0] for point in points], [point[1] for point in points]
    corners = [(x, y) for y in (min(north), max(north)) for x in (min(east), max(east))]
    return list(dict.fromkeys(_nearest(points, range(len(points)), corner) for corner in corners))


def _nearest(points: Sequence[Point], among, to: Point) -> int:
    """The nearest of some stops; of equally near ones the lowest number."""
    return min(among, key=lambda number: (_squared(points[number], to), number))


def _squared(one: Point, other: Point) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _nearest_first(points: Sequence[Point], start: Point) -> list[int]:
    left, order, here = list(range(len(points))), [], start
    while left:
        number = _nearest(points, left, here)
        left.remove(number)
        order.append(number)
        here = points[number]
    return order


def _improved(points: Sequence[Point], order: list[int], start: Point | None) -> list[int]:
    """The first stop stays first where there is no start: the walk begins there."""
    way = [points[number] for number in order]
    # A point before the first stop that may not move; without a start it is that stop itself.
    names, stops = (list(order), [start, *way]) if start is not None else (order[1:], way)
    numbers = [-1, *names]
    for _round in range(_MOST_ROUNDS):
        turned = _turn(stops, numbers)
        moved = _move(stops, numbers)
        if not turned and not moved:
            break
    return numbers[1:] if start is not None else [order[0], *numbers[1:]]


def _turn(stops: list[Point], numbers: list[int]) -> bool:
    """2-opt: turn round the stretch from i to j wherever that shortens the walk. Whether anything did."""
    count, shorter = len(stops), False
    for i in range(1, count - 1):
        for j in range(i + 1, count):
            before, after = stops[i - 1], stops[j + 1] if j + 1 < count else None
            old = _far(before, stops[i]) + (_far(stops[j], after) if after else 0)
            new = _far(before, stops[j]) + (_far(stops[i], after) if after else 0)
            if new < old - _LEAST_GAIN:
                stops[i : j + 1] = stops[i : j + 1][::-1]
                numbers[i : j + 1] = numbers[i : j + 1][::-1]
                shorter = True
    return shorter


def _move(stops: list[Point], numbers: list[int]) -> bool:
    """Or-opt: put one to three stops in a row between two others wherever that shortens the walk."""
    shorter = False
    for together in range(1, _TOGETHER + 1):
        for i in range(1, len(stops) - together + 1):
            at = _better_place(stops, i, together)
            if at is not None:
                for row in (stops, numbers):
                    part = row[i : i + together]
                    del row[i : i + together]
                    row[at + 1 : at + 1] = part
                shorter = True
    return shorter


def _better_place(stops: list[Point], i: int, together: int) -> int | None:
    """After which of the other stops (numbered without the moved ones) the stretch lies shortest; None: as it is."""
    first, last, before = stops[i], stops[i + together - 1], stops[i - 1]
    after = stops[i + together] if i + together < len(stops) else None
    rest = stops[:i] + stops[i + together :]
    saved = _far(before, first) + (_far(last, after) - _far(before, after) if after else 0)
    best, least = None, saved - _LEAST_GAIN
    for at, here in enumerate(rest):
        following = rest[at + 1] if at + 1 < len(rest) else None
        added = _far(here, first) + (_far(last, following) - _far(here, following) if following else 0)
        if at != i - 1 and added < least:
            best, least = at, added
    return best
