"""Behind a name: the building with a number, its units and its doors."""

from dataclasses import dataclass

import numpy as np

from gis.places.search.asking import Reading
from gis.places.search.index import AREA, CELL, FRONT, NONE, SHOP, Doors
from gis.places.search.scoping import LEVELS
from gis.places.search.view import View

_MOST_ROWS = 400
#: Doors looked through one building after another, where the unit is not said.
_MOST_OPENED = 80
_MOST_BARE = 20_000


@dataclass(frozen=True)
class Tails:
    """n buildings or doors: `of` is which candidate each belongs to; what of the reading is not there, and the share
    of what was asked beyond the building that is."""

    of: np.ndarray
    row: np.ndarray
    door: np.ndarray  # -1: the building itself
    missing: np.ndarray  # bits: 1 gate, 2 unit, 4 room, 8 floor
    share: np.ndarray

    def missing_of(self, at: int) -> str:
        return "".join(part for bit, part in enumerate("gurf") if self.missing[at] & 1 << bit)


def look_behind(view: View, place: np.ndarray, reading: Reading) -> Tails:
    """The buildings and doors of these places that the reading names."""
    kind = view.index.places.kind[place]
    found = [
        _seated(view, place, kind == FRONT, reading.gate or reading.building, reading.building if reading.gate else ""),
        _seated(view, place, (kind != FRONT) & (kind != SHOP), reading.building or reading.gate, ""),
        _shops(view, place, kind == SHOP, reading),
        _within(view, place, kind, reading),
    ]
    of, row = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _opened(view, of[:_MOST_ROWS], row[:_MOST_ROWS], reading)


def rows_numbered(view: View, reading: Reading) -> Tails:
    """Every building in scope that has the number, or every door that has the room."""
    rows = view.all_rows
    number = view.index.numbers.number(reading.building or reading.gate)
    if reading.building or reading.gate:
        if number is None:
            rows = rows[:0]
        else:
            buildings = view.index.buildings
            rows = rows[(buildings.number[rows] == number) | (buildings.gate[rows] == number)]
    elif len(rows) > _MOST_BARE or not reading.room:
        rows = rows[:0]
    else:
        rows = _with_room(view, rows, reading)
    return _opened(view, np.zeros(len(rows[:_MOST_ROWS]), int), rows[:_MOST_ROWS], reading)


def _with_room(view: View, rows: np.ndarray, reading: Reading) -> np.ndarray:
    """Those of the buildings that have a door with the room. The buildings are many, and stand together."""
    room = view.index.rooms.number(reading.room)
    if room is None or not len(rows):
        return rows[:0]
    doors = view.index.doors
    low, high = np.searchsorted(doors.keys, [Doors.key(rows[0], 0, 0), Doors.key(rows[-1] + 1, 0, 0)])
    at = np.flatnonzero(doors.rooms(slice(low, high)) == room) + low
    return np.intersect1d(rows, doors.rows(at))


def _seated(view: View, place: np.ndarray, which: np.ndarray, number: str, also: str) -> tuple[np.ndarray, np.ndarray]:
    """The buildings with that number among those of the places; `also` is the number of one of several at a gate."""
    wanted = view.index.numbers.number(number) if number else None
    sought = np.flatnonzero(which)
    if not wanted or not len(sought):
        return np.zeros(0, int), np.zeros(0, int)
    low, high = view.index.seats.find(place[sought], wanted)
    of = np.repeat(sought, high - low)
    seats = np.concatenate([np.arange(one, last) for one, last in zip(low, high, strict=True) if last > one] or [[]])
    row = view.index.seats.rows[seats.astype(int)].astype(int)
    if also:
        fits = view.index.buildings.number[row] == (view.index.numbers.number(also) or NONE)
        of, row = of[fits], row[fits]
    seen = view.rows(row)
    return of[seen], row[seen]


