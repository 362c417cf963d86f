"""Whether the replica, where one is named, follows the primary."""

import os
from collections.abc import Iterator

import psycopg
from django.db import connection

from web.operation.doctor.finding import Finding
from web.settings.database import read_address

#: Bytes of log.
_BEHIND = 16_000_000
_MEND = "look at its log and its connection to the primary; the pages go on without it."


def replica(_full: bool) -> Iterator[Finding]:
    address = os.environ.get("REPLICA_URL")
    if not address:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
        (goal,) = cursor.fetchone()
    try:
        with _connect(address) as there:
            asked = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())::bigint"
            follows, behind = there.execute(asked, [goal]).fetchone()
    except psycopg.Error:
        yield Finding("replica", "The replica does not answer.", _MEND)
        return
    if not follows:
        yield Finding("replica", "REPLICA_URL names no replica: it takes writes of its own.", "make it anew.")
    elif behind > _BEHIND:
        yield Finding("replica", f"The replica is {behind / 1e6:,.0f} MB of log behind.", _MEND)


def _connect(address: str) -> psycopg.Connection:
    place = read_address("REPLICA_URL", address)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    words = {word: place[name] for word, name in named.items() if place[name]}
    return psycopg.connect(connect_timeout=5, **words, **place["OPTIONS"])
