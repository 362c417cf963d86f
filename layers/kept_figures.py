"""The kept figures of every area in memory, one copy a process, brought up to date before every use.

What `gis.statistics` keeps is a row an area; a map of all cells would group and sum the rows anew at every request.
The copy asks what was written after its own snapshot and reads those areas again. It is never altered: a change makes
a new one that shares what stayed the same.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from django.db import DatabaseError, connection

from gis.models import Figures
from gis.snapshots import AFTER, this_moment
from layers.incident_columns import numbers_of

logger = logging.getLogger(__name__)
NAMES = Figures.NAMES
#: Rows of `Kept.births`: an unknown year of birth, then one a year from this on. Who is older is counted in the first.
FIRST_YEAR, LAST_YEAR = 1900, 2099
_YEARS = LAST_YEAR - FIRST_YEAR + 2
_DIGITS = 15
_CODE = [("area", "u1", (_DIGITS,))]
_FIGURES_ROW = np.dtype([*_CODE, ("figures", ">i4", (len(NAMES),))])
_BIRTHS_ROW = np.dtype([*_CODE, ("year", ">i2"), ("number", ">i4")])
_PADDED = f"convert_to(rpad(area, {_DIGITS}), 'SQL_ASCII')"


@dataclass(frozen=True)
class Kept:
    """n areas by code.

    `areas`: ascending int64 as `numbers_of` writes codes; `figures`: one row a name of `NAMES` × n, int32; `births`:
    one row a year of birth × n, int32.
    """

    areas: np.ndarray
    figures: np.ndarray
    births: np.ndarray
    snapshot: str = ""
    database: int = 0

    def column(self, name: str) -> np.ndarray:
        """One figure of every area."""
        return self.figures[NAMES.index(name)]

    def born(self, first: int, last: int) -> np.ndarray:
        """Who lives there and was born in the years from first to last."""
        return self.births[_row_of(first) : _row_of(last) + 1].sum(axis=0)


def _row_of(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR) - FIRST_YEAR + 1


_kept: Kept | None = None
_lock = Lock()


def kept_now() -> Kept:
    """The figures of all areas as committed at this moment; inside a transaction that has written, as it sees them."""
    global _kept
    with _lock:
        here = this_moment()
        if here.is_writing:
            return _read(here.snapshot, here.database)
        if _kept is None or _kept.database != here.database:
            _kept = _read(here.snapshot, here.database)
        else:
            _kept = _caught_up(_kept, here.snapshot)
        return _kept


def warm() -> None:
    """Read the figures before anyone asks, in a thread with a connection of its own."""
    try:
        kept_now()
    except DatabaseError:
        logger.info("the figures were not read ahead: the database does not answer")
    finally:
        connection.close()


def forget() -> None:
    """Drop the copy: to measure from cold."""
    global _kept
    with _lock:
        _kept = None


def _read(snapshot: str, database: int) -> Kept:
    figures, births = _figures("true", []), _births("true", [])
    areas = np.union1d(numbers_of(figures["area"]), numbers_of(births["area"]))
    none = np.zeros((len(NAMES), len(areas)), dtype=np.int32), np.zeros((_YEARS, len(areas)), dtype=np.int32)
    return Kept(areas, _with_figures(none[0], areas, figures), _with_births(none[1], areas, births), snapshot, database)


def _caught_up(kept: Kept, snapshot: str) -> Kept:
    """The copy with the areas read again whose rows were written after it."""
    since = [kept.snapshot, kept.snapshot]
    figures = _figures(AFTER, since)
    births = _births(f"area IN (SELECT area FROM grid_births WHERE {AFTER})", since)
    if not len(figures) and not len(births):
        return replace(kept, snapshot=snapshot)
    kept = _with_areas(kept, np.union1d(numbers_of(figures["area"]), numbers_of(births["area"])))
    return replace(
        kept,
        figures=_with_figures(kept.figures, kept.areas, figures) if len(figures) else kept.figures,
        births=_with_births(kept.births, kept.areas, births) if len(births) else kept.births,
        snapshot=snapshot,
    )


def _with_areas(kept: Kept, areas: np.ndarray) -> Kept:
    new = np.setdiff1d(areas, kept.areas)
    if not len(new):
        return kept
    at = np.searchsorted(kept.areas, new)
    widened = (np.insert(table, at, 0, axis=1) for table in (kept.figures, kept.births))
    return Kept(np.insert(kept.areas, at, new), *widened, kept.snapshot, kept.database)


def _with_figures(table: np.ndarray, areas: np.ndarray, rows: np.ndarray) -> np.ndarray:
    table = table.copy()
    table[:, np.searchsorted(areas, numbers_of(rows["area"]))] = rows["figures"].T
    return table


def _with_births(table: np.ndarray, areas: np.ndarray, rows: np.ndarray) -> np.ndarray:
    table = table.copy()
    at = np.searchsorted(areas, numbers_of(rows["area"]))
    table[:, at] = 0
    years = rows["year"].astype(np.int64)
    year_rows = np.where(years > 0, np.clip(years, FIRST_YEAR, LAST_YEAR) - FIRST_YEAR + 1, 0)
    np.add.at(table, (year_rows, at), rows["number"].astype(np.int32))
    return table


def _figures(condition: str, params: Sequence) -> np.ndarray:
    numbers = " || ".join(f"int4send({name})" for name in NAMES)
    return _packed(f"{_PADDED} || {numbers}", "grid_figures", condition, params, _FIGURES_ROW)


def _births(condition: str, params: Sequence) -> np.ndarray:
    row = f"{_PADDED} || int2send(year) || int4send(number)"
    return _packed(row, "grid_births", condition, params, _BIRTHS_ROW)


def _packed(row: str, table: str, condition: str, params: Sequence, kind: np.dtype) -> np.ndarray:
    """Rows as packed numbers, a hundred thousand a time: a driver spends its time on rows and values."""
    query = (
        f"COPY (SELECT string_agg(part, '') FROM (SELECT {row} AS part, row_number() OVER () / 100000 AS batch"
        f" FROM {table} WHERE {condition}) rows GROUP BY batch) TO STDOUT (FORMAT binary)"
    )
    with connection.cursor() as cursor, cursor.copy(query, params) as copy:
        copy.set_types(["bytea"])
        return np.frombuffer(b"".join(packed for (packed,) in copy.rows()), dtype=kind)
