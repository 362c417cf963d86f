"""Filling tables with millions of rows: triggers asleep, indexes and constraints taken away first and made again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_CONSTRAINTS = (
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid::regclass::text = ANY(%s) AND contype = ANY(%s) ORDER BY oid"
)
_INDEXES = (
    "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
    " WHERE i.indrelid::regclass::text = ANY(%s)"
    " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
)


@contextmanager
def in_bulk(tables: list[str]) -> Iterator[None]:
    """Tables without triggers, foreign keys, secondary indexes; all there again, and the foreign keys checked, after.

    Primary keys stay. Figures and notes of changes are not kept meanwhile: the caller recounts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '128MB'")
        taken = _take_away(cursor, tables)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for statement in taken:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _take_away(cursor, tables: list[str]) -> list[str]:
    """Drop everything that can be made again, and return the statements that do, in their order."""
    later: list[str] = []
    cursor.execute(_CONSTRAINTS, [tables, ["f"]])
    foreign = cursor.fetchall()
    cursor.execute(_CONSTRAINTS, [tables, ["u", "x"]])
    for table, name, definition in [*foreign, *cursor.fetchall()]:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        later.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    cursor.execute(_INDEXES, [tables])
    for index, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {index}")
        later.append(definition)
    # Foreign keys last: they are checked through the indexes.
    return [*later[len(foreign) :], *later[: len(foreign)]]
