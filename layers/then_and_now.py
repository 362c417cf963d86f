"""Incidents of a period counted twice: by the cells as drawn then, and restated on the cells of today.

*As drawn then* counts by the version an incident was reported in, which never changes: what the figures of that time
said. *Restated* counts by the cell of today at the same places: what can be compared with today. Both are of all
incidents of the period in the reader's scope, so both come to the same sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import shapely
from django.db.models import Count
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.areas.outline import drawn_on
from gis.incidents.incident import State
from gis.models import Area, CellVersion, Incident
from gis.planning.borders.matching import plain_name
from layers.outlines import Drawn, draw_outlines


@dataclass(frozen=True)
class Line:
    """A cell with its incidents of the period. `version` is None for what lay in none."""

    version: CellVersion | None
    incidents: int


@dataclass(frozen=True)
class Side:
    lines: tuple[Line, ...]
    drawn: Drawn | None

    @property
    def total(self) -> int:
        return sum(line.incidents for line in self.lines)


def then_and_now(scope: Scope, counted: Scope, first: date, last: date) -> tuple[Side, Side]:
    """The cells of `scope` as drawn on `last` and today, with the incidents reported from `first` to `last`.

    `counted` is where the reader may count incidents.
    """
    found = _incidents(counted, first, last)
    then = _cells(scope, last)
    by_version = dict(found.order_by().values_list("cell__code").annotate(Count("pk")))
    by_area = dict(found.order_by().values_list("area").annotate(Count("pk")))
    now = _cells(scope, timezone.localdate())
    return (
        _side(then, _with_former(then, by_version, scope, last), _communities(scope, last)),
        _side(now, _in_cells(now, by_area), _communities(scope, timezone.localdate())),
    )


def _incidents(counted: Scope, first: date, last: date):
    zone = timezone.get_current_timezone()
    since = datetime.combine(first, time.min, zone)
    until = datetime.combine(last + timedelta(days=1), time.min, zone)
    mine = Incident.objects.inside(counted).filter(reported_at__gte=since, reported_at__lt=until)
    return mine.exclude(state=State.DUPLICATE)


def _cells(scope: Scope, day: date) -> list[CellVersion]:
    found = CellVersion.objects.on(day).inside(scope).filter(cell__kind="service")
    return list(found.order_by("code").defer("drawing", "coarse"))


def _with_former(then: list[CellVersion], counts: dict, scope: Scope, last: date) -> list[Line]:
    """The cells of that day, those that had ended within the period, and what was reported in no cell."""
    known = {version.code for version in then}
    lines = [Line(version, counts.get(version.code, 0)) for version in then]
    former = CellVersion.objects.inside(scope).filter(code__in=[c for c in counts if c and c not in known])
    ended = {version.code: version for version in former.order_by("valid").defer("geometry", "drawing", "coarse")}
    lines += [Line(version, counts[code]) for code, version in sorted(ended.items())]
    return _and_rest(lines, counts)


def _in_cells(now: list[CellVersion], counts: dict) -> list[Line]:
    return _and_rest([Line(version, counts.get(version.code, 0)) for version in now], counts)


def _and_rest(lines: list[Line], counts: dict) -> list[Line]:
    rest = sum(counts.values()) - sum(line.incidents for line in lines)
    return [*lines, Line(None, rest)] if rest else lines


def _communities(scope: Scope, day: date) -> list[tuple[str, shapely.Geometry]]:
    """The names and outlines of the communities of a scope as they were on a day."""
    codes = Area.objects.inside(scope).filter(level="community").values_list("code", flat=True)
    found = drawn_on(day, list(codes))
    return [(plain_name(name), shapely.from_wkb(bytes(shape.wkb))) for _, (name, shape) in sorted(found.items())]


def _side(cells: Sequence[CellVersion], lines: Sequence[Line], communities: list) -> Side:
    shapes = [(one.name, "stays", shapely.from_wkb(bytes(one.geometry.wkb))) for one in cells]
    return Side(tuple(lines), draw_outlines(shapes, communities))
