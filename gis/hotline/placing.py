"""Where a work order lies: the coordinates of the file, else its address. What is not sure is not placed.

A building or a door that the address search is sure of is a place. A compound is one where nothing of the address is
left over, and is marked. A road, a cell or a community alone is none: a person says where.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from django.contrib.gis.geos import Point

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import NotReady
from gis.exchange.locating import SURE, confidence
from gis.hotline.order import Order
from gis.places.building import Building
from gis.places.finding import Found, find
from gis.places.locating import what_is_at

#: Candidates that are offered where none is sure.
_CANDIDATES = 5
#: Seconds to wait for the addresses of a city that are being read for the first time.
_PATIENCE = 600
BY_COMPOUND = "按小区定位"


@dataclass(frozen=True)
class Spot:
    """A place for a work order: a point, a building (its key) where it is one, what is doubtful about it."""

    point: Point | None = None
    building: int | None = None
    doubt: str = ""
    sure: float = 0.0

    def __bool__(self) -> bool:
        return self.point is not None


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant, for a person to say so. `key`: how a form names it."""

    key: str
    title: str
    area: str
    left: str


def locate(order: Order, scope: Scope, shift: str = "") -> Spot:
    """The place of a work order, empty where none is sure. Raises NotReady while addresses are being read."""
    given = _given(order, shift)
    if given and scope.covers(_community(given, scope)):
        return Spot(given, sure=1.0)
    found = search(order, scope)
    if not found:
        return Spot()
    best, sure = found[0], confidence(found)
    if sure < SURE or (best.kind == "compound" and best.left) or best.kind not in ("building", "compound"):
        return Spot(sure=sure)
    return replace(spot_of(best), sure=sure)


def search(order: Order, scope: Scope, most: int = 6) -> list[Found]:
    """The places that fit the address of a work order, the best first."""
    text = order.place if order.within and order.within in order.place else f"{order.within}{order.place}"
    return find(text, scope, most).found if order.place.strip() else []


def spot_of(found: Found) -> Spot:
    """The point of a place that was found."""
    place = found.place
    geometry = getattr(place, "geometry", None)
    if geometry is None:
        return Spot()
    doubt = BY_COMPOUND if found.kind == "compound" else ""
    return Spot(geometry.point_on_surface, place.pk if isinstance(place, Building) else None, doubt)


def candidates(order: Order, scope: Scope) -> list[Candidate]:
    """Buildings and compounds that may be meant."""
    found = [one for one in search(order, scope, 2 * _CANDIDATES) if one.kind in ("building", "compound")]
    return [
        Candidate(f"{one.kind}-{one.place.pk}", one.title, one.place.area[:12], one.left) for one in found[:_CANDIDATES]
    ]


def patiently(work: Callable):
    """What `work` gives, waiting while the addresses are read for the first time after a start."""
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except NotReady:
            if time.monotonic() > ends:
                raise
            time.sleep(1)


def _given(order: Order, shift: str) -> Point | None:
    if order.longitude is None or order.latitude is None:
        return None
    xy = np.array([[order.longitude, order.latitude]])
    x, y = (crs.unshift(xy, shift) if shift else xy)[0]
    return Point(float(x), float(y), srid=crs.STORE)


def _community(point: Point, scope: Scope) -> str:
    here = what_is_at(point, scope)
    code = here.cell.code if here.cell else here.area.code if here.area else ""
    return code if len(code) >= 12 else ""
