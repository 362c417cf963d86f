"""What of a query was found, what was left over, and what there is instead."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np

from gis.places.address.spelling import spelt
from gis.places.search.asking import Asked, Reading, readings_of
from gis.places.search.index import AREA, CELL, COMPOUND, FRONT
from gis.places.search.ranking import Hit
from gis.places.search.view import View

_PARTS = {"b": "building", "g": "gate", "u": "unit", "f": "floor", "r": "room"}
#: From which score of the words (0–2) on a place is surely the one that was meant.
_MEANT = 1.6
_MOST_INSTEAD = 2
#: Buildings among which a number alone is looked for.
_MOST_BARE = 20_000


def left_over(asked: Asked, hit: Hit) -> str:
    """What of the query a hit does not explain, pieces parted by a blank."""
    used = np.zeros(len(asked.text) + 1, bool)
    for start, end in hit.covered:
        used[start:end] = True
    there = {
        getattr(hit.reading, name) for part, name in _PARTS.items() if hit.row >= 0 and part not in hit.missing
    } - {""}
    for number in asked.numbers:
        used[number.start : number.end] |= number.value in there
    letters = (letter if not used[at] and letter.isalnum() else " " for at, letter in enumerate(asked.text))
    return " ".join("".join(letters).split())


def spans_in(title: str, asked: Asked, name: str) -> list[tuple[int, int]]:
    """Which parts of a title were typed, as [start, end): all of the name where it was spelt in Latin letters."""
    plain = spelt(title)
    if len(plain) != len(title):
        return []
    blocks = SequenceMatcher(None, plain, asked.text, autojunk=False).get_matching_blocks()
    found = [(block.a, block.a + block.size) for block in blocks if block.size]
    if name and not any(title[start:end].strip("0123456789") for start, end in found):
        at = plain.find(name)
        found += [(at, at + len(name))] if at >= 0 else []
    return sorted(found)


@dataclass(frozen=True)
class Instead:
    """Something asked for is not there: the place or building (`place` or `row`, else -1), what was asked, and what
    there is: other buildings (`rows`), units, or first and last room.
    """

    place: int = -1
    row: int = -1
    asked: str = ""
    rows: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    unit: str = ""
    rooms: tuple[str, ...] = field(default_factory=tuple)


def instead_of(asked: Asked, hits: list[Hit], view: View) -> Instead | None:
    """What there is instead where the best hit lacks a part: the numbers next to it, or the units and rooms."""
    best = hits[0] if hits else None
    if best is None and asked.is_all_numbers:
        return _nearest_number(asked, view)
    if best and best.row >= 0 and set(best.missing) & set("ur"):
        return _behind(best, view)
    meant = max((hit for hit in hits if hit.row < 0 or "b" in hit.missing), key=lambda hit: hit.score, default=None)
    if (
        not asked.numbers
        or meant is None
        or meant.score < _MEANT
        or view.index.places.kind[meant.place] in (AREA, CELL)
    ):
        return None
    return _nearest(asked, meant, hits, view)


def _nearest(asked: Asked, meant: Hit, hits: list[Hit], view: View) -> Instead | None:
    """The buildings of the place whose numbers are nearest to the one asked for, in scope."""
    if any(hit.row >= 0 and hit.name == meant.name and "b" not in hit.missing for hit in hits) or not left_over(
        asked, meant
    ):
        return None
    index = view.index
    heads = index.heads
    places = heads.place[slice(*np.searchsorted(heads.name, [meant.name, meant.name + 1]))]
    places = places[view.places[places] & np.isin(index.places.kind[places], (COMPOUND, FRONT))]
    number = next((one.value for one in asked.numbers if not any(s <= one.start < e for s, e in meant.covered)), "")
    seats = np.concatenate(
        [np.arange(one.start, one.stop) for one in map(index.seats.of, places.tolist())] or [[]]
    ).astype(int)
    seats = seats[view.rows(index.seats.rows[seats])]
    if not len(seats) or not number:
        return None
    words = (index.seats.keys[seats] & np.uint64(0xFFFFFFFF)).astype(int)
    far = np.array([_apart(number, index.numbers.text(word)) for word in words])
    best = np.argsort(far, kind="stable")[:_MOST_INSTEAD]
    return Instead(place=meant.place, asked=number, rows=tuple(int(row) for row in index.seats.rows[seats[best]]))


def _nearest_number(asked: Asked, view: View) -> Instead | None:
    """Where nothing but numbers was typed: the buildings in scope with those next to it. Not in a whole city."""
    reading = next(iter(readings_of(asked.numbers)), Reading())
    number, rows = reading.building or reading.gate, view.all_rows
    if not number or not 0 < len(rows) <= _MOST_BARE:
        return None
    words = view.index.buildings.number[rows]
    far = {word: _apart(number, view.index.numbers.text(int(word))) for word in np.unique(words)}
    best = sorted(range(len(rows)), key=lambda at: far[words[at]])[:_MOST_INSTEAD]
    return Instead(asked=number, rows=tuple(int(rows[at]) for at in best)) if far[words[best[0]]] < 1e9 else None


def _apart(one: str, other: str) -> float:
    digits = ["".join(filter(str.isdigit, text)) for text in (one, other)]
    return abs(int(digits[0]) - int(digits[1])) if all(digits) else 1e9


def _behind(best: Hit, view: View) -> Instead | None:
    index = view.index
    here = index.doors.of(best.row)
    units, rooms = index.doors.units(here), index.doors.rooms(here)
    if not len(units):
        return None
    asked = "-".join(filter(None, (best.reading.unit, best.reading.room)))
    if "u" in best.missing:
        return Instead(row=best.row, asked=asked, units=tuple(index.units.text(int(one)) for one in np.unique(units)))
    unit = index.units.number(best.reading.unit) if best.reading.unit else None
    inside = np.unique(rooms if unit is None else rooms[units == unit])
    ends = tuple(index.rooms.text(int(one)) for one in (inside[0], inside[-1]))
    return Instead(row=best.row, asked=asked, unit=best.reading.unit, rooms=ends)
