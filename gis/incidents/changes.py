"""Which incidents changed since a snapshot, so that a copy in memory reads those and nothing else.

A trigger notes the ids of every statement with the number of its transaction. A reader keeps the snapshot it read under
and asks for the notes of transactions that were not visible in it. That is exact where "the ids after the last one I
saw" is not: transaction 5 may commit after 6, and a row written early may be committed late.
"""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from gis.news import TELL, unseen
from gis.snapshots import HERE

#: A statement that touches more is noted as "read everything again": quicker to do, and a short note.
MOST_NAMED = 10_000


class IncidentChange(models.Model):
    """The incidents that one statement inserted, changed or deleted; null where they were too many to name.

    `areas` are the communities (12 digits) it touched, null for any; `moved` are the incidents it took out of an area,
    deleted ones too, with the area each was `moved_from`.
    """

    transaction = models.BigIntegerField()
    incidents = ArrayField(models.BigIntegerField(), null=True)
    is_new = models.BooleanField(db_default=False)
    areas = ArrayField(models.CharField(max_length=12), null=True)
    moved = ArrayField(models.BigIntegerField(), null=True)
    moved_from = ArrayField(models.CharField(max_length=15), null=True)

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


_NEWS = (
    f"{HERE}, n.many, n.ids FROM (SELECT bool_or(incidents IS NULL) AS many, array_agg(DISTINCT one) AS ids"  # noqa: S608
    " FROM grid_incidentchange LEFT JOIN LATERAL unnest(incidents) one ON true"
    f" WHERE {unseen('transaction')}) n"
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
        cursor.execute(HERE)
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
    """The function and the triggers that note changes, and say so on the channel. Safe to run again."""
    kinds = {
        "insert": ("INSERT", "REFERENCING NEW TABLE AS touched"),
        "update": ("UPDATE", "REFERENCING OLD TABLE AS before NEW TABLE AS touched"),
        "delete": ("DELETE", "REFERENCING OLD TABLE AS before"),
        "truncate": ("TRUNCATE", ""),
    }
    return "\n".join([_NOTE, *(_trigger(name, act, rows) for name, (act, rows) in kinds.items())])


def _named(column: str) -> str:
    return f"CASE WHEN count(*) <= {MOST_NAMED} THEN array_agg({column}) END"


_MOVED = "FILTER (WHERE b.area IS DISTINCT FROM t.area)"
_NOTE = f"""
CREATE OR REPLACE FUNCTION grid_note_incidents() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO grid_incidentchange (transaction) VALUES (mine);
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO grid_incidentchange (transaction, is_new, incidents, areas)
    SELECT mine, true, {_named("id")}, array_agg(DISTINCT left(area, 12)) FROM touched HAVING count(*) > 0;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO grid_incidentchange (transaction, incidents, areas, moved, moved_from)
    SELECT mine, {_named("id")}, array_agg(DISTINCT left(area, 12)), {_named("id")}, {_named("area")}
    FROM before HAVING count(*) > 0;
  ELSE
    INSERT INTO grid_incidentchange (transaction, incidents, areas, moved, moved_from)
    SELECT mine, {_named("t.id")},
      (SELECT array_agg(DISTINCT left(area, 12)) FROM (SELECT area FROM touched UNION ALL SELECT area FROM before) a),
      CASE WHEN count(*) <= {MOST_NAMED} THEN array_agg(b.id) {_MOVED} END,
      CASE WHEN count(*) <= {MOST_NAMED} THEN array_agg(b.area) {_MOVED} END
    FROM touched t JOIN before b USING (id) HAVING count(*) > 0;
  END IF;
  IF FOUND THEN {TELL}; END IF;
  RETURN NULL;
END $$;"""  # noqa: S608 - no words but ours


def _trigger(name: str, act: str, rows: str) -> str:
    return (
        f"DROP TRIGGER IF EXISTS grid_note_{name} ON grid_incident;\n"
        f"CREATE TRIGGER grid_note_{name} AFTER {act} ON grid_incident {rows}"
        " FOR EACH STATEMENT EXECUTE FUNCTION grid_note_incidents();"
    )
