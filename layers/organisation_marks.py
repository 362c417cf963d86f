"""Units on the map: one mark for each building that holds any, in the state that asks for most among them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.db.models.functions import AsWKB, PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db import models
from django.utils.translation import gettext_lazy as _
from shapely import from_wkb, get_coordinates

from gis import crs
from gis.accounts.scope import Access
from gis.organisations.finding import Wanted, find_organisations
from gis.organisations.kinds import kinds
from gis.organisations.organisation import OrganisationQuerySet

#: More units are not sent: those left out are said to be there.
MOST = 6000


class State(models.TextChoices):
    """How a unit stands with its checks, what asks for most first."""

    HAZARDS = "hazards", _("有隐患")
    OVERDUE = "overdue", _("检查逾期")
    FINE = "fine", _("无逾期、无隐患")


def state_of(hazards: list[str], due_on: date | None, today: date) -> State:
    if hazards:
        return State.HAZARDS
    return State.OVERDUE if due_on and due_on < today else State.FINE


def units_within(
    box: tuple[float, float, float, float], wanted: Wanted, access: Access, today: date
) -> OrganisationQuerySet:
    """The units in the reader's scope that fit, in buildings whose outline meets a box (degrees)."""
    window = Polygon.from_bbox(box)
    window.srid = crs.STORE
    # By the drawing copy, which is the one that is indexed for windows.
    window.transform(crs.DRAW)
    return find_organisations(wanted, access, today).filter(building__drawing__bboverlaps=window)


@dataclass(frozen=True)
class Mark:
    """The units of a building: where (degrees), their kind where it is one, how many and their worst state."""

    longitude: float
    latitude: float
    building: int
    kind: str
    number: int
    state: State


def marks_of(found: OrganisationQuerySet, today: date) -> tuple[list[Mark], bool]:
    """A mark a building, and whether there are more units than are told of."""
    rows = found.annotate(wkb=AsWKB(PointOnSurface("building__geometry"))).order_by("building", "pk")
    told = list(rows.values_list("building", "wkb", "kind", "hazards", "due_on")[: MOST + 1])
    grouped: dict[int, list[tuple]] = {}
    for building, *unit in told[:MOST]:
        grouped.setdefault(building, []).append(unit)
    at = get_coordinates(from_wkb([bytes(units[0][0]) for units in grouped.values()])).round(6).tolist()
    placed = zip(at, grouped.items(), strict=True)
    return [_mark(*place, building, units, today) for place, (building, units) in placed], len(told) > MOST


def _mark(longitude: float, latitude: float, building: int, units: list[tuple], today: date) -> Mark:
    states = {state_of(hazards, due_on, today) for _wkb, _kind, hazards, due_on in units}
    found = {kind for _wkb, kind, *_rest in units}
    kind = found.pop() if len(found) == 1 else ""
    return Mark(longitude, latitude, building, kind, len(units), next(one for one in State if one in states))


def counted_by_kind(found: OrganisationQuerySet, today: date) -> dict[str, Counter]:
    """How many of each kind, in the order of the table of kinds: `total`, `overdue` and `hazards`."""
    numbers: dict[str, Counter] = {kind: Counter() for kind in kinds()}
    for kind, hazards, due_on in found.order_by().values_list("kind", "hazards", "due_on"):
        late = int(bool(due_on and due_on < today))
        numbers.setdefault(kind, Counter()).update(total=1, overdue=late, hazards=int(bool(hazards)))
    return {kind: counted for kind, counted in numbers.items() if counted["total"]}
