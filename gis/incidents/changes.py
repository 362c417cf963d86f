"""Which incidents changed since a snapshot, so that a copy in memory reads those and nothing else.

A trigger notes the ids of every statement with the number of its transaction. A reader keeps the snapshot it read under
and asks for the notes of transactions that were not visible in it. That is exact where "the ids after the last one I
saw" is not: transaction 5 may commit after 6, and a row written early may be committed late.
"""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

#: A statement that touches more is noted as "read everything again": quicker to do, and a short note.
MOST_NAMED = 10_000


class IncidentChange(models.Model):
    """The incidents that one statement inserted, changed or deleted; null where they were too many to name."""

    transaction = models.BigIntegerField()
    incidents = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="incident_change_order")]  # what is new since a snapshot


@dataclass(frozen=True)
class News:
    """What a reader has to read again: the incidents of `ids`, or all of them where `ids` is None.

    `snapshot` is where to ask from next time. It is taken before the incidents are read, so what commits in between is
    read now and told again later, never missed. `database` tells one database from another of the same name.
    `is_writing` is true inside a transaction that has written: it may see rows that nobody else will ever see.
    """

    snapshot: str
    ids: tuple[int, ...] | None
    database: int
    is_writing: bool


_HERE = (
    "SELECT pg_current_snapshot()::text, (SELECT oid FROM pg_database WHERE datname = current_database()),"
    " pg_current_xact_id_if_assigned() IS NOT NULL"
)
_NEWS = (
    f"{_HERE}, n.many, n.ids FROM (SELECT bool_or(incidents IS NULL) AS many, array_agg(DISTINCT one) AS ids"  # noqa: S608
    " FROM grid_incidentchange LEFT JOIN LATERAL unnest(incidents) one ON true"
    " WHERE transaction >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint"
    " AND NOT pg_visible_in_snapshot(transaction::text::xid8, %(since)s::pg_snapshot)) n"
)


def news_since(snapshot: str) -> News:
    """What changed after a snapshot, committed by whomever."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, {"since": snapshot})
        now, database, is_writing, many, ids = cursor.fetchone()
    named = None if many else tuple(one for one in ids or () if one is not None)
    return News(now, named, database, is_writing)


def news_from_nothing() -> News:
    """Where a reader starts that has nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        now, database, is_writing = cursor.fetchone()
    return News(now, None, database, is_writing)


def gather() -> None:
    """Drop the notes so far; whoever still reads from before this reads everything again. Run at every start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM grid_incidentchange WHERE id IN (SELECT id FROM grid_incidentchange FOR UPDATE SKIP LOCKED)"
        )
        if cursor.rowcount:
            cursor.execute("INSERT INTO grid_incidentchange (transaction) VALUES (pg_current_xact_id()::text::bigint)")


def trigger_sql() -> str:
    """The function and the triggers that note changes. Safe to run again."""
    kinds = {
        "insert": ("INSERT", "REFERENCING NEW TABLE AS touched"),
        "update": ("UPDATE", "REFERENCING NEW TABLE AS touched"),
        "delete": ("DELETE", "REFERENCING OLD TABLE AS touched"),
        "truncate": ("TRUNCATE", ""),
    }
    return "\n".join([_NOTE, *(_trigger(name, act, rows) for name, (act, rows) in kinds.items())])


_NOTE = f"""
CREATE OR REPLACE FUNCTION grid_note_incidents() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO grid_incidentchange (transaction) VALUES (pg_current_xact_id()::text::bigint);
  ELSE
    INSERT INTO grid_incidentchange (transaction, incidents)
    SELECT pg_current_xact_id()::text::bigint, CASE WHEN count(*) <= {MOST_NAMED} THEN array_agg(id) END
    FROM touched HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;"""  # noqa: S608 - no words but ours


def _trigger(name: str, act: str, rows: str) -> str:
    return (
        f"DROP TRIGGER IF EXISTS grid_note_{name} ON grid_incident;\n"
        f"CREATE TRIGGER grid_note_{name} AFTER {act} ON grid_incident {rows}"
        " FOR EACH STATEMENT EXECUTE FUNCTION grid_note_incidents();"
    )
