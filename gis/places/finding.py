"""Finding places by what people type: areas, cells, compounds, buildings and roads in scope.

Small tables are searched for any part of a name; buildings through their compound, their road or the start of their
code, each an indexed way or a small set. Issue 4 replaces this by an index in memory that also knows units and rooms.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz, process

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.areas.extent import extent
from gis.places.building import Building, Compound
from gis.places.landscape import Way

#: What people write after a building's number.
_SUFFIXES = ("号楼", "栋", "幢", "座", "号院", "楼", "号", "#")
_TAIL = re.compile(r"(\d+单元.*|(?<=\d[楼栋幢座#])\d+(室|[-—].*)?|(?<=\d)[-—]\d+.*)$")
_NUMBERED = re.compile(rf"^(?P<head>.*?)第?(?P<number>\d{{1,4}}|[a-z])(?:{'|'.join(_SUFFIXES)}|网格)?$")
#: Compounds compared by likeness when none holds the words.
_MOST_COMPARED = 20_000
_ALIKE = 70
_MOST_ROADS = 50


@dataclass(frozen=True)
class Found:
    """A place that fits. `rank` sorts: exactly so, begins so, contains so, is like so."""

    kind: str
    place: object
    title: str
    rank: int


@dataclass(frozen=True)
class Query:
    """What was typed, in one spelling: `text`, and where it ends in a number `head` and `number`."""

    text: str
    head: str = ""
    number: str = ""

    @classmethod
    def read(cls, typed: str) -> "Query":
        """建新北区１２栋3单元402 → 建新北区, 12: the building is what a map can show."""
        text = _TAIL.sub("", _one_spelling(typed))
        match = None if text.isdigit() and len(text) > 4 else _NUMBERED.match(text)  # a code, not a number
        return cls(text, match["head"], match["number"].lstrip("0")) if match else cls(text)

    @property
    def spellings(self) -> list[str]:
        """The number as a register may have it: 12, 12号楼, 12栋 …"""
        return [self.number, self.number.upper(), *(self.number.upper() + suffix for suffix in _SUFFIXES)]

    def rank(self, title: str) -> int:
        plain = _one_spelling(title)
        return 0 if plain == self.text else 1 if plain.startswith(self.text) else 2 if self.text in plain else 3


def _one_spelling(text: str) -> str:
    return re.sub(r"[\s,，、·]+", "", unicodedata.normalize("NFKC", text)).lower()


def find_places(typed: str, scope: Scope, most: int = 10) -> list[Found]:
    """The places that fit best, best first; empty for an empty text."""
    query = Query.read(typed)
    if not query.text or not scope:
        return []
    compounds = _compounds(query, scope)
    found = [
        *_areas(query, scope, most),
        *(Found("compound", compound, compound.name, query.rank(compound.name)) for compound in compounds),
        *_cells(query, scope, most),
        *_buildings(query, scope, compounds, most),
        *_roads(query, scope, most),
    ]
    return sorted(found, key=lambda one: (one.rank, len(one.title), one.title))[:most]


def _areas(query: Query, scope: Scope, most: int) -> Iterator[Found]:
    named = Q(name__icontains=query.text) | Q(short_name__icontains=query.text)
    if query.text.isdigit():
        named |= Q(code__startswith=query.text)
    areas = Area.objects.inside(scope).filter(named).defer("drawing", "coarse").order_by("level", "code")
    for area in areas[:most]:
        rank = 0 if area.code == query.text else min(query.rank(area.name), query.rank(area.short_name or area.name))
        yield Found("area", area, area.name, rank)


def _cells(query: Query, scope: Scope, most: int) -> Iterator[Found]:
    named = Q(name__icontains=query.text)
    if query.text.isdigit():
        named |= Q(code__startswith=query.text)
    if query.number:
        homes = Area.objects.inside(scope).filter(level="community", name__icontains=query.head)
        for code in homes.values_list("code", flat=True)[:most] if query.head else ():
            named |= Q(code__startswith=code, name__in=[f"第{query.number}网格", f"{query.number}网格"])
    cells = CellVersion.objects.on(timezone.localdate()).inside(scope).filter(named).order_by("code")
    for cell in cells.defer("drawing", "coarse")[:most]:
        rank = 0 if cell.code == query.text else query.rank(cell.name)
        yield Found("cell", cell, cell.name, min(rank, 1) if "网格" in query.text else rank)


def _compounds(query: Query, scope: Scope) -> list[Compound]:
    """Compounds named by the text or by what stands before its number; the likest ones where none is."""
    words = [word for word in (query.text, query.head) if word]
    in_scope = Compound.objects.inside(scope)
    named = Q(pk__in=[])
    for word in words:
        named |= Q(name__icontains=word) | Q(aliases__icontains=word)
    found = list(in_scope.filter(named).order_by("name")[:20])
    return found or _alike(query.head or query.text, in_scope)


def _alike(words: str, compounds) -> list[Compound]:
    if len(words) < 3 or words.isascii():
        return []
    names = dict(compounds.values_list("pk", "name")[:_MOST_COMPARED])
    close = process.extract(words, names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)
    return list(compounds.filter(pk__in=[pk for _, _, pk in close]))


def _buildings(query: Query, scope: Scope, compounds: list[Compound], most: int) -> Iterator[Found]:
    in_scope = Building.objects.inside(scope).select_related("compound").defer("drawing")
    seen: set[int] = set()
    for condition in _ways_to_a_building(query, compounds):
        for building in in_scope.filter(condition).exclude(pk__in=seen).order_by("code")[:most]:
            seen.add(building.pk)
            yield Found("building", building, building.label, _building_rank(query, building))


def _building_rank(query: Query, building: Building) -> int:
    """A number that fits its compound or road is what was meant, however its suffix is spelt."""
    if building.code == query.text:
        return 0
    if not (query.head and {building.number, building.gate} & set(query.spellings)):
        return query.rank(building.label)
    compound = building.compound
    heads = [building.road, *([compound.name, *compound.aliases] if compound else [])]
    return 0 if query.head in map(_one_spelling, heads) else 1


def _ways_to_a_building(query: Query, compounds: list[Compound]) -> Iterator[Q]:
    if query.text.isdigit() and len(query.text) >= 9:
        yield Q(code__startswith=query.text)
    if query.number and compounds:
        yield Q(compound__in=compounds, number__in=query.spellings)
    if query.number and query.head:
        yield ~Q(road="") & Q(road__in=_road_names(query.head), gate__in=query.spellings)
    if query.number and not query.head:
        yield Q(number__in=query.spellings)
    if not query.text.isdigit():
        yield ~Q(name="") & Q(name__icontains=query.text)


def _road_names(words: str) -> list[str]:
    """The roads on the map that hold the words, and the words themselves: a register may know more roads."""
    ways = Way.objects.filter(kind=Way.Kind.ROAD, name__icontains=words)
    return [words, *ways.order_by("name").values_list("name", flat=True).distinct()[:_MOST_ROADS]]


def _roads(query: Query, scope: Scope, most: int) -> Iterator[Found]:
    """Roads in the rectangle around the scope: the land itself is no secret, the base map shows it."""
    box = box_of(scope)
    if box is None or query.number:
        return
    ways = Way.objects.filter(kind=Way.Kind.ROAD, name__icontains=query.text, geometry__bboverlaps=box)
    for name in ways.order_by("name").values_list("name", flat=True).distinct()[:most]:
        yield Found("road", ways.filter(name=name), name, query.rank(name))


def box_of(scope: Scope) -> Polygon | None:
    """The rectangle around the scope, in degrees; None where nothing in it has an outline."""
    box = extent(scope)
    return Polygon.from_bbox(box) if box else None
