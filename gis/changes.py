"""How often the geometry of each map layer has changed, so that a kept tile knows whether it is still right.

A trigger appends one row a statement instead of raising a counter: writers never wait for each other, and the sum over
the committed rows grows by every commit, in whatever order transactions end. (The highest transaction number would
not: number 5 may commit after 6.) A reader takes the sum first and the tile second, so what it keeps under a sum is
never older than that sum.
"""

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from gis.news import TELL

#: Which tables draw which layer, each with the column that says where a row lies; the base map is everybody's.
DRAWN = {
    "areas": {"grid_area": "code"},
    "cells": {"grid_cellversion": "code"},
    "buildings": {"grid_building": "area"},
    "base": {"grid_ground": None, "grid_way": None},
    "service": {"grid_servicepoint": "area"},
    "needs": {"grid_need": "area"},  # no tile: figures kept in memory
    "visits": {"grid_visitdue": "area"},  # no tile either
}


class Change(models.Model):
    """Some changes of a layer's geometry: by which transaction, in which communities (12 digits; null: anywhere)."""

    layer = models.CharField(max_length=12)
    number = models.BigIntegerField(db_default=1)
    transaction = models.BigIntegerField(null=True)
    areas = ArrayField(models.CharField(max_length=12), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["layer"], include=["number"], name="change_by_layer"),  # asked by every tile
            models.Index(fields=["transaction"], name="change_order"),  # what is new since a snapshot
        ]


_VERSION = "SELECT coalesce(sum(number), 0)::bigint FROM grid_change WHERE layer = %s"


def version(layer: str) -> int:
    """The number of committed changes of a layer so far."""
    connection.ensure_connection()
    # The driver's own cursor: it prepares the statement, whose planning is two fifths of its time.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_VERSION, [layer], prepare=True)
        return cursor.fetchone()[0]


def versions() -> dict[str, int]:
    """The number of committed changes of every layer that has any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT layer, sum(number)::bigint FROM grid_change GROUP BY layer")
        return dict(cursor.fetchall())


def gather() -> None:
    """Sum up the rows of each layer into one, which changes no version. Run at every start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM grid_change WHERE id IN"
            " (SELECT id FROM grid_change FOR UPDATE SKIP LOCKED) RETURNING layer, number)"
            " INSERT INTO grid_change (layer, number, transaction)"
            " SELECT layer, sum(number), pg_current_xact_id()::text::bigint FROM gone GROUP BY layer"
        )


def trigger_sql(*layers: str) -> str:
    """The functions and the triggers of the tables of these layers. Safe to run again."""
    return "\n".join(_triggers(layer, table, column) for layer in layers for table, column in DRAWN[layer].items())


_ROWS = {
    "insert": ("REFERENCING NEW TABLE AS touched", ("touched",)),
    "update": ("REFERENCING OLD TABLE AS before NEW TABLE AS touched", ("before", "touched")),
    "delete": ("REFERENCING OLD TABLE AS before", ("before",)),
    "truncate": ("", ()),
}


def _triggers(layer: str, table: str, column: str | None) -> str:
    name = table.replace("grid_", "grid_note_", 1)
    branches = "\n".join(
        f"  IF TG_OP = '{act.upper()}' THEN\n"
        f"    INSERT INTO grid_change (layer, transaction, areas)"
        f" SELECT '{layer}', pg_current_xact_id()::text::bigint, {_areas(column, rows)};\n"
        "  END IF;"
        for act, (_, rows) in _ROWS.items()
    )
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN\n{branches}\n  {TELL};\n  RETURN NULL;\nEND $$;"
    )
    triggers = [
        f"DROP TRIGGER IF EXISTS note_{act} ON {table};\n"
        f"CREATE TRIGGER note_{act} AFTER {act.upper()} ON {table} {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        for act, (rows, _) in _ROWS.items()
    ]
    return "\n".join([f"DROP TRIGGER IF EXISTS note_change ON {table};", function, *triggers])


def _areas(column: str | None, rows: tuple[str, ...]) -> str:
    """The communities of the touched rows as an array, and where to take them from: nothing where nothing was."""
    if column is None or not rows:
        return "NULL::text[]"
    every = " UNION ALL ".join(f"SELECT {column} AS code FROM {source}" for source in rows)
    return f"array_agg(DISTINCT left(code, 12)) FROM ({every}) r HAVING count(*) > 0"
