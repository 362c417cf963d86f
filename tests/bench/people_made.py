"""Millions of invented residents in a database of their own, made by the database itself and kept for the next run.

Everything of a person follows from their number by a hash, so two sessions write at once and every run writes the same.
Sealed values and the hashes of nearly everybody are as long as real ones and as evenly spread; those who are looked for
have real ones. Indexes are dropped before and made after.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import psycopg
from django.core.management import call_command
from django.db import connection

from fixtures.town.persons import _MEN_NEW, _MEN_OLD, _SURNAMES, _WOMEN_NEW, _WOMEN_OLD
from gis.people.sealing import blind_index
from gis.people.sounding import _sounds
from tests.bench.scratch import _Quiet

LOOKED_FOR = 400
_STREETS, _COMMUNITIES, _CELLS = 320, 10, 3
#: Sessions that write at once, and people of one statement.
_SESSIONS, _PART = 2, 125_000
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'grid_resident' AND indexname <> 'grid_resident_pkey'"
)
#: `h(n)` are 31 even bits of a person's number and a draw.
_WRITE = f"""
INSERT INTO grid_resident (
  name, sounds, sex, born, population, document, area, source, source_code, updated_at, doubled,
  identity_index, identity_sealed, identity_last4, phone_index, phone_sealed, phone_last4)
SELECT s.sign || g1.sign || coalesce(g2.sign, ''), s.sound || g1.sound || coalesce(g2.sound, ''), '1',
  date '1940-01-01' + (bench_h(i, 5) %% 30000)::int, 'registered', '111',
  '1101' || lpad((1 + street / 20)::text, 2, '0') || lpad((1 + street %% 20)::text, 3, '0')
    || lpad((1 + cell / {_CELLS})::text, 3, '0') || lpad((1 + cell %% {_CELLS})::text, 3, '0'),
  '', '', '2026-01-01', false,
  decode(md5(i || 'a'), 'hex'), substring(decode(md5(i || 'b') || md5(i || 'c') || md5(i || 'd'), 'hex') FOR 47),
  '0000',
  decode(md5(i || 'e'), 'hex'), substring(decode(md5(i || 'f') || md5(i || 'g') || md5(i || 'h'), 'hex') FOR 40),
  '0000'
FROM (
  SELECT i, (i * {_STREETS} / %(count)s)::int AS street, (bench_h(i, 1) %% {_COMMUNITIES * _CELLS})::int AS cell
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i) AS person
JOIN bench_sign s ON s.kind = 's' AND s.at = (
  SELECT width_bucket((bench_h(i, 2) / 2147483648.0)::float8, %(weights)s::float8[]))
JOIN bench_sign g1 ON g1.kind = 'g' AND g1.at = (bench_h(i, 3) %% %(given)s)::int
LEFT JOIN bench_sign g2 ON g2.kind = 'g' AND bench_h(i, 6) %% 100 < 85 AND g2.at = (bench_h(i, 4) %% %(given)s)::int
ORDER BY i
"""
_HASH = """
CREATE OR REPLACE FUNCTION bench_h(i bigint, draw int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT hashint8extended(i, draw) & 2147483647 $$"""


@contextmanager
def made(count: int) -> Iterator[tuple[list[dict], bool]]:
    """The default connection on a database of so many people: those to look for, and whether it was there already."""
    product = connection.settings_dict["NAME"]
    with _on(product, count):
        was_there = _mark() == _wanted(count)
        if not was_there:
            call_command("load_codes", verbosity=0, stdout=_Quiet())
            _write(count)
            with connection.cursor() as cursor:
                cursor.execute(f"COMMENT ON DATABASE \"{connection.settings_dict['NAME']}\" IS '{_wanted(count)}'")
        yield _looked_for(), was_there


@contextmanager
def _on(product: str, count: int) -> Iterator[None]:
    connection.settings_dict["TEST"]["NAME"] = _name(product, count)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = product


def _name(product: str, count: int) -> str:
    return f"{product}_bench_people_{count}"


def drop() -> None:
    """Remove the kept databases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [f"{connection.settings_dict['NAME']}_bench_people_"],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _wanted(count: int) -> str:
    """What a finished database is marked with: another count, another way of making it or another key makes it anew."""
    return f"{count} people, 2, {blind_index('mark').hex()}"


def _mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0] or ""


