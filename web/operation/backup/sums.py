"""What a restored database is held against: rows and a checksum of every table, and one of the walls around them."""

import hashlib

import psycopg
from psycopg import sql

#: How values are written as text, whatever the server's settings say.
_PLAIN = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;"
    " SET bytea_output = 'hex'; SET row_security = off; SET statement_timeout = 0"
)

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2"""

#: Hashes are summed: the order in which rows lie makes no difference.
_SUM = "SELECT count(*), coalesce(sum(hashtextextended(whole_row::text, 0)::numeric), 0)::text FROM {} AS whole_row"

#: Rights of everybody but the owner, row-level security and its policies, triggers, constraints and indexes.
_WALLS = """
WITH ours AS (
  SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT line FROM (
  SELECT concat_ws(' ', relkind, relname, relrowsecurity, relforcerowsecurity) AS line FROM ours
  UNION ALL
  SELECT concat_ws(' ', 'right', relname, privilege_type,
    CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END)
  FROM ours, aclexplode(relacl) WHERE grantee <> relowner
  UNION ALL
  SELECT concat_ws(' ', 'policy', relname, polname, polcmd,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy JOIN ours ON ours.oid = polrelid
  UNION ALL
  SELECT concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger t JOIN ours ON ours.oid = tgrelid
  WHERE NOT tgisinternal
  UNION ALL
  SELECT concat_ws(' ', 'constraint', relname, conname, contype) FROM pg_constraint JOIN ours ON ours.oid = conrelid
) told ORDER BY line COLLATE "C" """


def tables(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """Schema and name of every table with rows of ours."""
    return connection.execute(_TABLES).fetchall()


def sums(connection: psycopg.Connection) -> dict[str, list]:
    """Of every table its rows and the sum of their hashes, as the connection's transaction sees them."""
    connection.execute(_PLAIN)
    return {
        f"{schema}.{name}": list(connection.execute(sql.SQL(_SUM).format(sql.Identifier(schema, name))).fetchone())
        for schema, name in tables(connection)
    }


def walls(connection: psycopg.Connection) -> str:
    """A digest of what stands around the rows."""
    lines = connection.execute(_WALLS).fetchall()
    return hashlib.sha256("\n".join(line for (line,) in lines).encode()).hexdigest()


def sequences(connection: psycopg.Connection) -> dict[str, int]:
    """The last number each sequence gave; one that gave none is left out."""
    found = connection.execute(
        "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    return dict(found.fetchall())


def differences(wanted: dict, found: dict) -> list[str]:
    """What a restored database lacks, a line each; empty is right."""
    lines = []
    for name, (rows, total) in wanted["tables"].items():
        there = found["tables"].get(name)
        if there is None:
            lines.append(f"table {name} is missing")
        elif there[0] != rows:
            lines.append(f"table {name} has {there[0]} rows instead of {rows}")
        elif there[1] != total:
            lines.append(f"rows of table {name} are others")
    lines += [f"table {name} is too much" for name in found["tables"].keys() - wanted["tables"].keys()]
    if wanted["walls"] != found["walls"]:
        lines.append("rights, policies, triggers or constraints are others")
    behind = [name for name, last in wanted["sequences"].items() if found["sequences"].get(name, 0) < last]
    return lines + [f"sequence {name} is behind" for name in behind]
