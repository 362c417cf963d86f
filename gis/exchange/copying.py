"""Writing many rows by COPY: the one way in for imports and for the demonstration town.

Columns go through Arrow's CSV writer, which formats a whole column in compiled code; PostgreSQL reads a quoted
field as a value and an unquoted empty one as NULL, so an empty string and a missing value stay apart.
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import shapely
from django.db import connection, models

from gis import crs

#: What a column may be given as.
Column: TypeAlias = Sequence[Any] | np.ndarray | Any
#: Rows formatted at once: bounds the memory of a long load.
CHUNK_ROWS = 50_000
_QUOTED = arrow_csv.WriteOptions(include_header=False, quoting_style="all_valid")
_WHOLE_NUMBERS = (
    "IntegerField",
    "BigIntegerField",
    "SmallIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "PositiveBigIntegerField",
    "BigAutoField",
    "AutoField",
    "ForeignKey",
)


def copy_columns(
    target: type[models.Model] | str, columns: Mapping[str, Column], *, like: type[models.Model] | None = None
) -> int:
    """Append rows to a model's table (or a table by name) and return how many.

    `columns` maps field names (or column names) to sequences of one length: numpy arrays, pandas Series, lists.
    None, NaN, NaT and pandas.NA become NULL. Shapely geometries are taken as EPSG:4326 degrees, bytes as bytea,
    dicts and lists as JSON, a datetime without zone as UTC. Fields of a model that are left out take the
    model's default. `like` tells the types of a table by name that is shaped like a model's. Runs in the caller's
    transaction.
    """
    count = len(next(iter(columns.values()))) if columns else 0
    if not count:
        return 0
    named = _with_defaults(target, columns, count) if not isinstance(target, str) else dict(columns)
    table = target if isinstance(target, str) else target._meta.db_table
    kinds = _kinds(like if isinstance(target, str) else target)
    with connection.cursor() as cursor, cursor.copy(_statement(table, named)) as copy:
        for start in range(0, count, CHUNK_ROWS):
            copy.write(_csv(named, kinds, slice(start, start + CHUNK_ROWS)))
    return count


def reserve_ids(model: type[models.Model], count: int) -> np.ndarray:
    """`count` fresh primary keys from the model's sequence (int64), so foreign keys are known before the COPY."""
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(nextval(pg_get_serial_sequence(%s, %s))) FROM generate_series(1, %s)",
            [f'"{meta.db_table}"', meta.pk.column, count],
        )
        return np.array(cursor.fetchone()[0], dtype=np.int64)


def _statement(table: str, columns: Mapping[str, Column]) -> str:
    quote = connection.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN (FORMAT csv)"


def _with_defaults(model: type[models.Model], columns: Mapping[str, Column], count: int) -> dict[str, Column]:
    """The columns under their database names, completed by the model's defaults."""
    fields = {str(field.column): field for field in model._meta.concrete_fields if not field.generated}
    known = {field.name: column for column, field in fields.items()} | {column: column for column in fields}
    named = {known[name]: values for name, values in columns.items()}
    for column, field in fields.items():
        if column not in named and not field.primary_key and (filler := _default(field, count)) is not None:
            named[column] = filler
    return named


def _default(field: models.Field, count: int) -> Column | None:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return [datetime.now(UTC)] * count
    if callable(field.default) and field.default not in (list, dict):
        return [field.get_default() for _ in range(count)]
    value = field.get_default()
    return None if value is None else [value] * count


def _kinds(model: type[models.Model] | None) -> dict[str, str]:
    return {} if model is None else {str(f.column): f.get_internal_type() for f in model._meta.concrete_fields}


def _csv(columns: Mapping[str, Column], kinds: Mapping[str, str], rows: slice) -> bytes:
    arrays = [arrow_column(values[rows], kinds.get(name, "")) for name, values in columns.items()]
    sink = BytesIO()
    arrow_csv.write_csv(pa.table(arrays, names=list(columns)), sink, _QUOTED)
    return sink.getvalue()


def arrow_column(values: Column, kind: str = "") -> pa.Array:
    """One column as Arrow will print it for COPY. `kind` is the Django field's internal type, "" if unknown."""
    if isinstance(values, pd.Series):
        values = values.array if isinstance(values.dtype, pd.api.extensions.ExtensionDtype) else values.to_numpy()
    if kind == "JSONField":
        return pa.array([None if value is None else _as_json(value) for value in values], pa.string())
    if isinstance(values, pd.Categorical):
        values = np.asarray(values, dtype=object)
    if kind in _WHOLE_NUMBERS and isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return pa.array(values, from_pandas=True).cast(pa.int64())
    if getattr(values, "dtype", np.dtype(object)).kind == "O":
        return _object_column(values)
    return _plain(pa.array(values, from_pandas=True))


def _as_json(value: Any) -> str:
    return "[]" if value == [] else json.dumps(value, ensure_ascii=False)  # most lists of a table hold nothing


def _plain(array: pa.Array) -> pa.Array:
    """Arrow arrays that its CSV writer prints as PostgreSQL reads them, whatever the session's time zone."""
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.timestamp("us", array.type.tz or "UTC"), safe=False)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _object_column(values: Column) -> pa.Array:
    first = next((value for value in values if not _is_missing(value)), None)
    if first is None:
        return pa.nulls(len(values), pa.string())
    if isinstance(first, shapely.Geometry):
        return pa.array(_ewkb(values), pa.string())
    if isinstance(first, bytes | memoryview):
        return pa.array([None if value is None else "\\x" + bytes(value).hex() for value in values], pa.string())
    if isinstance(first, dict | list):
        return pa.array([None if _is_missing(v) else json.dumps(v, ensure_ascii=False) for v in values], pa.string())
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        array = None  # mixed types, UUIDs, ranges: their text is what PostgreSQL reads
    if array is None or not _is_printable(array.type):
        return pa.array([None if _is_missing(value) else str(value) for value in values], pa.string())
    return _plain(array)


def _is_printable(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.ExtensionType | pa.BaseExtensionType) or pa.types.is_decimal(kind):
        return False
    return not (pa.types.is_nested(kind) or pa.types.is_duration(kind))


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _ewkb(values: Column) -> np.ndarray:
    """Hexadecimal EWKB with SRID; the SRID is set on copies, the caller's shapes stay as they are."""
    shapes = np.array([None if _is_missing(value) else value for value in values], dtype=object)
    return shapely.to_wkb(shapely.set_srid(shapes, crs.STORE), hex=True, include_srid=True)
