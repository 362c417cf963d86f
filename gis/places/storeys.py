"""The doors of a building as people picture it: units side by side, storeys one above the other, doors in columns.

402 stands above 302, and where a floor has no 02 the place is left open, so a door that is missing from the register
is seen. What follows no pattern of numbers (门房, a split or a duplex flat) stands beside the columns of its floor.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gis.places.building import Dwelling
from gis.places.numbering import ABOVE, BELOW, Column, Style, natural, read_room

#: Storeys between the lowest and the highest are shown even without a door, unless that would be absurd.
_TALLEST = 200
#: From so many storeys on there is a lift (GB 50096: seven and more), and one walks from the top down.
_WITH_LIFT = 7


@dataclass(frozen=True)
class Slot:
    """A place for a door. Without one, `room` is the number that the pattern gives it, "" where it gives none."""

    room: str
    door: Dwelling | None = None


@dataclass(frozen=True)
class Unit:
    """One staircase 单元: its name ("" where a building has none) and the columns of its doors."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Part:
    """One unit's part of a storey: a slot for each of the unit's columns, then what stands beside them."""

    slots: tuple[Slot, ...]
    beside: tuple[Dwelling, ...] = ()

    @property
    def doors(self) -> tuple[Dwelling, ...]:
        return (*(slot.door for slot in self.slots if slot.door), *self.beside)


@dataclass(frozen=True)
class Storey:
    """One floor (None: not known), with a part for each unit."""

    floor: int | None
    parts: tuple[Part, ...]

    @property
    def doors(self) -> tuple[tuple[Dwelling, ...], ...]:
        return tuple(part.doors for part in self.parts)


@dataclass(frozen=True)
class Elevation:
    """A building's units from left to right and its storeys from the top down."""

    columns: tuple[Unit, ...] = ()
    storeys: tuple[Storey, ...] = field(default=())

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.columns)

    @property
    def floors(self) -> tuple[int, ...]:
        return tuple(storey.floor for storey in self.storeys if storey.floor is not None)


def elevation(dwellings: Iterable[Dwelling]) -> Elevation:
    """Arrange the doors that are there by unit, floor and column. Doors without a floor come last."""
    by_unit: dict[str, list[Dwelling]] = defaultdict(list)
    for door in dwellings:
        if door.state != Dwelling.State.GONE:
            by_unit[door.unit].append(door)
    units = [_Reading(name, by_unit[name]) for name in sorted(by_unit, key=natural)]
    floors = _floors({door.floor for doors in by_unit.values() for door in doors})
    storeys = tuple(Storey(floor, tuple(unit.part(floor) for unit in units)) for floor in floors)
    return Elevation(tuple(Unit(unit.name, unit.columns) for unit in units), storeys)


class _Reading:
    """The doors of one unit, read by their numbers."""

    def __init__(self, name: str, doors: list[Dwelling]) -> None:
        self.name = name
        self._placed: dict[tuple[int | None, Column], Dwelling] = {}
        self._beside: dict[int | None, list[Dwelling]] = defaultdict(list)
        styles: dict[bool, Counter[Style]] = {True: Counter(), False: Counter()}
        for door in sorted(doors, key=lambda door: natural(door.room)):
            read = read_room(door.room, door.floor)
            if read is None or (door.floor, read[1]) in self._placed:
                self._beside[door.floor].append(door)
                continue
            style, column = read
            self._placed[door.floor, column] = door
            styles[door.floor > 0][style] += tells(door.floor)
        self.columns = tuple(sorted({column for _, column in self._placed}))
        self._styles = {above: commonest(counted) for above, counted in styles.items()}
        self._built = {floor for floor, _ in self._placed}
        self._rooms = {door.room for door in doors}

    def part(self, floor: int | None) -> Part:
        slots = tuple(self._slot(floor, column) for column in self.columns) if floor is not None else ()
        return Part(slots, tuple(self._beside.get(floor, ())))

    def _slot(self, floor: int, column: Column) -> Slot:
        door = self._placed.get((floor, column))
        if door:
            return Slot(door.room, door)
        style = self._styles[floor > 0]
        room = style.room(floor, column) if style and floor in self._built and not column.suffix else ""
        return Slot("" if room in self._rooms else room)


def tells(floor: int) -> int:
    """Whether a number on the floor tells if floors are padded: 0301 and 301 do, 1203 does not."""
    return int(abs(floor) < 10)


def commonest(counted: Counter[Style]) -> Style | None:
    """The style most doors have, the simplest of several; None of none."""
    return min(counted, key=lambda style: (-counted[style], style)) if counted else None


def _floors(found: set[int | None]) -> list[int | None]:
    """From the top down, storeys without doors included (there is no floor 0 unless a door says so), None last."""
    known = sorted(floor for floor in found if floor is not None)
    if known and known[-1] - known[0] < _TALLEST:
        known = [floor for floor in range(known[0], known[-1] + 1) if floor or 0 in found]
    return [*reversed(known), *([None] if None in found else [])]


def walking_order(view: Elevation) -> Iterator[Dwelling]:
    """The doors as one walks them: each staircase upwards, or from the top down where there is a lift."""
    floors = [storey for storey in view.storeys if storey.floor is not None]
    upwards = len([storey for storey in floors if (storey.floor or 0) > 0]) < _WITH_LIFT
    rows = [*(reversed(floors) if upwards else floors), *(row for row in view.storeys if row.floor is None)]
    for place in range(len(view.columns)):
        for row in rows:
            yield from row.parts[place].doors


def style_of(doors: Iterable[Dwelling], above: bool) -> Style:
    """How the doors of a building write their floors above the ground, or below it."""
    read = ((door.floor, read_room(door.room, door.floor)) for door in doors)
    counted: Counter[Style] = Counter()
    for floor, found in read:
        if found and (floor > 0) == above:
            counted[found[0]] += tells(floor)
    return commonest(counted) or (ABOVE if above else BELOW)


def columns_of(doors: Iterable[Dwelling]) -> tuple[Column, ...]:
    """The columns in which doors stand."""
    return tuple(sorted({found[1] for door in doors if (found := read_room(door.room, door.floor))}))
