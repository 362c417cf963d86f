"""Every address as arrays: names, places, buildings in the order of their areas, and the doors of each building."""

from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property

import numpy as np

from gis.places.search.grams import Names

#: What a name may stand for. A street front is a road within one community; a road is the line on the base map.
AREA, CELL, COMPOUND, FRONT, SHOP, ROAD = range(6)
NONE = np.uint32(0xFFFFFFFF)
_ROOM_BITS, _UNIT_BITS = 22, 14


@dataclass(frozen=True)
class Words:
    """Distinct short texts in a natural order, 2 before 10. Number 0 is the empty text."""

    points: np.ndarray  # uint32, code points
    starts: np.ndarray  # int64

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, number: int) -> str:
        return self.points[self.starts[number] : self.starts[number + 1]].tobytes().decode("utf-32-le")

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {self.text(number): number for number in range(len(self))}

    def number(self, text: str) -> int | None:
        return self._numbers.get(text)


@dataclass(frozen=True)
class Places:
    """What a name may stand for."""

    kind: np.ndarray  # uint8
    ids: np.ndarray  # uint32: primary key; of a shop its building's row, of a road one line; 0 for a street front
    area: np.ndarray  # int64, as `scoping` writes it; 0: everybody's
    x: np.ndarray  # float32, degrees
    y: np.ndarray


@dataclass(frozen=True)
class Heads:
    """Which place bears which name, in the order of the names."""

    name: np.ndarray  # uint32
    place: np.ndarray  # uint32
    other: np.ndarray  # bool: an alias or an old name


@dataclass(frozen=True)
class Buildings:
    """Buildings in the order of their areas."""

    ids: np.ndarray  # uint32
    code: np.ndarray  # int64, 0 where it is not a number
    area: np.ndarray  # int64, sorted
    compound: np.ndarray  # uint32: a place, NONE for none
    front: np.ndarray  # uint32: likewise
    number: np.ndarray  # uint32, words
    gate: np.ndarray  # uint32, words
    x: np.ndarray  # float32, degrees
    y: np.ndarray
    by_code: np.ndarray  # uint32: rows in the order of `code`


@dataclass(frozen=True)
class Seats:
    """Which building has which number in a compound or on a street front."""

    keys: np.ndarray  # uint64, sorted: place << 32 | number
    rows: np.ndarray  # uint32: buildings

    def of(self, place: int) -> slice:
        """Where the numbers of a place stand."""
        low, high = np.searchsorted(
            self.keys, [np.uint64(place) << np.uint64(32), np.uint64(place + 1) << np.uint64(32)]
        )
        return slice(int(low), int(high))

    def find(self, places: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
        """First and last (exclusive) seat of each place with that number."""
        keys = (places.astype(np.uint64) << np.uint64(32)) | np.uint64(number)
        return np.searchsorted(self.keys, keys), np.searchsorted(self.keys, keys + np.uint64(1))


@dataclass(frozen=True)
class Doors:
    """Doors in the order of their buildings, units and rooms."""

    keys: np.ndarray  # uint64, sorted
    ids: np.ndarray  # uint32

    @staticmethod
    def key(row: np.ndarray | int, unit: np.ndarray | int, room: np.ndarray | int) -> np.ndarray:
        high = np.asarray(row, np.uint64) << np.uint64(_UNIT_BITS + _ROOM_BITS)
        return high | (np.asarray(unit, np.uint64) << np.uint64(_ROOM_BITS)) | np.asarray(room, np.uint64)

    def of(self, row: int) -> slice:
        low, high = np.searchsorted(self.keys, [self.key(row, 0, 0), self.key(row + 1, 0, 0)])
        return slice(int(low), int(high))

    def units(self, at: slice | int) -> np.ndarray:
        return (self.keys[at] >> np.uint64(_ROOM_BITS)) & np.uint64(2**_UNIT_BITS - 1)

    def rooms(self, at: slice | int) -> np.ndarray:
        return self.keys[at] & np.uint64(2**_ROOM_BITS - 1)

    def rows(self, at: slice | np.ndarray) -> np.ndarray:
        return self.keys[at] >> np.uint64(_UNIT_BITS + _ROOM_BITS)


@dataclass(frozen=True)
class Index:
    names: Names
    places: Places
    heads: Heads
    buildings: Buildings
    seats: Seats
    doors: Doors
    numbers: Words
    units: Words
    rooms: Words

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in arrays_of(self).values())

    @cached_property
    def is_area(self) -> np.ndarray:
        """Which names are borne by an area."""
        found = np.zeros(len(self.names), bool)
        found[self.heads.name[self.places.kind[self.heads.place] == AREA]] = True
        return found


def arrays_of(part, prefix: str = "") -> dict[str, np.ndarray]:
    """Every array by its dotted name."""
    if isinstance(part, np.ndarray):
        return {prefix: part}
    found: dict[str, np.ndarray] = {}
    for field in fields(part):
        found |= arrays_of(getattr(part, field.name), f"{prefix}.{field.name}".lstrip("."))
    return found


def index_of(arrays: dict[str, np.ndarray], kind: type = Index, prefix: str = ""):
    """The index again, from what `arrays_of` gave."""
    values = []
    for field in fields(kind):
        name = f"{prefix}.{field.name}".lstrip(".")
        part = _PARTS.get(field.name) if kind is Index else None
        values.append(index_of(arrays, part, name) if part and is_dataclass(part) else arrays[name])
    return kind(*values)


_PARTS = {
    "names": Names, "places": Places, "heads": Heads, "buildings": Buildings, "seats": Seats, "doors": Doors,
    "numbers": Words, "units": Words, "rooms": Words,
}  # fmt: skip
