"""The order of features: by fields, then by the key, so that every page begins exactly where the one before ended."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gis.errors import BadQuery
from layers.features.kind import TYPES, Condition, Field, Kind

#: Fields that an order may name.
MOST = 3


@dataclass(frozen=True)
class By:
    """A field, upwards or downwards; what has none of it comes last either way."""

    field: Field
    descending: bool = False

    @property
    def sql(self) -> str:
        """Text byte by byte, as filters compare it."""
        return f'({self.field.sql}) COLLATE "C"' if self.field.type == "text" else f"({self.field.sql})"


def read_order(kind: Kind, text: str) -> tuple[By, ...]:
    """`-reported_at,+level,number`. Raises BadQuery for what is no field, or too many."""
    names = [name.strip() for name in text.split(",")]
    if len(names) > MOST:
        raise BadQuery(_("sortby 的属性太多。"), fix=_("最多写 %(most)d 个。") % {"most": MOST})
    return tuple(By(kind.field(name[name[:1] in ("+", "-") :]), name.startswith("-")) for name in names)


def ordered(by: tuple[By, ...], names: list[str]) -> str:
    """The order as SQL over columns of these names, that of the key last."""
    ways = [f"{name} {'DESC' if one.descending else 'ASC'} NULLS LAST" for one, name in zip(by, names, strict=False)]
    return ", ".join([*ways, names[-1]])


def beyond(kind: Kind, by: tuple[By, ...], values: list[str | None], key: str | int) -> Condition:
    """What comes after a feature: its values of the order as texts, and its key."""
    ties: list[Condition] = []
    steps: list[Condition] = []
    for one, value in zip(by, values, strict=True):
        if value is not None:  # nothing comes after what comes last
            steps.append(_all([*ties, _past(one, value)]))
        ties.append(_same(one, value))
    last = Condition(f"{kind.key.sql} > %s::{TYPES[kind.key.type]}", (key,))
    steps.append(_all([*ties, last]))
    return Condition(" OR ".join(f"({one.sql})" for one in steps), tuple(p for one in steps for p in one.params))


def _past(one: By, value: str) -> Condition:
    sign = "<" if one.descending else ">"
    return Condition(f"({one.sql} {sign} %s::{TYPES[one.field.type]} OR {one.sql} IS NULL)", (value,))


def _same(one: By, value: str | None) -> Condition:
    if value is None:
        return Condition(f"{one.sql} IS NULL")
    return Condition(f"{one.sql} = %s::{TYPES[one.field.type]}", (value,))


def _all(parts: list[Condition]) -> Condition:
    return Condition(" AND ".join(one.sql for one in parts), tuple(p for one in parts for p in one.params))


def read_place(text: str, number: int) -> tuple[list[str | None], str]:
    """The values and the key again. Raises ValueError for what is no place in an order of so many fields."""
    try:
        told = json.loads(text)
    except RecursionError:
        raise ValueError("brackets") from None
    if not isinstance(told, list) or len(told) != number + 1:
        raise ValueError(text)
    *values, key = told
    if not isinstance(key, str) or not all(one is None or isinstance(one, str) for one in values):
        raise ValueError(text)
    "".join(filter(None, told)).encode()  # half a sign, too, is a ValueError
    return values, key
