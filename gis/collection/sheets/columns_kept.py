"""Writing what a table says into the columns that keep a field, many rows at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from gis.collection.field import Field
from gis.collection.kept import code_of, tag_of
from gis.people.resident import Resident
from gis.people.sealing import before_all, blind_indexes, index_all, seal_all

_SEALED = ("identity", "phone")


class Writing(NamedTuple):
    """A value for the column of a field and a subject."""

    field: Field
    key: int
    value: str


def write_columns(writing: Iterable[Writing], day: date) -> None:
    """Write them in sets, a statement a column."""
    by_kept: dict[str, list[Writing]] = defaultdict(list)
    for one in writing:
        by_kept[one.field.kept].append(one)
    for kept, some in by_kept.items():
        keys, values = [one.key for one in some], [code_of(kept, one.value) for one in some]
        if tag_of(some[0].field):
            _write_needs(tag_of(some[0].field), keys, values, day)
            continue
        room, _dot, column = kept.partition(".")
        _ROOMS[room](column, keys, values)


def _write_residents(column: str, keys: list[int], values: list[str]) -> None:
    if column in _SEALED:
        _write_sealed(column, keys, values)
        return
    cast = {"born": "date"}.get(column, "text")
    _update(
        f"UPDATE grid_resident r SET {column} = v.value::{cast}, updated_at = now() "  # noqa: S608 - names are ours
        f"FROM unnest(%s::bigint[], %s::text[]) AS v(key, value) WHERE r.id = v.key",
        keys, values,
    )  # fmt: skip


def _write_sealed(column: str, keys: list[int], values: list[str]) -> None:
    if column != "identity":
        _seal(column, keys, values)
        return
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
            _seal("identity", [key], [text])
    except IntegrityError:
        Resident.objects.filter(pk=key).update(doubled=True)
        _seal("identity", [key], [text])


def _seal(column: str, keys: list[int], values: list[str]) -> None:
    before = ", identity_before = v.before" if column == "identity" else ""
    _update(
        f"UPDATE grid_resident r SET {column}_sealed = v.sealed, {column}_index = v.index, "  # noqa: S608 - names are ours
        f"{column}_last4 = v.last4, updated_at = now(){before} "
        f"FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::text[]) "
        f"AS v(key, sealed, index, before, last4) WHERE r.id = v.key",
        keys, seal_all(values), index_all(values), before_all(values), [text[-4:] for text in values],
    )  # fmt: skip


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


_ROOMS = {"resident": _write_residents, "residence": _write_stays, "dwelling": _write_homes}


def _write_needs(tag: str, keys: list[int], values: list[str], day: date) -> None:
    """A need begins, or ends, on the day of which the table tells."""
    begins = [key for key, value in zip(keys, values, strict=True) if value == "1"]
    told = {"tag": tag, "day": day, "begins": begins, "ends": list(set(keys).difference(begins))}
    with connection.cursor() as cursor:
        for statement in _NEEDS:
            cursor.execute(statement, told)


_NEEDS = (
    """
INSERT INTO grid_need (resident_id, tag, starts, confirmed_on, source, area)
SELECT id, %(tag)s, %(day)s, %(day)s, 'file', area FROM grid_resident WHERE id = ANY(%(begins)s)
ON CONFLICT (resident_id, tag, starts) DO UPDATE SET ends = excluded.ends, confirmed_on = excluded.confirmed_on""",
    """
UPDATE grid_need SET ends = %(day)s
WHERE resident_id = ANY(%(ends)s) AND tag = %(tag)s AND ends IS NULL AND starts < %(day)s""",
    """
DELETE FROM grid_need WHERE resident_id = ANY(%(ends)s) AND tag = %(tag)s AND ends IS NULL AND starts >= %(day)s""",
)


def _update(sql: str, *columns: list) -> None:
    if columns[0]:
        with connection.cursor() as cursor:
            cursor.execute(sql, columns)
