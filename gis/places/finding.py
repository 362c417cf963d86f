"""Finding places by what people type: areas, cells, compounds, roads, buildings and doors in scope.

The index in memory (`gis.places.search`) says which fit; the database confirms each in the reader's scope and gives it
as it is now. So nothing stale and nothing of another's ground is ever a result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.gis.db.models import Collect, Extent
from django.contrib.gis.geos import MultiLineString, Point, Polygon
from django.db.models import Model, QuerySet

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.places.building import Building, Compound, Dwelling
from gis.places.landscape import Way
from gis.places.search.asking import Asked
from gis.places.search.copy import addresses_now
from gis.places.search.index import AREA, CELL, COMPOUND, ROAD
from gis.places.search.ranking import Hit, best_score, rank
from gis.places.search.telling import Instead, instead_of, left_over, spans_in
from gis.places.search.view import View

_KINDS = {AREA: "area", CELL: "cell", COMPOUND: "compound", ROAD: "road"}
#: A result whose score (at most 3) is that much lower than the first one's is none.
_CLOSE = 0.9
_HAIR = 1e-5  # degrees: what a drawn road may lie beside the true one, about a metre


class Road(NamedTuple):
    """A road of the base map: the land itself is no secret. `box` is west, south, east, north in degrees, `lines` hold
    (longitude, latitude)."""

    name: str
    box: tuple[float, float, float, float]
    lines: tuple


@dataclass(frozen=True)
class Found:
    """A place that fits, best first by `score`.

    `spans` are the parts of the title that were typed, `left` is what was typed and is not there; `alias` is the other
    name by which it was found. `door` is the dwelling where one was asked for, and `place` then its building.
    """

    kind: str
    place: Model | Road
    title: str
    score: float
    spans: tuple[tuple[int, int], ...] = ()
    left: str = ""
    alias: str = ""
    door: Dwelling | None = None
    fit: float = 0.0  # 0–1: the score as a share of the best that the query could have had


@dataclass(frozen=True)
class Missing:
    """Something asked for that is not there: `of` is the compound or road (its name) or the building it was asked of.

    There are `nearest` buildings instead, or the building's `units`, or the rooms from the first to the last.
    """

    of: str
    asked: str
    nearest: tuple[Building, ...] = ()
    units: tuple[str, ...] = ()
    unit: str = ""
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    found: list[Found]
    missing: Missing | None = None


def find(typed: str, scope: Scope, most: int = 10, near: Point | None = None) -> Answer:
    """The places that fit best, and what is not there. `near` (degrees) lets the nearer of two come first.

    Raises NotReady while the addresses of a city are being read for the first time.
    """
    asked = Asked.read(typed)
    if not asked.text or not scope:
        return Answer([])
    where = (near.x, near.y) if near else None
    views = addresses_now().views(scope)
    ranked = [(hit, view) for view in views for hit in rank(asked, view, where, 2 * most)]
    ranked.sort(key=lambda one: -one[0].score)
    return Answer(_confirmed(asked, ranked, scope, most), _missing(asked, ranked, views, scope))


def find_places(typed: str, scope: Scope, most: int = 10) -> list[Found]:
    """The places that fit best, best first; empty for an empty text."""
    return find(typed, scope, most).found


def _confirmed(asked: Asked, ranked: list[tuple[Hit, View]], scope: Scope, most: int) -> list[Found]:
    """The hits that the database has as well; what fits far worse than the best is left out."""
    found: list[Found] = []
    close = [one for one in ranked if one[0].score > ranked[0][0].score - _CLOSE]
    for start in range(0, len(close), most):
        found += _Rows(close[start : start + most], scope).found(asked)
        if len(found) >= most:
            break
    return found[:most]


class _Rows:
    """The rows of some hits, a query for all of a kind, in scope."""

    def __init__(self, ranked: Iterable[tuple[Hit, View]], scope: Scope) -> None:
        self.ranked = list(ranked)
        rows = [view.index.buildings.ids[hit.row] for hit, view in self.ranked if hit.row >= 0]
        doors = [view.index.doors.ids[hit.door] for hit, view in self.ranked if hit.door >= 0]
        self.buildings = _by_key(buildings_of(scope), rows)
        self.doors = _by_key(Dwelling.objects.inside(scope).standing(), doors)
        self.places = {
            AREA: _by_key(Area.objects.inside(scope).defer("drawing", "coarse"), self._ids(AREA)),
            CELL: _by_key(CellVersion.objects.inside(scope).defer("drawing", "coarse"), self._ids(CELL)),
            COMPOUND: _by_key(Compound.objects.inside(scope), self._ids(COMPOUND)),
            ROAD: _roads(self._ids(ROAD), self.ranked[0][1]) if self.ranked else {},
        }

    def _ids(self, kind: int) -> list[int]:
        return [
            view.index.places.ids[hit.place]
            for hit, view in self.ranked
            if hit.row < 0 and view.index.places.kind[hit.place] == kind
        ]

    def found(self, asked: Asked) -> list[Found]:
        return [one for hit, view in self.ranked if (one := self._one(asked, hit, view))]

    def _one(self, asked: Asked, hit: Hit, view: View) -> Found | None:
        place = self._place(hit, view)
        door = self.doors.get(int(view.index.doors.ids[hit.door])) if hit.door >= 0 else None
        if place is None or (hit.door >= 0 and door is None):
            return None
        title = _title(place, door)
        name = view.index.names.text(hit.name) if hit.name >= 0 else ""
        kind = "building" if hit.row >= 0 else _KINDS[int(view.index.places.kind[hit.place])]
        spans = tuple(spans_in(title, asked, name))
        alias, left = name if hit.other else "", left_over(asked, hit)
        return Found(kind, place, title, hit.score, spans, left, alias, door, hit.score / best_score(asked))

    def _place(self, hit: Hit, view: View) -> Model | Road | None:
        if hit.row >= 0:
            return self.buildings.get(int(view.index.buildings.ids[hit.row]))
        kind = int(view.index.places.kind[hit.place])
        return self.places[kind].get(int(view.index.places.ids[hit.place])) if kind in self.places else None


def buildings_of(scope: Scope) -> QuerySet[Building]:
    return Building.objects.inside(scope).select_related("compound").defer("drawing")


def _by_key(rows: QuerySet, keys: list) -> dict[int, Model]:
    return {row.pk: row for row in rows.filter(pk__in=list(map(int, keys))).order_by()} if keys else {}


def _title(place: Model | Road, door: Dwelling | None) -> str:
    if isinstance(place, Building):
        return f"{place.label} {door}" if door else place.label
    return place.name


def _roads(ids: list[int], view: View) -> dict[int, Road]:
    """The roads of which these are one line each, as far as they lie in the rectangle around the scope."""
    if not ids or not view.box:
        return {}
    asked = dict(Way.objects.filter(pk__in=list(map(int, ids))).values_list("name", "pk"))
    ways = Way.objects.filter(kind=Way.Kind.ROAD, name__in=asked, geometry__bboverlaps=Polygon.from_bbox(view.box))
    whole = ways.values_list("name").annotate(box=Extent("geometry"), drawn=Collect("geometry"))
    return {asked[name]: Road(name, box, _drawn(lines)) for name, box, lines in whole}


def _drawn(lines: MultiLineString) -> tuple:
    return tuple(line.simplify(_HAIR).coords for line in lines)


def _missing(asked: Asked, ranked: list[tuple[Hit, View]], views: list[View], scope: Scope) -> Missing | None:
    for view in [view for _, view in ranked[:1]] or views:
        hits = [hit for hit, seen in ranked if seen is view]
        if instead := instead_of(asked, hits, view):
            return _told(instead, view, scope)
    return None


def _told(instead: Instead, view: View, scope: Scope) -> Missing | None:
    rows = [instead.row] if instead.row >= 0 else list(instead.rows)
    ids = [int(view.index.buildings.ids[row]) for row in rows]
    known = _by_key(buildings_of(scope), ids)
    buildings = [known[pk] for pk in ids if pk in known]
    if not buildings:
        return None
    if instead.row >= 0:
        return Missing(buildings[0].label, instead.asked, (), instead.units, instead.unit, instead.rooms)
    one = buildings[0]
    name = one.compound.name if one.compound_id and one.number else one.road
    return Missing(name, instead.asked, tuple(buildings))
