"""How an area does, as anybody may see it: counts and on-time rates of public categories, and where things gather."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from gis.incidents.coarse import drawn_side
from gis.incidents.finding import midnight
from gis.incidents.incident import State
from gis.incidents.on_time import Rate
from gis.incidents.public_case import coarse_places, public_cases

#: Days that the figures look back.
DAYS = 90


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Line:
    """The figures of one kind of thing, or of all: `half` is the time within which half of those done were done, from
    day to day."""

    name: str
    reported: int
    done: int
    rate: Rate
    half: timedelta | None

    @property
    def days(self) -> float | None:
        return None if self.half is None else self.half / timedelta(days=1)


@dataclass(frozen=True)
class Gathering:
    """Where it was: how often by place, the most first; and by square, (column, row) → how often, `side` metres of the
    drawing CRS wide."""

    places: tuple[tuple[str, int], ...]
    squares: dict[tuple[int, int], int]
    side: float


def figures(area: str, days: int = DAYS) -> tuple[Line, list[Line]]:
    """All, and each major category, of what was reported in the last days."""
    now = timezone.now()
    recent = public_cases(area).filter(reported_at__gte=_first(days)).order_by()
    closed = Q(state=State.CLOSED)
    limited = closed & Q(closed_at__isnull=False, due_at__isnull=False)
    counts = {
        "reported": Count("pk"),
        "done": Count("pk", filter=closed),
        "on_time": Count("pk", filter=limited & Q(closed_at__lte=F("due_at"))),
        "judged": Count("pk", filter=limited | (~closed & Q(due_at__lt=now))),
        # Of the days that are told of each case: of a few cases, hours would tell the hour of one.
        "half": _Median(TruncDate("closed_at") - TruncDate("reported_at"), filter=closed & Q(closed_at__isnull=False)),
    }
    by_major = recent.values("category__major").annotate(**counts).order_by("-reported", "category__major")
    return _line("", recent.aggregate(**counts)), [_line(row["category__major"], row) for row in by_major]


def _first(days: int) -> datetime:
    """Where the last days begin: at midnight, or the hour at which a case is no longer counted would be that of its
    report."""
    return midnight(timezone.localdate() - timedelta(days=days))


def _line(name: str, row: dict) -> Line:
    return Line(name, row["reported"], row["done"], Rate(row["on_time"], row["judged"]), row["half"])


def gathering(area: str, latitude: float, days: int = DAYS) -> Gathering:
    """Where the public cases of the last days were, coarsely."""
    keys = list(public_cases(area).filter(reported_at__gte=_first(days)).order_by().values_list("pk", flat=True))
    places = Counter(place for place in coarse_places(keys).values() if place)
    side = drawn_side(latitude)
    # By name where there are as many: the order of the table's rows would tell which case was written to last.
    most = sorted(places.items(), key=lambda one: (-one[1], one[0]))
    return Gathering(tuple(most), _squares(keys, side), side)


_SQUARES = """
SELECT floor(ST_X(drawing) / %(side)s)::int, floor(ST_Y(drawing) / %(side)s)::int, count(*)
FROM grid_incident WHERE id = ANY(%(ids)s) GROUP BY 1, 2 ORDER BY 1, 2"""


def _squares(keys: list[int], side: float) -> dict[tuple[int, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(_SQUARES, {"ids": keys, "side": side})
        return {(column, row): number for column, row, number in cursor.fetchall()}
