"""How room numbers are made: 402 is door 02 of floor 4, B101 door 01 of floor −1, 0301A door 01 of floor 3 split off.

A number that does not name its own floor (门房, 12, 301-302, a duplex 501 listed on floor 6) follows no pattern; it is
kept as it is and never guessed at.
"""

import re
from dataclasses import dataclass

#: What stands before the digits, the floor and the door of two digits, and what follows them.
_NUMBER = re.compile(r"(?P<prefix>[^0-9]{0,6})(?P<floor>[0-9]{1,3})(?P<column>[0-9]{2})(?P<suffix>[^0-9]{0,4})")


@dataclass(frozen=True, order=True)
class Column:
    """Which door of a floor: 2 of 402, (1, "A") of 301A. Doors of one column stand above each other."""

    number: int
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.number:02d}{self.suffix}"


@dataclass(frozen=True, order=True)
class Style:
    """How a building writes its floors: what stands before them, and how many digits they have at least."""

    prefix: str = ""
    digits: int = 1

    def room(self, floor: int, column: Column) -> str:
        """The number of a door: floor 4, column 2 → 402."""
        return f"{self.prefix}{abs(floor):0{self.digits}d}{column}"


#: Styles where a building shows none yet: above the ground 402, below it B101.
ABOVE, BELOW = Style(), Style("B")


def read_room(room: str, floor: int | None) -> tuple[Style, Column] | None:
    """The style and the column of a room on its floor; None where the number follows no pattern."""
    found = _NUMBER.fullmatch(room)
    if not found or floor is None or int(found["floor"]) != abs(floor):
        return None
    # Only so many digits as are needed, or padded on purpose: 301 and 0301, both written back as they were read.
    style = Style(found["prefix"], len(found["floor"]) if found["floor"][0] == "0" else 1)
    column = Column(int(found["column"]), found["suffix"])
    return (style, column) if style.room(floor, column) == room else None


def natural(text: str) -> tuple:
    """A key that sorts as people count: 2 before 10, A2 before A10, and texts without digits by their letters."""
    parts = re.split(r"([0-9]+)", text)
    return tuple((1, int(part), part) if part.isdecimal() else (0, 0, part) for part in parts if part)
