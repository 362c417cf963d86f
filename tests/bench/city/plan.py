"""How large the city is, and where each copy of a street lies.

The first streets are made by the generator at their own places. Copies follow: the rest of the first hundred round the
centre, then districts of a hundred streets, ten by ten. The first four districts are the dense centre: half the size
on either axis, so four buildings where elsewhere stands one.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from fixtures.town.lattice import CENTRE, PITCH, street_code, winding
from gis import crs

#: Streets a district has, and those round the centre.
_HUNDRED = 100
#: Width of a district with its distance to the next, in streets.
_SLOT = 11
_DENSE_DISTRICTS = 4


@dataclass(frozen=True)
class Size:
    """After the demonstration's own `town` come `made` streets out of the generator; the numbers `copied` are copies.

    `residents` and `incidents` are how many there shall be in all of them.
    """

    name: str
    town: str
    made: int
    copied: range
    residents: int
    incidents: int

    @property
    def streets(self) -> int:
        return self.made + len(self.copied)


#: 40,000 cells and a little more; one street has some 45 cells and 1,230 buildings.
FULL = Size("city", "town", 8, range(9, 897), 5_000_000, 1_000_000)
#: A fiftieth, a part of it dense.
QUICK = Size("city_quick", "small", 2, range(101, 117), 100_000, 20_000)


@dataclass(frozen=True)
class Copy:
    """One copied street: `turn` counts the copies of its original, `scale` and the shifts (degrees) place it."""

    number: int
    original: int
    turn: int
    code: str
    scale: float
    east: float
    north: float


def copies(size: Size) -> list[Copy]:
    """Every street that is copied, in the order of its number."""
    return [_copy(number, place, size.made) for place, number in enumerate(size.copied)]


def _copy(number: int, place: int, made: int) -> Copy:
    original = place % made + 1
    column, row, scale = _place(number)
    pitch = _pitch_in_degrees()
    there = np.array(CENTRE) + pitch * (column, row)
    here = np.array(CENTRE) + pitch * winding(original)
    east, north = (float(shift) for shift in there - scale * here)
    return Copy(number, original, place // made + 1, street_code(number), scale, east, north)


def _place(number: int) -> tuple[float, float, float]:
    """Column and row in the lattice, and scale."""
    if number <= _HUNDRED:
        return (*winding(number), 1.0)
    district, at = divmod(number - _HUNDRED - 1, _HUNDRED)
    row, column = divmod(at, 10)
    if district < _DENSE_DISTRICTS:
        west, south = winding(1)
        half_row, half_column = divmod(district, 2)
        return west * _SLOT + (column + 10 * half_column) / 2 - 5, south * _SLOT + (row + 10 * half_row) / 2 - 5, 0.5
    west, south = winding(district - _DENSE_DISTRICTS + 2)
    return west * _SLOT + column - 5, south * _SLOT + row - 5, 1.0


@cache
def _pitch_in_degrees() -> np.ndarray:
    system = crs.metric(*CENTRE)
    centre = crs.move(np.array([CENTRE]), crs.STORE, system)
    return crs.move(centre + PITCH, system, crs.STORE)[0] - CENTRE
