"""Which communities had an address change since a snapshot, so that a copy in memory reads those and nothing else.

A trigger notes the communities of every statement that changes what an address is made of; who verifies a door changes
none. As in `gis.incidents.changes`, a reader asks for the notes of transactions that its snapshot did not see.
"""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from gis.news import unseen
from gis.snapshots import CURRENT

#: The tables that hold addresses: the column that says where a row lies, and the columns an address is made of.
_MADE_OF = {
    "grid_area": ("code", "code, name, short_name, geometry"),
    "grid_cellversion": ("code", "code, name, valid, geometry"),
    "grid_compound": ("area", "area, name, aliases, geometry"),
    "grid_building": ("area", "code, area, compound_id, number, name, road, gate, geometry"),
    "grid_dwelling": ("area", "area, building_id, unit, room, state = 'gone'"),
    "grid_placealias": ("area", "area, kind, name, alias, building_id"),
    "grid_way": (None, ""),
}
#: A statement that touches more communities is noted as "read everything again".
_MOST_NAMED = 300


class AddressChange(models.Model):
    """The communities (codes of at most 12 digits) that a statement touched; null: any.

    `number` counts the statements a row stands for, so that the sum over all rows tells how many there were, ever.
    """

    transaction = models.BigIntegerField()
    areas = ArrayField(models.CharField(max_length=12), null=True)
    number = models.BigIntegerField(db_default=1)

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="address_change_order")]  # what is new since a snapshot


@dataclass(frozen=True)
class News:
    """What a reader has to read again: the addresses of `areas`, all where that is None.

    `snapshot` is where to ask from next time. `version` counts all changes ever committed, `database` tells this one
    from another. `own` names the state of a transaction that has written: it may see what nobody else ever will.
    """

    snapshot: str
    areas: frozenset[str] | None
    version: int
    database: str
    own: str | None


_HERE = (
    f"SELECT {CURRENT},"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) || '.' || 'grid_building'::regclass::oid,"
    " pg_current_xact_id_if_assigned()::text, max(id), coalesce(sum(number), 0)::bigint,"
    " bool_or(areas IS NULL) FILTER (WHERE {news}),"
    " array(SELECT DISTINCT unnest(areas) FROM grid_addresschange WHERE {news})"
    " FROM grid_addresschange"
)


def news_since(snapshot: str | None) -> News:
    """What changed after a snapshot, committed by whomever; everything for a reader that has none."""
    condition = unseen("transaction") if snapshot else "true"
    with connection.cursor() as cursor:
        cursor.execute(_HERE.format(news=condition), {"since": snapshot})
        now, database, writing, last, version, many, areas = cursor.fetchone()
    named = None if many or snapshot is None else frozenset(areas)
    return News(now, named, version, database, f"{writing}.{last}" if writing else None)


def gather() -> None:
    """Make one note of all so far; whoever still reads from before this reads everything again. Run at every start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM grid_addresschange WHERE id IN"
            " (SELECT id FROM grid_addresschange FOR UPDATE SKIP LOCKED) RETURNING number)"
            " INSERT INTO grid_addresschange (number, transaction)"
            " SELECT sum(number), pg_current_xact_id()::text::bigint FROM gone HAVING count(*) > 1"
        )


def trigger_sql() -> str:
    """The functions and triggers that note changes. Safe to run again."""
    return "\n".join(_triggers(table, *made_of) for table, made_of in _MADE_OF.items())


_ROWS = {
    "insert": "REFERENCING NEW TABLE AS touched",
    "update": "REFERENCING OLD TABLE AS before NEW TABLE AS touched",
    "delete": "REFERENCING OLD TABLE AS before",
    "truncate": "",
}


def _triggers(table: str, area: str | None, made_of: str) -> str:
    name = table.replace("grid_", "grid_note_address_", 1)
    branches = "\n".join(
        f"  IF TG_OP = '{act.upper()}' THEN\n"
        f"    INSERT INTO grid_addresschange (transaction, areas) {noted};\n"
        "  END IF;"
        for act, noted in _noted(table, area, made_of).items()
    )
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN\n{branches}\n  RETURN NULL;\nEND $$;"
    )
    triggers = [
        f"DROP TRIGGER IF EXISTS note_address_{act} ON {table};\n"
        f"CREATE TRIGGER note_address_{act} AFTER {act.upper()} ON {table} {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        for act, rows in _ROWS.items()
    ]
    return "\n".join([function, *triggers])


def _noted(table: str, area: str | None, made_of: str) -> dict[str, str]:
    """Act → the SELECT of what is noted."""
    mine = "SELECT pg_current_xact_id()::text::bigint"
    if area is None:
        return dict.fromkeys(_ROWS, f"{mine}, NULL::text[]")
    # As text, because geometries have no equality that is quick and exact at once.
    changed = (
        f"SELECT t.{area} AS code, t.id FROM touched t JOIN before b USING (id)"
        f" WHERE (SELECT r::text FROM (SELECT {_of('t', made_of)}) r)"
        f" IS DISTINCT FROM (SELECT r::text FROM (SELECT {_of('b', made_of)}) r)"
    )
    both = f"{changed} UNION ALL SELECT b.{area}, b.id FROM ({changed}) c JOIN before b USING (id)"
    rows = {
        "insert": f"SELECT {area} AS code, id FROM touched",
        "update": both,
        "delete": f"SELECT {area} AS code, id FROM before",
    }
    elsewhere = (
        " UNION ALL SELECT h.area FROM grid_building h JOIN touched_rows r ON h.compound_id = r.id"
        if table == "grid_compound"
        else ""
    )
    few = f"count(DISTINCT left(code, 12)) <= {_MOST_NAMED}"
    if table == "grid_placealias":
        few += " AND min(length(code)) >= 12"  # a street's holds in each of its communities
    named = f"SELECT CASE WHEN {few} THEN array_agg(DISTINCT left(code, 12)) END"
    return {
        act: f"WITH touched_rows AS ({row}), codes AS (SELECT code FROM touched_rows{elsewhere})"
        f" {mine}, ({named} FROM codes)"
        " WHERE EXISTS (SELECT FROM touched_rows)"
        for act, row in rows.items()
    } | {"truncate": f"{mine}, NULL::text[]"}


def _of(row: str, made_of: str) -> str:
    return ", ".join(f"{row}.{column}" for column in made_of.split(", "))
