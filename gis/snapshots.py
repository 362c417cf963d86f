"""Where a reader's knowledge of the database ends, so that a copy in memory asks for what came after and nothing else.

A kept row carries the transaction that wrote it last (`changed`). What a snapshot did not see is exactly what has
to be read again: "the highest number so far" would miss a transaction that began early and commits late.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Moment:
    """A snapshot of one database. `database` tells two of the same name apart.

    `is_writing` is true inside a transaction that has written: it sees rows that nobody else may ever see, and a copy
    made of them must not be kept.
    """

    snapshot: str
    database: int
    is_writing: bool


_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())::text"
#: The snapshot of this moment as text. A replica keeps the transactions under way elsewhere than where it tells them
#: from, so that they would seem seen: there everything counts as unseen that is not older than all of them.
CURRENT = (
    f"CASE WHEN pg_is_in_recovery() THEN {_OLDEST} || ':' || {_OLDEST} || ':' ELSE pg_current_snapshot()::text END"
)
#: What a copy in memory asks of a moment: the three columns of a `Moment`.
HERE = (
    f"SELECT {CURRENT}, (SELECT oid FROM pg_database WHERE datname = current_database()),"  # noqa: S608 - constants
    " pg_current_xact_id_if_assigned() IS NOT NULL"
)
#: A condition on rows with `changed`; takes the snapshot as a parameter twice.
AFTER = (
    "changed >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint"
    " AND NOT pg_visible_in_snapshot(changed::text::xid8, %s::pg_snapshot)"
)


def this_moment() -> Moment:
    """Taken before the rows are read: what commits in between is read now and again the next time, never missed."""
    with connection.cursor() as cursor:
        cursor.execute(HERE)
        return Moment(*cursor.fetchone())
