"""Bringing a batch of rows into a table: new ones by COPY, known ones updated where something differs.

Which rows are known is asked of the database before, so the first import of a file costs little more than its COPY
and the second one changes nothing. One import of a kind runs at a time; a lock that dies with its connection sees
to it.
"""

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import DatabaseError, connection, models

from gis.errors import WanggeError
from gis.exchange.copying import copy_columns

#: First half of the advisory lock's key: "import", in no other use.
_LOCK_CLASS = 0x696D70
_LOCK_SECONDS = 300


@dataclass
class Tally:
    """Rows by what became of them."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.new + other.new, self.updated + other.updated, self.unchanged + other.unchanged)


@contextmanager
def only_import(model: type[models.Model]) -> Iterator[None]:
    """Hold the lock of imports into a model. Raises WanggeError when another one keeps it for five minutes."""
    key = [_LOCK_CLASS, zlib.crc32(model._meta.db_table.encode()) >> 1]
    patience = time.monotonic() + _LOCK_SECONDS
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > patience:
                raise WanggeError(
                    "Another import of the same kind is running.", fix="Wait for it, then run this again."
                )
            time.sleep(0.2)
    try:
        yield
    finally:
        # A lost connection has let go of the lock by itself, and what went wrong before must be heard.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def known_ids(
    model: type[models.Model],
    column: str,
    values: Sequence | np.ndarray,
    *,
    source: str | None = None,
    among: str = "",
) -> np.ndarray:
    """Primary keys of the rows whose `column` has each value, 0 where there is none (int64).

    `source` narrows the search to one source, as `source_code` is only unique within it; `among` is a condition in SQL
    of ours, for a column that is unique only where it holds.
    """
    found = known(model, column, values, ["id"], source=source, among=among)
    return found["id"].fillna(0).to_numpy(dtype=np.int64)


def known(
    model: type[models.Model],
    column: str,
    values: Sequence | np.ndarray,
    wanted: Sequence[str],
    *,
    source: str | None = None,
    among: str = "",
) -> pd.DataFrame:
    """The `wanted` columns of the rows whose `column` has each value, missing where there is none."""
    keys = list(values)
    distinct = list({key for key in keys if key not in (None, "")})
    quote = connection.ops.quote_name
    sql = (
        f"SELECT {quote(column)}, {', '.join(map(quote, wanted))} "  # noqa: S608 - names are the models'
        f"FROM {quote(model._meta.db_table)} WHERE {quote(column)} = ANY(%s)"
    )
    if among:
        sql = f"{sql} AND {among}"
    parameters: list = [distinct]
    if source is not None:
        # The last condition is the predicate of the unique index, which the planner cannot infer from a long list.
        sql, parameters = f"{sql} AND source = %s AND {quote(column)} <> ''", [distinct, source]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = {_key(row[0]): row[1:] for row in cursor.fetchall()} if distinct else {}
    if not rows:
        return pd.DataFrame(None, index=range(len(keys)), columns=list(wanted), dtype=object)
    nothing = (None,) * len(wanted)
    return pd.DataFrame([rows.get(key, nothing) for key in keys], columns=list(wanted), dtype=object)


def _key(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def merge(
    model: type[models.Model],
    ids: np.ndarray,
    columns: Mapping[str, np.ndarray],
    *,
    fixed: Mapping[str, np.ndarray] | None = None,
    silent: Mapping[str, np.ndarray] | None = None,
) -> Tally:
    """Insert the rows whose id is 0 and update the others where a column differs. Runs in the caller's transaction.

    `fixed` columns are written with new rows and left alone in known ones: codes and numbers given out once, ids.
    `silent` columns are written along but not compared: a sealed text differs each time it is sealed.
    """
    new = ids == 0
    fixed, silent = fixed or {}, silent or {}
    fresh = {name: values[new] for name, values in {**fixed, **columns, **silent}.items()}
    inserted = copy_columns(model, fresh) if new.any() else 0
    old = {name: values[~new] for name, values in columns.items()}
    changed = _update(model, ids[~new], old, {name: values[~new] for name, values in silent.items()})
    return Tally(inserted, changed, int((~new).sum()) - changed)


def _update(
    model: type[models.Model], ids: np.ndarray, columns: Mapping[str, np.ndarray], silent: Mapping[str, np.ndarray]
) -> int:
    """Write columns into rows named by their ids, only where one of `columns` differs; how many differed."""
    if not len(ids):
        return 0
    named = {_column(model, name): values for name, values in {"id": ids, **columns, **silent}.items()}
    compared = [_column(model, name) for name in columns]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming")
        cursor.execute(_like(model, named))
        copy_columns("incoming", named, like=model)
        cursor.execute("ANALYZE incoming")
        cursor.execute(_update_sql(model, [name for name in named if name != "id"], compared))
        changed = cursor.rowcount
        cursor.execute("DROP TABLE incoming")
    return changed


def _column(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    return next(str(field.column) for field in model._meta.concrete_fields if field.name == name)


def _like(model: type[models.Model], columns: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    listed, table = ", ".join(map(quote, columns)), quote(model._meta.db_table)
    return f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"  # noqa: S608 - names are the models'


def _update_sql(model: type[models.Model], written: list[str], compared: list[str]) -> str:
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(name)} = new.{quote(name)}" for name in written)
    old, new = (", ".join(f"{side}.{quote(name)}" for name in compared) for side in ("old", "new"))
    return (
        f"UPDATE {quote(model._meta.db_table)} AS old SET {assigned}{_touched(model)} FROM incoming AS new "  # noqa: S608 - names are the models'
        f"WHERE old.id = new.id AND ROW({old}) IS DISTINCT FROM ROW({new})"
    )


def _touched(model: type[models.Model]) -> str:
    """The assignment that keeps an `auto_now` field true."""
    stamps = [str(field.column) for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]
    return "".join(f", {connection.ops.quote_name(column)} = now()" for column in stamps)
