"""How often the geometry of each map layer has changed, so that a kept tile knows whether it is still right.

A trigger appends one row a statement instead of raising a counter: writers never wait for each other, and the sum over
the committed rows grows by every commit, in whatever order transactions end. (The highest transaction number would
not: number 5 may commit after 6.) A reader takes the sum first and the tile second, so what it keeps under a sum is
never older than that sum.
"""

from django.db import connection, models, transaction

#: Which tables draw which layer.
DRAWN = {
    "areas": ("grid_area",),
    "cells": ("grid_cellversion",),
    "buildings": ("grid_building",),
    "base": ("grid_ground", "grid_way"),
    "service": ("grid_servicepoint",),
}


class Change(models.Model):
    """Some changes of a layer's geometry."""

    layer = models.CharField(max_length=12)
    number = models.BigIntegerField(db_default=1)

    class Meta:
        indexes = [models.Index(fields=["layer"], include=["number"], name="change_by_layer")]  # asked by every tile


def version(layer: str) -> int:
    """The number of committed changes of a layer so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(number), 0)::bigint FROM grid_change WHERE layer = %s", [layer])
        return cursor.fetchone()[0]


def gather() -> None:
    """Sum up the rows of each layer into one, which changes no version. Run at every start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM grid_change WHERE id IN"
            " (SELECT id FROM grid_change FOR UPDATE SKIP LOCKED) RETURNING layer, number)"
            " INSERT INTO grid_change (layer, number) SELECT layer, sum(number) FROM gone GROUP BY layer"
        )


def trigger_sql(*layers: str) -> str:
    """The function and the triggers of the tables of these layers. Safe to run again."""
    note = (
        "CREATE OR REPLACE FUNCTION grid_note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS"
        " $$ BEGIN INSERT INTO grid_change (layer) VALUES (TG_ARGV[0]); RETURN NULL; END $$;"
    )
    triggers = [
        f"DROP TRIGGER IF EXISTS note_change ON {table};\n"
        f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION grid_note_change('{layer}');"
        for layer in layers
        for table in DRAWN[layer]
    ]
    return "\n".join([note, *triggers])