def _shops(view: View, place: np.ndarray, which: np.ndarray, reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """A building with a name of its own needs no number; the gate, where one is given, must be its own."""
    of = np.flatnonzero(which)
    row = view.index.places.ids[place[of]].astype(int)
    number = reading.gate or reading.building
    if number:
        wanted = view.index.numbers.number(number) or NONE
        fits = (view.index.buildings.gate[row] == wanted) | (view.index.buildings.number[row] == wanted)
        of, row = of[fits], row[fits]
    seen = view.rows(row)
    return of[seen], row[seen]


def _within(view: View, place: np.ndarray, kind: np.ndarray, reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """The buildings of a community or cell that have the number, where only the area was named."""
    wanted = view.index.numbers.number(reading.building or reading.gate)
    of, row = [np.zeros(0, int)], [np.zeros(0, int)]
    area, buildings = view.index.places.area, view.index.buildings
    for at in np.flatnonzero((kind == CELL) | (kind == AREA))[:12] if wanted else ():
        code = area[place[at]]
        if kind[at] == AREA and code % LEVELS[9] == 0:
            continue  # a street or more: its buildings are named by compound or road
        last = code + 1 if kind[at] == CELL else code + LEVELS[12]
        low, high = np.searchsorted(buildings.area, [code, last])
        fits = (buildings.number[low:high] == wanted) | (buildings.gate[low:high] == wanted)
        rows = np.flatnonzero(fits) + low
        rows = rows[view.rows(rows)]
        of.append(np.full(len(rows), at))
        row.append(rows)
    return np.concatenate(of), np.concatenate(row)


def _opened(view: View, of: np.ndarray, row: np.ndarray, reading: Reading) -> Tails:
    """Each building with what of gate, unit and room is there: one line a door that fits, else one for the building."""
    no_gate = _without_gate(view, row, reading)
    if not (reading.unit or reading.room or reading.floor):
        return Tails(of, row, np.full(len(row), -1), no_gate, 1 - no_gate * float(bool(reading.gate)))
    at, door, missing = _behind(view, row[:_MOST_OPENED], reading)
    missing = missing | no_gate[at]
    asked = (reading.unit, reading.room, reading.floor, reading.building and reading.gate)
    parts = sum(map(bool, asked))
    gone = sum((missing >> bit) & 1 for bit in range(4))
    return Tails(of[at], row[at], door, missing, 1 - gone / parts)


def _without_gate(view: View, row: np.ndarray, reading: Reading) -> np.ndarray:
    """1 where both building and gate were said and the gate is another one."""
    if not (reading.building and reading.gate):
        return np.zeros(len(row), int)
    return (view.index.buildings.gate[row] != (view.index.numbers.number(reading.gate) or NONE)).astype(int)


def _behind(view: View, row: np.ndarray, reading: Reading) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lines of a building (which of the rows), a door (-1: the building itself) and the bits of what is missing."""
    doors, unit = view.index.doors, view.index.units.number(reading.unit)
    low, high = np.searchsorted(doors.keys, doors.key(row, 0, 0)), np.searchsorted(doors.keys, doors.key(row + 1, 0, 0))
    of, at = _spread(low, high)
    rooms = doors.rooms(at)
    fits = doors.units(at) == (NONE if unit is None else unit) if reading.unit else np.ones(len(at), bool)
    no_unit = np.bincount(of[fits], minlength=len(row)) == 0 if reading.unit else np.zeros(len(row), bool)
    no_floor = _without_floor(view, of[fits], rooms[fits], len(row), reading.floor)
    missing = 2 * no_unit + 8 * (no_floor | (no_unit & bool(reading.floor)))
    if not reading.room:
        return np.arange(len(row)), np.full(len(row), -1), missing
    room = view.index.rooms.number(reading.room)
    found = np.flatnonzero(fits & (rooms == (NONE if room is None else room)))
    without = np.flatnonzero(np.bincount(of[found], minlength=len(row)) == 0)
    lines = np.concatenate([of[found], without])
    return (
        lines,
        np.concatenate([at[found], np.full(len(without), -1)]),
        np.concatenate([missing[of[found]], missing[without] | 4]),
    )


def _spread(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers from each low up to its high, and which of the stretches each is of."""
    long = high - low
    of = np.repeat(np.arange(len(low)), long)
    return of, np.arange(len(of)) + np.repeat(low - np.cumsum(long) + long, long)


def _without_floor(view: View, of: np.ndarray, rooms: np.ndarray, count: int, floor: str) -> np.ndarray:
    """Which of the buildings have no room on the floor; none is asked for where none was said."""
    if not floor:
        return np.zeros(count, bool)
    return np.array([not _has_floor(view, rooms[of == one], floor) for one in range(count)], bool)


def _has_floor(view: View, rooms: np.ndarray, floor: str) -> bool:
    """Whether a room number begins with the floor: 402 and 1203 do with 4 and 12."""
    return any(view.index.rooms.text(int(room))[:-2] == floor for room in np.unique(rooms))
