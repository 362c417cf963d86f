"""The doors of a building as people picture it: units side by side, storeys one above the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gis.places.building import Dwelling


@dataclass(frozen=True)
class Storey:
    """One floor: the doors of each unit, in the order of the building's units."""

    floor: int | None
    doors: tuple[tuple[Dwelling, ...], ...]


@dataclass(frozen=True)
class Elevation:
    """A building's units from left to right and its storeys from the top down."""

    units: tuple[str, ...]
    storeys: tuple[Storey, ...]


def elevation(dwellings: Iterable[Dwelling]) -> Elevation:
    """Arrange doors by unit and floor. Doors without a floor come last; units sort as numbers where they are."""
    doors: dict[int | None, dict[str, list[Dwelling]]] = defaultdict(lambda: defaultdict(list))
    for dwelling in dwellings:
        doors[dwelling.floor][dwelling.unit].append(dwelling)
    units = sorted({unit for floor in doors.values() for unit in floor}, key=_as_number)
    floors = sorted(doors, key=lambda floor: (floor is None, -(floor or 0)))
    return Elevation(tuple(units), tuple(Storey(floor, _row(doors[floor], units)) for floor in floors))


def _row(floor: dict[str, list[Dwelling]], units: list[str]) -> tuple[tuple[Dwelling, ...], ...]:
    return tuple(tuple(sorted(floor.get(unit, []), key=lambda door: _as_number(door.room))) for unit in units)


def _as_number(text: str) -> tuple[int, str]:
    digits = "".join(sign for sign in text if sign.isdigit())
    return (int(digits) if digits else 0, text)
