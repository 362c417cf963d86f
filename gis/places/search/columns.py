"""The tables that hold addresses, read as columns."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

#: Rows that carry a code, by what is read: the columns, the table, the column of the code, and a further condition.
_READ = {
    "areas": ("id, code, name, short_name, {middle}", "grid_area", "code", ""),
    "cells": ("id, code, name, {middle}", "grid_cellversion", "code", "valid @> CURRENT_DATE"),
    "compounds": ("id, area, name, aliases::text AS aliases, {middle}", "grid_compound", "area", ""),
    "buildings": (
        "id, code, area, coalesce(compound_id,0) AS compound_id, number, name, road, gate, {middle}",
        "grid_building", "area", "",
    ),
    "doors": ("id, building_id, unit, room", "grid_dwelling", "area", "state <> 'gone'"),
    "aliases": ("id, area, kind, name, alias, coalesce(building_id,0) AS building_id", "grid_placealias", "area", ""),
}  # fmt: skip
#: `x` and `y` per degree: a tenth of a metre, as whole numbers, which a database writes ten times quicker.
PER_DEGREE = 1_000_000
#: The middle of a shape's box: a few metres are enough to tell near from far.
_MIDDLE = (
    f"coalesce(((ST_XMin(geometry) + ST_XMax(geometry)) * {PER_DEGREE // 2})::int,0) AS x,"
    f" coalesce(((ST_YMin(geometry) + ST_YMax(geometry)) * {PER_DEGREE // 2})::int,0) AS y"
)
_NUMBERS = dict.fromkeys(("id", "building_id", "compound_id", "x", "y"), pa.int64())
_TYPES = _NUMBERS | dict.fromkeys(("code", "area"), pa.string())
#: Between two columns: "unit separator", which nobody types.
_BETWEEN = "\x1f"
#: Rows in one value.
_PACKED = 20_000


def read(what: str, communities: Iterable[str] | None = None) -> pa.Table:
    """The rows of one table, all of them or those of some communities (a code above a community: that area's own)."""
    columns, table, column, condition = _READ[what]
    wanted = [condition] if condition else []
    source = table
    parameters: dict = {}
    if communities is not None:
        # A join, so that each community is a range on the index.
        source = f"unnest(%(codes)s::text[]) AS c (c) JOIN {table} ON {column} >= c AND {column} < c || ':'"
        wanted.append(f"left({column}, 12) = c")
        parameters["codes"] = list(communities)
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return _rows(columns.format(middle=_MIDDLE), source + where, parameters)


def _rows(columns: str, rest: str, parameters: dict) -> pa.Table:
    """The rows of a query, many in one value: a driver spends its time on rows and values."""
    named = [column.partition(" AS ") for column in columns.split(", ")]
    head = [name or value for value, _, name in named]
    try:
        return _read_as(head, [value for value, _, _ in named], rest, parameters)
    except (pa.ArrowInvalid, _Torn):
        # Somewhere a name has a line break or a separator in it. Looking for them takes five times as long.
        clean = [f"translate({value}::text, E'\\n\\r{_BETWEEN}', '   ')" for value, _, _ in named]
        return _read_as(head, clean, rest, parameters)


class _Torn(Exception):
    """More or fewer lines came than rows."""


def _read_as(head: list[str], values: list[str], rest: str, parameters: dict) -> pa.Table:
    line = f"concat_ws('{_BETWEEN}', {', '.join(values)})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({line}, E'\\n'), count(*) FROM {rest} GROUP BY id / {_PACKED}", parameters)
        packs = cursor.fetchall()
    types = {name: _TYPES.get(name, pa.dictionary(pa.int32(), pa.string())) for name in head}
    if not packs:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    table = csv.read_csv(
        pa.BufferReader("\n".join(lines for lines, _ in packs).encode()),
        csv.ReadOptions(column_names=head, block_size=1 << 24),
        csv.ParseOptions(delimiter=_BETWEEN, quote_char=False),
        csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )
    if table.num_rows != sum(count for _, count in packs):
        raise _Torn
    return table


def numbers(table: pa.Table, name: str, kind: type = np.int64) -> np.ndarray:
    """A column of numbers; 0 where it is empty."""
    return table.column(name).fill_null(0).combine_chunks().to_numpy(zero_copy_only=False).astype(kind)


def coded(table: pa.Table, name: str) -> tuple[list[str], np.ndarray]:
    """A column of texts as its distinct texts and a number for each row."""
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def middles(table: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Where the rows lie, in degrees."""
    x, y = (numbers(table, name, np.float64) / PER_DEGREE for name in "xy")
    return x.astype(np.float32), y.astype(np.float32)


def texts(table: pa.Table, name: str) -> list[str]:
    return table.column(name).to_pylist()


def codes(table: pa.Table, name: str) -> np.ndarray:
    """Area codes as numbers that keep their order and length: see `scoping`."""
    from gis.places.search.scoping import as_numbers

    return as_numbers(table.column(name))


def read_compounds(ids: Iterable[int]) -> pa.Table:
    """Some compounds by their keys."""
    what, table, _, _ = _READ["compounds"]
    return _rows(what.format(middle=_MIDDLE), f"{table} WHERE id = ANY(%(ids)s)", {"ids": list(ids)})
