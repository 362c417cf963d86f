"""How whoever holds a copy learns that something was committed, and asks what: SQL for readers with Django or without.

A reader keeps the snapshot it last read under (`pg_current_snapshot()` as text) and asks for the rows whose transaction
was not visible in it. That is exact where "the rows after the last one I saw" is not: transaction 5 may commit after 6.
A notice on the channel carries nothing, so PostgreSQL sends at most one a transaction, and a large import is one word.
"""

#: Where something is said, at its commit, about every change that a map shows.
CHANNEL = "wangge_news"
#: Executed by a trigger's function, once for the statement.
TELL = f"PERFORM pg_notify('{CHANNEL}', '')"


def unseen(column: str) -> str:
    """The condition that a transaction's number in `column` (bigint) was not visible in the snapshot `%(since)s`."""
    return (
        f"{column} >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint"
        f" AND NOT pg_visible_in_snapshot({column}::text::xid8, %(since)s::pg_snapshot)"
    )


def telling_sql(tables: tuple[str, ...]) -> str:
    """A trigger on each table that says on the channel that it has changed. Safe to run again."""
    tell = (
        "CREATE OR REPLACE FUNCTION grid_tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN {TELL}; RETURN NULL; END $$;"
    )
    triggers = [
        f"DROP TRIGGER IF EXISTS grid_tell ON {table};\n"
        f"CREATE TRIGGER grid_tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION grid_tell();"
        for table in tables
    ]
    return "\n".join([tell, *triggers])
