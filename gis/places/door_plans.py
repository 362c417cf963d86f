"""New doors that follow the pattern of those there are: a floor, a copied unit, a whole building.

A plan writes nothing: it is shown first ("将新增 12 户：301…304"), and what was shown is what `gis.places.doors` adds.
The phone draws up the same plans without a network (web/frontend/src/field/doors/plans.ts); both are held against
the cases in tests/gis/places/door_plans.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.places.building import Dwelling
from gis.places.numbering import ABOVE, Column, natural, read_room
from gis.places.storeys import columns_of, style_of

#: Doors of one plan: a tower of 40 floors with 25 doors each.
MOST_DOORS = 1000
#: Floors a building may have.
LOWEST, HIGHEST = -9, 200


@dataclass(frozen=True)
class NewDoor:
    unit: str
    floor: int | None
    room: str


def plan_floor(doors: Sequence[Dwelling], floor: int) -> list[NewDoor]:
    """The doors a floor would have, unit by unit, like the nearest floor that has some (of two, the lower one).

    Raises Refused where no number in the building tells its floor, and for a floor that cannot be.
    """
    if not LOWEST <= floor <= HIGHEST or floor == 0:
        raise Refused(_("没有这一层。"), fix=_("楼层是 −9 到 −1，或 1 到 200。"), fields={"floor": _("请检查。")})
    style = style_of(doors, floor > 0)
    planned = [
        NewDoor(unit, floor, style.room(floor, column))
        for unit in _units(doors)
        for column in _nearest_columns([door for door in doors if door.unit == unit], floor)
    ]
    return _fresh(planned, doors)


def plan_unit(doors: Sequence[Dwelling], source: str, unit: str, continued: bool | None = None) -> list[NewDoor]:
    """A copy of a unit under another name.

    Room numbers are the same again (101 in every unit), or go on where the other units end (101, 102 | 103, 104):
    `continued` says which, None asks the units there are.
    """
    copied = [door for door in doors if door.unit == source]
    if continued is None:
        continued = goes_on(doors)
    if not continued:
        return _fresh([NewDoor(unit, door.floor, door.room) for door in copied], doors)
    columns = columns_of(copied)
    shift = columns_of(doors)[-1].number + 1 - columns[0].number if columns else 0
    planned = []
    for door in copied:
        if read := read_room(door.room, door.floor):
            style, column = read
            moved = Column(column.number + shift, column.suffix)
            planned.append(NewDoor(unit, door.floor, style.room(door.floor, moved)))
    return _fresh(planned, doors)


def plan_building(units: int, floors: int, per_floor: int) -> list[NewDoor]:
    """The doors of a building without any: `units` 0 is one without units. Raises Refused for absurd sizes."""
    if not (0 <= units <= 30 and 1 <= floors <= 150 and 1 <= per_floor <= 99):
        raise Refused(
            _("单元数、层数或每层户数不对。"),
            fix=_("单元 0–30，层数 1–150，每层 1–99 户。"),
            fields={"floors": _("请检查。")},
        )
    names = [str(number) for number in range(1, units + 1)] or [""]
    columns = [Column(number) for number in range(1, per_floor + 1)]
    return _fresh(
        [NewDoor(u, f, ABOVE.room(f, column)) for u in names for f in range(1, floors + 1) for column in columns], []
    )


def goes_on(doors: Sequence[Dwelling]) -> bool:
    """Whether units share out the numbers of a floor (101, 102 | 103, 104) instead of each beginning at 101."""
    columns = [set(columns_of([door for door in doors if door.unit == unit])) for unit in _units(doors)]
    filled = [one for one in columns if one]
    return len(filled) > 1 and sum(map(len, filled)) == len(set().union(*filled))


def next_unit(doors: Sequence[Dwelling]) -> str:
    """The name after the last unit's: 3 after 2; "" where units are not counted."""
    numbers = [int(unit) for unit in _units(doors) if unit.isdecimal()]
    return str(max(numbers) + 1) if numbers else ""


def _units(doors: Sequence[Dwelling]) -> list[str]:
    return sorted({door.unit for door in doors}, key=natural)


def _nearest_columns(doors: list[Dwelling], floor: int) -> tuple[Column, ...]:
    """The plain columns of the floor most like it: on the same side of the ground first, then the nearest."""
    floors = {door.floor for door in doors if read_room(door.room, door.floor)}
    nearest = sorted(floors - {floor}, key=lambda other: ((other > 0) != (floor > 0), abs(other - floor), other))
    columns = columns_of([door for door in doors if nearest and door.floor == nearest[0]])
    return tuple(column for column in columns if not column.suffix)


def _fresh(planned: list[NewDoor], doors: Sequence[Dwelling]) -> list[NewDoor]:
    """Only what is not there yet, each once. Raises Refused where nothing or too much is left."""
    there = {(door.unit, door.room) for door in doors}
    new = [door for door in dict.fromkeys(planned) if (door.unit, door.room) not in there]
    if not new:
        raise Refused(_("没有可以新增的户室。"), fix=_("室号看不出规律，或已全部登记；请逐户新增。"))
    if len(new) > MOST_DOORS:
        raise Refused(
            _("一次新增的户室太多（%(n)s 户）。") % {"n": len(new)}, fix=_("请减少层数或每层户数，分几次新增。")
        )
    return new
