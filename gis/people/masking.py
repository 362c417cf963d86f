"""Who sees how much of a person: a table (`field_rules.csv`, a row a field, a column a role) and the masks it names.

Source: `standards/README.md` §10.3. A role without a column sees nothing of a person; two columns are no role's.
Someone with several postings is judged by the posting that covers the person's area, and by the most open of those.
"""

import csv
from functools import cache
from pathlib import Path

from gis.accounts.scope import Access, Scope

#: Columns that are no role's: how a department sees values of the fields it owns, and how any value leaves in a file.
AS_OWNER, AS_EXPORT = "owner", "export"
_TABLE = Path(__file__).with_name("field_rules.csv")
_REVEALED = Path(__file__).with_name("reveal_rules.csv")
_OPENNESS = ["none", "counts", "cell", "building", "age", "masked", "last4", "full"]
HIDDEN = "–"


@cache
def _rules() -> dict[str, dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row.pop("field"): row for row in csv.DictReader(lines)}


def fields() -> list[str]:
    """The rows of the table: every rule a field can have."""
    return list(_rules())


@cache
def _revealed() -> dict[str, frozenset[str]]:
    """Role → the masked fields it may have shown in full, one person at a time and with a reason."""
    with _REVEALED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row.pop("role"): frozenset(field for field, value in row.items() if value == "1") for row in rows}


def revealable(access: Access, area: str) -> frozenset[str]:
    """The fields of a person in `area` that are masked for this reader, who may have them shown with a reason."""
    fields = frozenset().union(*(_revealed().get(role, frozenset()) for role in access.roles_at(area)))
    return frozenset(field for field in fields if rule(access, field, area) in ("masked", "last4"))


def rule(access: Access, field: str, area: str) -> str:
    """How the field of a person in `area` is shown: one of `full last4 masked age building cell counts none`."""
    held = [_rules()[field].get(role, "none") for role in access.roles_at(area)]
    return max(held, key=_OPENNESS.index, default="none")


def rule_as(column: str, field: str) -> str:
    """The same for a column that is no role's."""
    return _rules()[field][column]


def revealable_as(column: str, field: str) -> bool:
    """Whether a masked value may be shown in full there, one at a time and with a reason."""
    return field in _revealed().get(column, frozenset()) and rule_as(column, field) in ("masked", "last4")


def mask_name(name: str) -> str:
    """张三丰 → 张**: the surname stays."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def mask_phone(last4: str) -> str:
    return f"***{last4}" if last4 else HIDDEN


def mask_identity(last4: str) -> str:
    return f"{'*' * 14}{last4}" if last4 else HIDDEN


def shown_name(name: str, how: str) -> str:
    return {"full": name, "masked": mask_name(name)}.get(how, HIDDEN)


def shown_where(access: Access, field: str, *ways: str) -> Scope:
    """The areas in which the field of a person is shown in one of these ways: the other form of `rule`.

    A list may be searched by what its reader sees, and by nothing else: a name found by typing it is a name revealed.
    """
    return Scope.of(area for role, area in access.postings if _rules()[field].get(role, "none") in ways)
