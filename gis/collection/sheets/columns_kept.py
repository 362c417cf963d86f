"""Writing what a table says into the columns that keep a field, many rows at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gis.collection.field import Field
from gis.collection.kept import code_of, tag_of
from gis.people.resident import ONCE, Resident
from gis.people.sealing import blind_index, blind_indexes, index_all, index_before, seal, seal_all
from gis.refused_rows import refuse_unless

_SEALED = ("phone",)
_CASTS = {"born": "date"}


class Writing(NamedTuple):
    """A value for the column of a field and a subject."""

    field: Field
    key: int
    value: str


def write_columns(writing: Iterable[Writing], day: date) -> None:
    """Write them in sets: of people a statement for all columns, since each writes a row of theirs anew."""
    by_kept: dict[str, list[Writing]] = defaultdict(list)
    people: dict[str, dict[int, str]] = {}
    needs: dict[tuple[int, str], str] = {}
    for one in writing:
        by_kept[one.field.kept].append(one)
    for kept, some in by_kept.items():
        keys, values = [one.key for one in some], [code_of(kept, one.value) for one in some]
        room, _dot, column = kept.partition(".")
        if tag := tag_of(some[0].field):
            needs |= {(key, tag): value for key, value in zip(keys, values, strict=True)}
        elif kept == "resident.identity":
            _write_numbers(keys, values)
        elif room == "resident":
            people[column] = dict(zip(keys, values, strict=True))
        else:
            _ROOMS[room](column, keys, values)
    _write_people(people)
    _write_needs(needs, day)


def _write_people(columns: dict[str, dict[int, str]]) -> None:
    """Columns of the record by name, each by person; what is not said of somebody stays."""
    keys = sorted({key for column in columns.values() for key in column})
    parts: dict[str, tuple[str, list]] = {}
    for name, said in columns.items():
        values = [said.get(key) for key in keys]
        parts |= _sealed_parts(name, values) if name in _SEALED else {name: (_CASTS.get(name, "text"), values)}
    sets = ", ".join(f"{name} = coalesce(v.{name}, r.{name})" for name in parts)
    arrays = ", ".join(f"%s::{kind}[]" for kind, _values in parts.values())
    _update(
        f"UPDATE grid_resident r SET {sets}, updated_at = now() "  # noqa: S608 - names are ours
        f"FROM unnest(%s::bigint[], {arrays}) AS v(key, {', '.join(parts)}) WHERE r.id = v.key",
        keys, *(values for _kind, values in parts.values()),
    )  # fmt: skip


def _sealed_parts(name: str, values: list[str | None]) -> dict[str, tuple[str, list]]:
    return {
        f"{name}_sealed": ("bytea", seal_all(values)),
        f"{name}_index": ("bytea", index_all(values)),
        f"{name}_last4": ("text", [text and text[-4:] for text in values]),
    }


def _write_numbers(keys: list[int], values: list[str]) -> None:
    # somebody may have been given the number meanwhile, and a person has one
    every = {one for text in values for one in blind_indexes(text)}
    held = set(map(bytes, Resident.objects.filter(identity_index__in=every).values_list("identity_index", flat=True)))
    for key, text in zip(keys, values, strict=True):
        if held.isdisjoint(blind_indexes(text)):
            _give_number(key, text)


def _give_number(key: int, text: str) -> None:
    """Where somebody out of sight has the number, the record is a double, as one made at a door would be."""
    try:
        with transaction.atomic():
            _seal_number(key, text)
    except IntegrityError as error:
        refuse_unless(error, *ONCE)
        Resident.objects.filter(pk=key).update(doubled=True)
        _seal_number(key, text)


def _seal_number(key: int, text: str) -> None:
    told = {"identity_sealed": seal(text), "identity_index": blind_index(text), "identity_last4": text[-4:]}
    told["identity_before"] = index_before(text)
    Resident.objects.filter(pk=key).update(**told, updated_at=timezone.now())


def _write_stays(column: str, keys: list[int], values: list[str]) -> None:
    _update(
        f"UPDATE grid_residence s SET {column} = v.value "  # noqa: S608 - names are ours
        f"FROM unnest(%s::bigint[], %s::text[]) AS v(key, value) "
        f"WHERE s.resident_id = v.key AND s.kind = 'living' AND s.ends IS NULL",
        keys, values,
    )  # fmt: skip


def _write_homes(column: str, keys: list[int], values: list[str]) -> None:
    _update(
        f"UPDATE grid_dwelling d SET {column} = v.value "  # noqa: S608 - names are ours
        f"FROM unnest(%s::bigint[], %s::text[]) AS v(key, value) WHERE d.id = v.key",
        keys, values,
    )  # fmt: skip


_ROOMS = {"residence": _write_stays, "dwelling": _write_homes}


def _write_needs(said: dict[tuple[int, str], str], day: date) -> None:
    """A need begins, or ends, on the day of which the table tells. `said`: by person and tag, "1" where it is there.

    All tags at once: when people are due for a visit is worked out anew after each statement.
    """
    begins = sorted(one for one, value in said.items() if value == "1")
    ends = sorted(said.keys() - set(begins))
    for some, statements in ((begins, _BEGIN), (ends, _END)):
        if some:
            people, tags = map(list, zip(*some, strict=True))
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, {"people": people, "tags": tags, "day": day})


_BEGIN = (
    """
INSERT INTO grid_need (resident_id, tag, starts, confirmed_on, source, area)
SELECT r.id, v.tag, %(day)s, %(day)s, 'file', r.area
FROM unnest(%(people)s::bigint[], %(tags)s::text[]) AS v(key, tag) JOIN grid_resident r ON r.id = v.key
ON CONFLICT (resident_id, tag, starts) DO UPDATE SET ends = excluded.ends, confirmed_on = excluded.confirmed_on""",
)
_END = (
    """
UPDATE grid_need n SET ends = %(day)s FROM unnest(%(people)s::bigint[], %(tags)s::text[]) AS v(key, tag)
WHERE n.resident_id = v.key AND n.tag = v.tag AND n.ends IS NULL AND n.starts < %(day)s""",
    """
DELETE FROM grid_need n USING unnest(%(people)s::bigint[], %(tags)s::text[]) AS v(key, tag)
WHERE n.resident_id = v.key AND n.tag = v.tag AND n.ends IS NULL AND n.starts >= %(day)s""",
)


def _update(sql: str, *columns: list) -> None:
    if columns[0]:
        with connection.cursor() as cursor:
            cursor.execute(sql, columns)