def _write(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE grid_resident CASCADE")
        cursor.execute("ALTER TABLE grid_resident DISABLE TRIGGER USER")
        cursor.execute(_INDEXES)
        indexes = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f'ALTER TABLE grid_resident DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        _write_signs(cursor)
    parts = [(first, min(first + _PART, count) - 1) for first in range(0, count, _PART)]
    with ThreadPoolExecutor(_SESSIONS) as sessions:
        list(sessions.map(lambda part: _write_part(count, *part), parts))
    with connection.cursor() as cursor:
        _name_some(cursor, count)
        cursor.execute("DROP TABLE bench_sign")
        cursor.execute("VACUUM grid_resident")  # a lookup in the index alone asks which pages all may see
    with ThreadPoolExecutor(_SESSIONS) as sessions:
        list(sessions.map(_make_index, indexes.values()))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grid_resident ENABLE TRIGGER USER")
        cursor.execute("ANALYZE grid_resident")


def _write_signs(cursor) -> None:
    """Surnames and the signs of given names, each with its sound."""
    sounds = _sounds()
    rows = [("s", at, sign) for at, sign in enumerate(_SURNAMES)]
    rows += [("g", at, sign) for at, sign in enumerate(_given())]
    cursor.execute(_HASH)
    cursor.execute("DROP TABLE IF EXISTS bench_sign")
    cursor.execute("CREATE TABLE bench_sign (kind text, at int, sign text, sound text, PRIMARY KEY (kind, at))")
    told = [(kind, at, sign, "".join(sounds.get(one, one) for one in sign)) for kind, at, sign in rows]
    cursor.executemany("INSERT INTO bench_sign VALUES (%s, %s, %s, %s)", told)
    cursor.execute("ANALYZE bench_sign")


def _given() -> list[str]:
    return list(_MEN_NEW + _MEN_OLD + _WOMEN_NEW + _WOMEN_OLD)


def _weights() -> list[float]:
    """Where each surname but the first begins, of [0, 1): few are borne by many."""
    weights = 1 / np.arange(2, len(_SURNAMES) + 2)
    return (np.cumsum(weights) / weights.sum())[:-1].tolist()


@contextmanager
def _session() -> Iterator[psycopg.Cursor]:
    place = connection.settings_dict
    named = {"dbname": place["NAME"], "user": place["USER"], "password": place["PASSWORD"]}
    named |= {"host": place["HOST"], "port": place["PORT"]}
    with psycopg.connect(**{name: value for name, value in named.items() if value}) as session, session.cursor() as one:
        one.execute("SET synchronous_commit = off")
        one.execute("SET maintenance_work_mem = '384MB'")
        yield one


def _write_part(count: int, first: int, last: int) -> None:
    with _session() as cursor:
        cursor.execute(
            _WRITE,
            {"count": count, "first": first, "last": last, "weights": _weights(), "given": len(_given())},
        )


def _make_index(definition: str) -> None:
    with _session() as cursor:
        cursor.execute(definition)


def _name_some(cursor, count: int) -> None:
    """Give some of them numbers and phones that can be looked for, evenly over all streets."""
    for at in range(LOOKED_FOR):
        told = _told(at)
        cursor.execute(
            "UPDATE grid_resident SET identity_index = %s, phone_index = %s, source = 'bench', source_code = %s "
            "WHERE ctid = (SELECT ctid FROM grid_resident WHERE id >= (SELECT min(id) FROM grid_resident) + %s "
            "ORDER BY id LIMIT 1)",
            [blind_index(told["identity"]), blind_index(told["phone"]), str(at), at * (count // LOOKED_FOR)],
        )


def _told(at: int) -> dict[str, str]:
    return {"identity": f"99010119{at:09d}X", "phone": f"129{at:08d}"}


def _looked_for() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT source_code::int, name, area FROM grid_resident WHERE source = 'bench' ORDER BY 1")
        return [_told(at) | {"name": name, "area": area} for at, name, area in cursor.fetchall()]


def size() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_table_size('grid_resident')), pg_size_pretty(pg_indexes_size('grid_resident'))"
        )
        table, indexes = cursor.fetchone()
    return f"table {table}, indexes {indexes}"
