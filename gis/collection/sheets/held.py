"""What the record holds of many people, households and homes, and what a department has said and asked of them before.

The same as `gis.collection.standing` tells field by field (a test holds the two against each other), read in one scan a
subject for all fields of a table: lots of thousands of rows and a dozen fields would otherwise be a dozen scans.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from gis.collection.correction import Correction
from gis.collection.fact import SUBJECT_COLUMNS
from gis.collection.field import Field
from gis.collection.kept import spelt, tag_of

#: A value by what it is compared by: text, or of a sealed field its keyed hash; "" for none.
Print = str | bytes


class Mine(NamedTuple):
    """What the department has said before."""

    said_on: date
    print: Print


@dataclass
class Held:
    """By field, then by subject: what stands, what the department said, and what it has asked of the owner."""

    stands: dict[int, dict[int, Print]] = field(default_factory=lambda: defaultdict(dict))
    mine: dict[int, dict[int, list[Mine]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    asked: dict[int, dict[int, set[Print]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    #: Index of a value by the key before → by the key that seals, while keys are changed.
    newer: dict[bytes, bytes] = field(default_factory=dict)

    def print(self, value: str, index, sealed: bool) -> Print:
        if not sealed:
            return value
        return self.newer.get(bytes(index), bytes(index)) if index is not None else ""


def held_of(keys: dict[Field, list[int]], department: int, day: date, newer: dict[bytes, bytes] | None = None) -> Held:
    """All of some fields and subjects, in the scope of the transaction."""
    held = Held(newer=newer or {})
    by_column: dict[str, list[Field]] = defaultdict(list)
    for of in keys:
        by_column[SUBJECT_COLUMNS[Field.Subject(of.subject)]].append(of)
    for column, fields in by_column.items():
        subjects = sorted({key for of in fields for key in keys[of]})
        _read_facts(held, column, fields, subjects, department, day)
        _read_asked(held, column, fields, subjects, department)
        _read_columns(held, [of for of in fields if of.kept and not tag_of(of)], subjects)
        for of in fields:
            if tag_of(of):
                _read_need(held, of, subjects, day)
    return held


# Subject by subject, in the lateral: what the planner knows of a table that grows by this very filing is out of date,
# and asked for them all at once it has read the facts of everybody.
_FACTS = """
SELECT field_id, f.{column}_id, value, value_index, department_id, said_on, until FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (SELECT * FROM grid_fact WHERE {column}_id = k.key AND field_id = ANY(%s) OFFSET 0) f
ORDER BY said_on DESC, recorded_at DESC, f.id DESC
"""


def _read_facts(held: Held, column: str, fields: list[Field], subjects: list[int], department: int, day: date) -> None:
    """The one that counts is the owner department's newest, otherwise the newest (`Fact.objects.current`)."""
    owners = {of.pk: of.owner_id for of in fields}
    sealed = {of.pk for of in fields if of.sealed}
    counts: dict[tuple[int, int], bool] = {}  # by field and subject, whether what stands is of the owner
    for of, key, value, index, said_by, said_on, until in _rows(_FACTS.format(column=column), subjects, list(owners)):
        said = held.print(value, index, of in sealed)
        if said_by == department:
            held.mine[of][key].append(Mine(said_on, said))
        if said_on > day or (until is not None and until <= day):
            continue
        owned = said_by is not None and said_by == owners[of]
        if (of, key) not in counts or (owned and not counts[of, key]):
            held.stands[of][key], counts[of, key] = said, owned


_ASKED = """
SELECT field_id, c.{column}_id, value, value_index FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (SELECT * FROM grid_correction WHERE {column}_id = k.key OFFSET 0) c
WHERE field_id = ANY(%s) AND department_id = %s AND source = %s
"""


def _read_asked(held: Held, column: str, fields: list[Field], subjects: list[int], department: int) -> None:
    sealed = {of.pk for of in fields if of.sealed}
    sql = _ASKED.format(column=column)
    for of, key, value, index in _rows(sql, subjects, [one.pk for one in fields], department, Correction.Source.FILE):
        held.asked[of][key].add(held.print(value, index, of in sealed))


_NEEDS = """
SELECT DISTINCT key FROM unnest(%s::bigint[]) AS k(key) CROSS JOIN LATERAL (
  SELECT FROM grid_need
  WHERE resident_id = k.key AND tag = %s AND starts <= %s AND (ends IS NULL OR ends > %s) OFFSET 0) n
"""
_ROOMS = {
    "resident": """
SELECT k.key, {names} FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (SELECT * FROM grid_resident WHERE id = k.key OFFSET 0) r""",
    "residence": """
SELECT k.key, {names} FROM unnest(%s::bigint[]) AS k(key) CROSS JOIN LATERAL (
  SELECT * FROM grid_residence WHERE resident_id = k.key AND kind = 'living' AND ends IS NULL OFFSET 0) s""",
    "dwelling": """
SELECT k.key, {names} FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (SELECT * FROM grid_dwelling WHERE id = k.key OFFSET 0) d""",
}
_INDEXED = {"identity": "identity_index", "phone": "phone_index"}


def _read_columns(held: Held, fields: list[Field], subjects: list[int]) -> None:
    """What a column keeps stands there; its facts are its history."""
    by_room: dict[str, list[tuple[Field, str]]] = defaultdict(list)
    for of in fields:
        room, _dot, name = of.kept.partition(".")
        by_room[room].append((of, name))
        held.stands.pop(of.pk, None)
    for room, some in by_room.items():
        names = ", ".join(_INDEXED.get(name, name) for _of, name in some)
        if found := _rows(_ROOMS[room].format(names=names), subjects):
            keys, *columns = zip(*found, strict=True)
            for (of, name), column in zip(some, columns, strict=True):
                held.stands[of.pk] = dict(zip(keys, _spelt(held, of.kept, name, column), strict=True))


def _spelt(held: Held, kept: str, name: str, column: tuple) -> list[Print]:
    if name in _INDEXED:
        return [held.print("", value, True) if value is not None else "" for value in column]
    if name == "born":
        return [value.isoformat() if value else "" for value in column]
    if name == "sex":
        return ["" if value == "0" else value for value in column]
    return ["" if value is None else spelt(kept, value) for value in column]


def _read_need(held: Held, of: Field, subjects: list[int], day: date) -> None:
    """A need that runs is "1"; where none does, what was last said of it unless that was that there is one."""
    running = {key for (key,) in _rows(_NEEDS, subjects, tag_of(of), day, day)}
    stands = held.stands[of.pk]
    stands |= {key: "" for key, value in stands.items() if value == "1"} | dict.fromkeys(running, "1")


def _rows(sql: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
