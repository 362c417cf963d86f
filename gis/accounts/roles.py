"""Roles are a table (`roles.csv`) a clerk could review: a row per role, a column per capability.

`shortest` and `longest` bound the length of the area code a posting in that role may name:
a street supervisor is posted to a 9-digit street, a grid worker to a 15-digit cell.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

_TABLE = Path(__file__).with_name("roles.csv")
#: Digits of the code at each level, from province to cell. A code of another length would be a scope no area has.
LENGTHS = (2, 4, 6, 9, 12, 15)
_PLAIN = ("code", "name", "name_en", "shortest", "longest")


@dataclass(frozen=True)
class Role:
    code: str
    name: str
    name_en: str
    shortest: int
    longest: int
    capabilities: frozenset[str]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many digits the code of its area may have."""
        return tuple(length for length in LENGTHS if self.shortest <= length <= self.longest)

    def fits(self, area: str) -> bool:
        """Whether a posting in this role may name the area code."""
        return len(area) in self.lengths and area.isdecimal() and area.isascii()


def _role(row: dict[str, str]) -> Role:
    able = frozenset(name for name, value in row.items() if name not in _PLAIN and value == "1")
    return Role(row["code"], row["name"], row["name_en"], int(row["shortest"]), int(row["longest"]), able)


@cache
def roles() -> dict[str, Role]:
    """Every role by its code."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _role(row) for row in csv.DictReader(lines)}


@cache
def capabilities() -> frozenset[str]:
    """Every capability the table has a column for."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return frozenset(csv.DictReader(lines).fieldnames or ()) - frozenset(_PLAIN)


def role_choices() -> list[tuple[str, str]]:
    return [(role.code, str(role)) for role in roles().values()]
