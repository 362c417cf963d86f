"""From rows to an index."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Min

from gis.places.address.spelling import bare, spelt
from gis.places.landscape import Way
from gis.places.search import columns
from gis.places.search.grams import lay_names
from gis.places.search.index import (
    AREA,
    CELL,
    COMPOUND,
    FRONT,
    NONE,
    ROAD,
    SHOP,
    Buildings,
    Doors,
    Heads,
    Index,
    Places,
    Seats,
    Words,
)
from gis.places.search.scoping import LEVELS


def lay_index(communities: Iterable[str] | None = None) -> Index:
    """Read the addresses of some communities (None: all) and lay their index. Three million take some ten seconds."""
    rows = {what: columns.read(what, communities) for what in ("areas", "cells", "compounds", "buildings")}
    rows["aliases"] = columns.read("aliases")  # few, and a street's hold in each of its communities
    if communities is not None:
        rows["compounds"] = _with_those_of(rows["buildings"], rows["compounds"])
    draft = _Draft()
    _add_areas(draft, rows)
    compounds = _add_compounds(draft, rows["compounds"])
    buildings, numbers = _buildings(draft, rows["buildings"], compounds)
    if communities is None:
        _add_roads(draft)
    _add_aliases(draft, rows["aliases"], buildings)
    doors, units, rooms = _doors(buildings, columns.read("doors", communities))
    places, heads, names = draft.laid()
    return Index(lay_names(names), places, heads, buildings, _seats(buildings), doors, numbers, units, rooms)


def _with_those_of(buildings: pa.Table, compounds: pa.Table) -> pa.Table:
    """With the compounds that lie elsewhere and have buildings here."""
    wanted = set(columns.numbers(buildings, "compound_id")) - {0} - set(columns.numbers(compounds, "id"))
    return (
        pa.concat_tables([compounds, columns.read_compounds(wanted)], unify_dictionaries=True) if wanted else compounds
    )


@dataclass
class _Draft:
    """Places and the names they bear, while they are gathered."""

    names: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[np.ndarray]] = field(
        default_factory=lambda: {n: [] for n in ("kind", "ids", "area", "x", "y")}
    )
    heads: list[tuple[np.ndarray, np.ndarray, bool]] = field(default_factory=list)
    count: int = 0

    def add(self, kind: int, ids, area, x, y) -> np.ndarray:
        """The numbers of new places."""
        for name, values in zip(self.columns, (np.full(len(ids), kind), ids, area, x, y), strict=True):
            self.columns[name].append(values)
        self.count += len(ids)
        return np.arange(self.count - len(ids), self.count)

    def call(self, places: np.ndarray, names: Iterable[str], other: bool = False) -> None:
        """Give each place a name; an empty one is none."""
        numbers = np.array([self.number(spelt(name)) for name in names], np.int64)
        self.call_by_number(places, numbers, other)

    def call_by_number(self, places: np.ndarray, numbers: np.ndarray, other: bool = False) -> None:
        self.heads.append((numbers[numbers >= 0], places[numbers >= 0], other))

    def bearing(self, name: str, kinds: tuple[int, ...], area: int, exactly: bool = False) -> np.ndarray:
        """The places of these kinds in an area, of that name where one is given; `exactly`: the area itself."""
        code = np.concatenate(self.columns["area"])
        kind = np.concatenate(self.columns["kind"])
        last = area + 1 if exactly or area % 2 else _end_of(area)
        found = np.flatnonzero(np.isin(kind, kinds) & ((code >= area) & (code < last) | ((code == 0) & (not exactly))))
        if not name:
            return found
        called = {int(place) for names, places, _ in self.heads for place in places[names == self.names.get(name, -2)]}
        return found[np.isin(found, list(called))]

    def number(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names)) if name else -1

    def laid(self) -> tuple[Places, Heads, list[str]]:
        kinds = {"kind": np.uint8, "ids": np.uint32, "area": np.int64, "x": np.float32, "y": np.float32}
        joined = [np.concatenate(parts or [[]]).astype(kinds[name]) for name, parts in self.columns.items()]
        names = np.concatenate([one[0] for one in self.heads] or [[]]).astype(np.uint32)
        places = np.concatenate([one[1] for one in self.heads] or [[]]).astype(np.uint32)
        other = np.concatenate([np.full(len(one[0]), one[2]) for one in self.heads] or [[]]).astype(bool)
        order = np.lexsort((places, names))
        return Places(*joined), Heads(names[order], places[order], other[order]), list(self.names)


def _end_of(area: int) -> int:
    """The first area number behind an area above a cell."""
    return next(area + size for _, size in sorted(LEVELS.items()) if area % size == 0)


def _add_areas(draft: _Draft, rows: dict[str, pa.Table]) -> None:
    for what, kind in (("areas", AREA), ("cells", CELL)):
        table = rows[what]
        places = _placed(draft, kind, table, "code")
        draft.call(places, columns.texts(table, "name"))
        if what == "areas":
            draft.call(places, columns.texts(table, "short_name"))


def _placed(draft: _Draft, kind: int, table: pa.Table, code: str) -> np.ndarray:
    x, y = columns.middles(table)
    return draft.add(kind, columns.numbers(table, "id"), columns.codes(table, code), x, y)


def _add_compounds(draft: _Draft, table: pa.Table) -> dict[int, int]:
    """Primary key → place."""
    places = _placed(draft, COMPOUND, table, "area")
    draft.call(places, columns.texts(table, "name"))
    for place, written in zip(places, columns.texts(table, "aliases"), strict=True):
        aliases = json.loads(written or "[]")
        if isinstance(aliases, list) and aliases:
            draft.call(np.full(len(aliases), place), map(str, aliases), other=True)
    return dict(zip(columns.numbers(table, "id").tolist(), places.tolist(), strict=True))


def _buildings(draft: _Draft, table: pa.Table, compounds: dict[int, int]) -> tuple[Buildings, Words]:
    area = columns.codes(table, "area")
    order = np.argsort(area, kind="stable")
    (number, gate), words = _worded([columns.coded(table, name) for name in ("number", "gate")])
    x, y = columns.middles(table)
    code = pc.if_else(pc.match_substring_regex(table.column("code"), "^[0-9]{1,18}$"), table.column("code"), "0")
    buildings = Buildings(
        ids=columns.numbers(table, "id", np.uint32)[order],
        code=pc.cast(code, pa.int64()).combine_chunks().to_numpy(zero_copy_only=False)[order],
        area=area[order],
        compound=_mapped(columns.numbers(table, "compound_id"), compounds)[order],
        front=_fronts(draft, table, area, x, y)[order],
        number=number[order],
        gate=gate[order],
        x=x[order],
        y=y[order],
        by_code=np.empty(0, np.uint32),
    )
    _add_shops(draft, table, order, buildings)
    by_code = np.argsort(buildings.code, kind="stable").astype(np.uint32)
    return Buildings(**(vars(buildings) | {"by_code": by_code})), words


def _mapped(keys: np.ndarray, to: dict[int, int]) -> np.ndarray:
    known, each = np.unique(keys, return_inverse=True)
    return (
        np.array([to.get(int(key), NONE) for key in known], np.uint32)[each] if len(known) else each.astype(np.uint32)
    )


def _fronts(draft: _Draft, table: pa.Table, area: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The street front of every building: its road within its community."""
    roads, each = columns.coded(table, "road")
    communities, homes = np.unique(area // LEVELS[12], return_inverse=True)
    keys, firsts, of = np.unique(homes * max(len(roads), 1) + each, return_index=True, return_inverse=True)
    names = np.array([draft.number(spelt(road)) for road in roads], np.int64)
    road = keys % max(len(roads), 1)
    named = names[road] >= 0 if len(roads) else np.zeros(0, bool)
    where = communities[keys // max(len(roads), 1)] * LEVELS[12]
    places = np.full(len(keys), NONE, np.uint32)
    first = firsts[named]
    places[named] = draft.add(FRONT, np.zeros(int(named.sum())), where[named], x[first], y[first])
    draft.call_by_number(places[named].astype(np.int64), names[road][named])
    return places[of]


def _add_shops(draft: _Draft, table: pa.Table, order: np.ndarray, buildings: Buildings) -> None:
    """A building with a name of its own is a place, called so."""
    names, each = columns.coded(table, "name")
    numbers = np.array([draft.number(spelt(name)) for name in names], np.int64)
    each = numbers[each][order] if len(names) else each
    rows = np.flatnonzero(each >= 0)
    places = draft.add(SHOP, rows, buildings.area[rows], buildings.x[rows], buildings.y[rows])
    draft.call_by_number(places, each[rows])


def _add_aliases(draft: _Draft, table: pa.Table, buildings: Buildings) -> None:
    """Other names of areas, roads and buildings, from their own table."""
    rows = zip(*(columns.texts(table, name) for name in ("kind", "area", "name", "alias")), strict=True)
    houses = columns.numbers(table, "building_id")
    row_of = {int(pk): row for row, pk in enumerate(buildings.ids)} if houses.any() else {}
    areas = columns.codes(table, "area")
    for (kind, _, name, alias), area, house in zip(rows, areas, houses, strict=True):
        if kind == "building" and int(house) in row_of:
            row = np.array([row_of[int(house)]])
            places = draft.add(SHOP, row, buildings.area[row], buildings.x[row], buildings.y[row])
        elif kind == "road":
            places = draft.bearing(spelt(name), (FRONT, ROAD), area)
        else:
            places = draft.bearing("", (AREA, CELL), area, exactly=True)
        draft.call(places, [alias] * len(places), other=True)


def _add_roads(draft: _Draft) -> None:
    """The roads of the base map, each name once: the land is no secret."""
    ways = Way.objects.filter(kind=Way.Kind.ROAD).exclude(name="").values_list("name").annotate(first=Min("pk"))
    names, firsts = [list(column) for column in zip(*ways, strict=True)] or [[], []]
    nothing = np.zeros(len(names))
    draft.call(draft.add(ROAD, np.array(firsts, np.int64), nothing, nothing, nothing), names)


def _seats(buildings: Buildings) -> Seats:
    keys, rows = [], []
    for place, number in ((buildings.compound, buildings.number), (buildings.front, buildings.gate)):
        seated = np.flatnonzero((place != NONE) & (number > 0))
        keys.append((place[seated].astype(np.uint64) << np.uint64(32)) | number[seated].astype(np.uint64))
        rows.append(seated.astype(np.uint32))
    key, row = np.concatenate(keys), np.concatenate(rows)
    order = np.argsort(key, kind="stable")
    return Seats(key[order], row[order])


def _doors(buildings: Buildings, table: pa.Table) -> tuple[Doors, Words, Words]:
    by_id = np.argsort(buildings.ids)
    houses = columns.numbers(table, "building_id")
    at = np.searchsorted(buildings.ids, houses, sorter=by_id)
    row = by_id[np.minimum(at, max(len(by_id) - 1, 0))] if len(by_id) else np.zeros(0, np.int64)
    known = buildings.ids[row] == houses if len(by_id) else np.zeros(len(houses), bool)
    (unit,), units = _worded([columns.coded(table, "unit")])
    (room,), rooms = _worded([columns.coded(table, "room")])
    key = Doors.key(row[known] if len(by_id) else row, unit[known], room[known])
    order = np.argsort(key, kind="stable")
    return Doors(key[order], columns.numbers(table, "id", np.uint32)[known][order]), units, rooms


def _worded(
    columns_: list[tuple[list[str], np.ndarray]], say: Callable[[str], str] = bare
) -> tuple[list[np.ndarray], Words]:
    """Columns of short texts in one spelling as numbers, and their words in a natural order."""
    said = [[say(text) for text in distinct] for distinct, _ in columns_]
    words = sorted({"", *(text for column in said for text in column)}, key=_naturally)
    numbers = {word: number for number, word in enumerate(words)}
    found = [
        np.array([numbers[text] for text in texts], np.uint32)[each] if texts else each.astype(np.uint32)
        for texts, (_, each) in zip(said, columns_, strict=True)
    ]
    starts = np.concatenate([[0], np.cumsum([len(word) for word in words])]).astype(np.int64)
    return found, Words(np.frombuffer("".join(words).encode("utf-32-le"), np.uint32), starts)


def _naturally(text: str) -> tuple:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text) if part)
