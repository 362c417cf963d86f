"""Saying where and when something was without saying it exactly: a square of 100 m, half a day."""

import math
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.gis.geos import Point
from django.utils import timezone

#: Side of the squares in which positions are told to the public, metres on the ground.
SIDE = 100


@dataclass(frozen=True)
class HalfDay:
    """The first or the second half of a local day."""

    day: date
    afternoon: bool


def half_day(at: datetime) -> HalfDay:
    local = timezone.localtime(at)
    return HalfDay(local.date(), local.hour >= 12)


def half_day_begins(at: datetime) -> datetime:
    """The moment at which the half day of another moment begins."""
    local = timezone.localtime(at)
    return local.replace(hour=12 if local.hour >= 12 else 0, minute=0, second=0, microsecond=0)


def drawn_side(latitude: float) -> float:
    """Side of a square in metres of the drawing CRS, which stretches the ground by 1 / cos(latitude).

    Rounded to whole metres: from a side with many digits the latitude it was made for could be read.
    """
    return float(round(SIDE / math.cos(math.radians(latitude))))


def metres_between(point: Point, place: tuple[float, float]) -> float:
    """On the ground, for neighbours; both in degrees."""
    east = (point.x - place[0]) * 111_320 * math.cos(math.radians(point.y))
    return math.hypot(east, (point.y - place[1]) * 110_574)
